"""Find runs the broker forgot: due and never started, or left by a worker that died."""

from itertools import groupby
from operator import itemgetter

from django.db.models.functions import Now

from core.scope import scope
from workflows import queries, tasks
from workflows.models import Workflow


def sweep() -> int:
    """Publish each of them again; a message too many does nothing, the row decides."""
    sent = 0
    for tenant_id, found in groupby(queries.due_run_ids(), key=itemgetter(0)):
        ids = [workflow_id for _, workflow_id in found]
        for workflow_id in _nudged(tenant_id, ids):
            sent += tasks.run_workflow.send(tenant_id=tenant_id, workflow_id=workflow_id)
    return sent


def _nudged(tenant_id: str, ids: list[str]) -> list[str]:
    """Mark them as told just now; one that is locked is in somebody's hands and left alone."""
    with scope(tenant_id=tenant_id):
        rows = Workflow.objects.filter(pk__in=ids).order_by("pk")
        free = rows.select_for_update(of=("self",), skip_locked=True).values_list("pk", flat=True)
        found = list(free)
        Workflow.objects.filter(pk__in=found).update(nudged_at=Now())
    return found
