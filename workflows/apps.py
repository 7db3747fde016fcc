from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "workflows"

    def ready(self) -> None:
        from workflows import rules, types  # noqa: F401 -- rules registers itself

        types.load()
