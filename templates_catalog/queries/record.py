"""How a template's runs went in this tenant: what it has earned, and what it lost."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from drafts.models import Approval, Draft
from drafts.states import ApprovalKind
from templates_catalog.models import Template, TemplateTrack, TemplateUse
from workflows.models import Workflow
from workflows.states import RunState

UNDONE = (RunState.UNDOING, RunState.UNDONE, RunState.UNDO_INCOMPLETE)
BROKEN = (RunState.FAILED, *UNDONE)
FROM_TEMPLATE = "draft__created_from_template_id"


@dataclass(frozen=True, slots=True)
class Record:
    """``clean``: succeeded, and every change as planned."""

    runs: int = 0
    succeeded: int = 0
    clean: int = 0
    fidelity: Decimal | None = None

    @property
    def success(self) -> Decimal | None:
        return Decimal(self.succeeded) / self.runs if self.runs else None


def records(templates: Collection[Template]) -> dict[str, Record]:
    """Of each template that has finished runs here, in one query."""
    rows = (
        Workflow.objects.filter(
            draft__created_from_template_id__in=[template.pk for template in templates],
            finished_at__isnull=False,
        )
        .order_by()
        .values_list(FROM_TEMPLATE)
        .annotate(
            n=Count("pk"),
            good=Count("pk", filter=Q(status=RunState.SUCCEEDED)),
            exact=Count("pk", filter=Q(status=RunState.SUCCEEDED, fidelity=1)),
            share=Avg("fidelity"),
        )
    )
    return {template_id: Record(*figures) for template_id, *figures in rows}


def uses(template: Template) -> QuerySet[TemplateUse]:
    return (
        TemplateUse.objects.filter(template=template)
        .select_related("user", "draft", "version")
        .order_by("-created_at", "-id")
    )


def track(template: Template) -> TemplateTrack | None:
    return TemplateTrack.objects.filter(template=template).first()


def runs(template: Template) -> QuerySet[Workflow]:
    """This tenant's runs of drafts that came from the template."""
    drafts = Draft.objects.filter(created_from_template_id=template.pk)
    return Workflow.objects.filter(draft__in=drafts)


def past_runs(template: Template) -> QuerySet[Workflow]:
    return runs(template).select_related("created_by", "plan").order_by("-created_at", "-id")


def clean_reviewed_runs(template: Template) -> int:
    """Runs a council approved, that went exactly as planned and were not undone."""
    reviewed = Approval.objects.filter(
        draft_id=OuterRef("draft_id"), kind=ApprovalKind.COUNCIL, voided_at=None
    )
    return runs(template).filter(Exists(reviewed), status=RunState.SUCCEEDED, fidelity=1).count()


def first_broken_run(template: Template, track: TemplateTrack | None) -> Workflow | None:
    """A run that failed or was undone since a council last cleared the template here."""
    rows = runs(template).filter(status__in=BROKEN)
    rows = rows.annotate(broke_at=Coalesce("undo_started_at", "finished_at"))
    if track and track.cleared_at:
        rows = rows.filter(broke_at__gt=track.cleared_at)
    return rows.order_by("broke_at").first()
