"""What a finished workflow leads to: a follow-up proposal some time later, shown as a chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from core.actors import Actor
from proposals import queries
from proposals.detectors.base import Detector, DetectorInput, Evidence, Finding, Impact
from proposals.detectors.wording import count, full_day
from proposals.models import Proposal, ProposerRun
from proposals.queries import AT_ONCE
from proposals.services.keeping import LEAST_WORTH, Decision, Silence, create_proposal
from proposals.services.looking import Look, Sighting
from workflows.models import Workflow
from workflows.states import RunState
from workflows.types import registry as types

LONGEST_WAIT = timedelta(days=60)
LONGEST_CHAIN = 10


@dataclass(frozen=True, slots=True)
class Link:
    """After a workflow of one type, so many days later, one of another."""

    after: str
    days: int
    then: str
    title: Any
    why: Any
    inputs: Mapping[str, Any]


LINKS = (
    Link(
        after="content.product_descriptions",
        days=14,
        then="seo.audit",
        title=_l("See how the new descriptions do in search"),
        why=_l("Search engines have had two weeks to read the new texts."),
        inputs={},
    ),
    Link(
        after="pricing.dynamic_pricing",
        days=21,
        then="marketing.conversion_optimization",
        title=_l("See whether the pages sell at the new prices"),
        why=_l("Three weeks of visits at the new prices show where buyers turn away."),
        inputs={},
    ),
    Link(
        after="marketing.seasonal_campaign",
        days=14,
        then="marketing.launch_campaign",
        title=_l("Write to those who bought in the season"),
        why=_l("Who bought lately is most likely to buy again."),
        inputs={},
    ),
)


class NoSettings(DetectorInput):
    pass


class FollowUp(Detector):
    """Not asked with the others: it looks at runs, not at the shop."""

    id = "follow_up"
    version = 1
    title = _l("Next steps")
    about = _l("What a finished run leads to.")
    family = "chain"
    Settings = NoSettings

    def __init__(self, link: Link) -> None:
        self.link = link
        self.workflow_type_id = link.then  # type: ignore[misc]


def follow_up(look: Look, *, actor: Actor, run: ProposerRun | None) -> list[Proposal]:
    """Write the follow-ups that are due, as far as there is room; under the tenant's lock."""
    made: list[Proposal] = []
    silence = Silence()
    room = AT_ONCE - queries.open_proposals().order_by().count()
    for link in LINKS:
        if types.find(link.then) is None or len(made) >= room:
            continue
        workflow = _due(link)
        if workflow is None:
            continue
        sighting = Sighting(FollowUp(link), NoSettings(), _finding(link, workflow))
        if not silence.about(sighting):
            made.append(_create(look, sighting, workflow, actor, run))
            silence = Silence()
    return made


def _due(link: Link) -> Workflow | None:
    """The latest run of that type that changed something, long enough ago and not followed yet."""
    now = timezone.now()
    followed = Proposal.objects.filter(follows_workflow__isnull=False)
    return (
        Workflow.objects.filter(
            workflow_type_id=link.after,
            status=RunState.SUCCEEDED,
            applied__gt=0,
            finished_at__lte=now - timedelta(days=link.days),
            finished_at__gte=now - LONGEST_WAIT,
        )
        .exclude(pk__in=followed.values("follows_workflow_id"))
        .order_by("-finished_at")
        .first()
    )


def _finding(link: Link, workflow: Workflow) -> Finding:
    changed = ngettext("{n} change", "{n} changes", workflow.applied).format(
        n=count(workflow.applied)
    )
    ended = workflow.finished_at or timezone.now()
    done = full_day(timezone.localtime(ended).date())
    return Finding(
        title=str(link.title),
        description=str(link.why),
        reasoning=(
            _("“{name}” made {changed} on {day}.").format(
                name=workflow.name, changed=changed, day=done
            ),
            str(link.why),
        ),
        confidence=0.5,
        metric="days_since_run",
        value=float((timezone.now() - ended).days),
        threshold=float(link.days),
        unit="days",
        window=_("since the run"),
        sample_size=workflow.applied,
        severity=1.0,
        returns=False,
        impact=Impact("follow_up", 0.0, 0.0, 0.0, "", 30, _("what the first step brought is kept")),
        inputs=dict(link.inputs),
        evidence=(Evidence(label=workflow.name, id=workflow.pk, cells=(("day", done),)),),
        target=f"{link.then}:{workflow.pk}",
        priority="normal",
        lasts=timedelta(days=21),
    )


def _create(
    look: Look, sighting: Sighting, workflow: Workflow, actor: Actor, run: ProposerRun | None
) -> Proposal:
    parent = Proposal.objects.filter(
        created_draft_id=workflow.draft_id, created_draft__isnull=False
    ).first()
    decision = Decision(sighting, rank=LEAST_WORTH / 2, confidence=sighting.finding.confidence)
    return create_proposal(
        look, decision, actor=actor, run=run, follows=parent, follows_workflow=workflow
    )


def chain_of(proposal: Proposal) -> Sequence[Proposal]:
    """The proposals before it and after it, oldest first, itself included."""
    line = [proposal]
    while (before := line[0].follows) is not None and len(line) < LONGEST_CHAIN:
        line.insert(0, before)
    for following in Proposal.objects.filter(follows=proposal).order_by("created_at"):
        line.append(following)
    return line
