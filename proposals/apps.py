from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "proposals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import nav
        from drafts.document import describers
        from proposals import detectors, rules  # noqa: F401 -- registers them
        from proposals.document import described
        from proposals.queries import count_open

        nav.register("proposals", lambda request: count_open())
        describers["proposal"] = described
