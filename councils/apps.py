from django.apps import AppConfig


class CouncilsConfig(AppConfig):
    name = "councils"

    def ready(self) -> None:
        """Members of shared councils find their drafts through the queue."""
        from core import nav
        from councils import (
            queries,
            rules,  # noqa: F401 -- registers them
        )
        from councils.queries import reviewers_of, tenant_of_guest_draft
        from drafts.queries import audiences, guest_doors

        nav.register("reviews", lambda request: queries.your_turn(request.actor).count())
        if tenant_of_guest_draft not in guest_doors:
            guest_doors.append(tenant_of_guest_draft)
        if reviewers_of not in audiences:
            audiences.append(reviewers_of)
