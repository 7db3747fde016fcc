"""What a draft's plan made, as downloads; whoever may see the draft may have them."""

from django.views.decorators.http import require_GET

from core.errors import NotFound
from drafts import queries
from workflows import downloads
from workflows.models import Plan


@require_GET
def file(request, draft_id: str, name: str):
    return downloads.artifact_response(_plan(request, draft_id), name)


@require_GET
def changes_csv(request, draft_id: str):
    return downloads.changes_csv_response(_plan(request, draft_id), f"changes-{draft_id}")


def _plan(request, draft_id: str) -> Plan:
    plan = queries.draft_for(request.actor, draft_id).plan
    if plan is None:
        raise NotFound
    return plan
