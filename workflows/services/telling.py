"""Telling whoever asked for a run how it ended; in the transaction in which it ended."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from notifications.services import notify
from workflows.models import Workflow
from workflows.states import RunState

SUBJECTS = {
    RunState.SUCCEEDED: _l("“{name}” has run"),
    RunState.FAILED: _l("“{name}” stopped with an error"),
    RunState.STOPPED_BY_DRIFT: _l("“{name}” was stopped: the shop had moved"),
    RunState.CANCELLED: _l("“{name}” was stopped half-way"),
    RunState.UNDONE: _l("“{name}” is undone"),
    RunState.UNDO_INCOMPLETE: _l("“{name}” is undone in part"),
}


def tell_of_the_end(run: Workflow) -> None:
    subject = SUBJECTS.get(RunState(run.status))
    if subject is None or run.created_by_id is None:
        return
    notify(
        tenant_id=run.tenant_id,
        user_ids=[run.created_by_id],
        kind=f"workflow.{run.status}",
        subject=str(subject).format(name=run.name),
        text=_text(run),
        url=run.get_absolute_url(),
        details=_details(run),
        dedupe_key=f"{run.pk}:{run.status}:{run.fence}",
    )


def _details(run: Workflow) -> dict[str, object]:
    """The names by which a program finds it again, and how it went."""
    return {
        "workflow_id": run.pk,
        "draft_id": run.draft_id or "",
        "workflow_type_id": run.workflow_type_id,
        "status": str(run.status),
        "applied": run.applied,
        "skipped": run.skipped,
        "total": run.total,
    }


def _text(run: Workflow) -> str:
    if run.error:
        return run.error
    if run.status == RunState.STOPPED_BY_DRIFT:
        return _("Nothing was written. The run's page says what moved; it can be planned again.")
    if run.undo_started_at is not None:
        return _("{restored} put back, {kept} kept because they were edited since.").format(
            restored=run.restored, kept=run.kept
        )
    return _("{applied} of {total} applied, {skipped} skipped.").format(
        applied=run.applied, total=run.total, skipped=run.skipped
    )
