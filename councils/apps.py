from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    name = "councils"

    def ready(self) -> None:
        """Members of shared councils find their drafts through the queue."""
        from councils import rules  # noqa: F401 -- registers them
        from councils.queries import tenant_of_guest_draft
        from drafts.queries import guest_doors

        if tenant_of_guest_draft not in guest_doors:
            guest_doors.append(tenant_of_guest_draft)
