from django.apps import AppConfig


class CodexConfig(AppConfig):
    name = "codex"

    def ready(self) -> None:
        from codex import panels

        panels.register()
