"""Which findings become proposals: nobody is nagged, and the best come first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Invalid, NotAllowed
from core.lifecycle import record
from drafts.states import DraftState
from proposals import queries
from proposals.detectors.base import Impact, severity_band
from proposals.models import Mute, Proposal, ProposerRun
from proposals.queries import AT_ONCE, Experience
from proposals.services.looking import Look, Sighting
from proposals.services.starting import template_of
from proposals.states import Priority, ProposalState
from workflows.services import validate_inputs

URGENCY = {Priority.URGENT: 2.0, Priority.HIGH: 1.5, Priority.NORMAL: 1.0, Priority.LOW: 0.7}
# What cannot be put in money is taken to be worth this much a month.
LEAST_WORTH = 25.0
AFTER_ACCEPTING = 30
AFTER_EXPIRING = 14
BACK_IN_EDITING = (DraftState.DISCARDED, DraftState.REJECTED)


@dataclass
class Decision:
    """What became of a sighting: ``why`` is empty when it was proposed."""

    sighting: Sighting
    rank: float
    confidence: float
    why: str = ""
    proposal: Proposal | None = None

    @property
    def is_held_back(self) -> bool:
        return bool(self.why)


class Silence:
    """What this tenant has heard already, or does not want to hear; read once a run."""

    def __init__(self) -> None:
        pending = Proposal.objects.filter(status=ProposalState.PENDING)
        self.pending = {row.detector: row for row in pending}
        self.mutes = {(mute.detector, mute.target): mute for mute in queries.open_mutes()}
        accepted = queries.settled_lately(AFTER_ACCEPTING, ProposalState.ACCEPTED)
        followed = accepted.exclude(created_draft__status__in=BACK_IN_EDITING)
        self.accepted = set(followed.values_list("detector", "target"))
        expired = queries.settled_lately(AFTER_EXPIRING, ProposalState.EXPIRED)
        self.expired = set(expired.values_list("detector", "target"))

    def about(self, sighting: Sighting) -> str:
        """Why nothing is said of it; empty when it may be said."""
        key = (sighting.detector.id, sighting.finding.target)
        if sighting.detector.id in self.pending:
            return _("A proposal of this kind is open.")
        if key in self.mutes and not comes_back(self.mutes[key], sighting):
            return _("It was dismissed, and is not clearly worse since.")
        if key in self.accepted:
            return _("It was accepted lately.")
        if key in self.expired:
            return _("It was open until lately, and nobody wanted it.")
        return ""


def comes_back(mute: Mute, sighting: Sighting) -> bool:
    edge = mute.returns_at_severity
    return edge is not None and sighting.finding.severity >= edge


def decide(look: Look) -> list[Decision]:
    """Every sighting with its rank, best first; at most five stay open, one of each kind."""
    silence, known, taste = Silence(), queries.experience(), queries.liking()
    nothing = Experience(None, None)
    decisions = [
        _weighed(sighting, known.get(sighting.detector.id, nothing), taste)
        for sighting in look.sightings
    ]
    room = AT_ONCE - queries.open_proposals().order_by().count()
    chosen: set[str] = set()
    for decision in sorted(decisions, key=_standing):
        detector = decision.sighting.detector.id
        decision.why = silence.about(decision.sighting)
        if not decision.why and detector in chosen:
            decision.why = _("A better one of this kind comes first.")
        if not decision.why:
            decision.why = _unfit(decision.sighting)
        if not decision.why and len(chosen) >= room:
            decision.why = _("{n} proposals are open already.").format(n=AT_ONCE)
        if not decision.why:
            chosen.add(detector)
    return sorted(decisions, key=_standing)


def _standing(decision: Decision) -> tuple[float, str, str]:
    sighting = decision.sighting
    return -decision.rank, sighting.detector.id, sighting.finding.target


def _weighed(sighting: Sighting, known: Experience, taste: dict[str, float]) -> Decision:
    """Expected value × confidence × urgency × how much this tenant takes to such proposals."""
    finding = sighting.finding
    confidence = known.confidence(finding.confidence)
    worth = max(finding.impact.worth * known.impact_factor(), LEAST_WORTH)
    liked = taste.get(sighting.detector.id, 1.0)
    rank = worth * confidence * URGENCY[Priority(finding.priority)] * liked
    return Decision(sighting, round(rank, 4), confidence)


def _unfit(sighting: Sighting) -> str:
    """A draft made from it would have to be previewable: its inputs are checked beforehand."""
    try:
        validate_inputs(sighting.detector.workflow_type_id, dict(sighting.finding.inputs))
    except Invalid as error:
        return _("Its suggested inputs are not valid: {problem}").format(problem=error.fields)
    return ""


def keep(
    look: Look, decisions: Sequence[Decision], *, actor: Actor, run: ProposerRun | None
) -> list[Proposal]:
    """Write what may be said; the caller holds the tenant's lock."""
    made = []
    known = queries.experience()
    for decision in decisions:
        if not decision.is_held_back:
            factor = known.get(decision.sighting.detector.id, Experience(None, None))
            decision.proposal = create_proposal(
                look, decision, actor=actor, run=run, factor=factor.impact_factor()
            )
            made.append(decision.proposal)
    return made


def create_proposal(
    look: Look,
    decision: Decision,
    *,
    actor: Actor,
    run: ProposerRun | None,
    factor: float = 1.0,
    **more: Any,
) -> Proposal:
    sighting, finding = decision.sighting, decision.sighting.finding
    proposal = Proposal(
        tenant_id=look.shop.tenant_id,
        workflow_type_id=sighting.detector.workflow_type_id,
        title=finding.title[:200],
        description=finding.description,
        reasoning="\n".join(finding.reasoning),
        confidence_score=decision.confidence,
        said_confidence=finding.confidence,
        based_on=based_on(look, sighting),
        expected_impact=scaled(finding.impact, factor).as_json(),
        suggested_inputs=dict(finding.inputs),
        priority=finding.priority,
        expires_at=expires_at(look, sighting),
        detector=sighting.detector.id,
        detector_version=sighting.detector.version,
        settings=sighting.settings.model_dump(mode="json"),
        today=look.shop.today,
        target=finding.target,
        suppression_key=suppression_key(sighting),
        severity=finding.severity,
        rank=decision.rank,
        run=run,
        **more,
    )
    if not actor.has_perm("proposals.create_proposal", proposal):
        raise NotAllowed(perm="proposals.create_proposal")
    _end_mute(proposal)
    template = template_of(proposal)
    proposal.template_id = template.pk if template else None
    proposal.save(force_insert=True)
    data = {"detector": proposal.detector, "key": proposal.suppression_key}
    record("proposal.created", proposal, actor=actor, after=ProposalState.PENDING, data=data)
    return proposal


def _end_mute(proposal: Proposal) -> None:
    """What comes back because it got clearly worse is no longer muted."""
    Mute.objects.filter(
        detector=proposal.detector, target=proposal.target, ended_at__isnull=True
    ).update(ended_at=timezone.now())


def suppression_key(sighting: Sighting) -> str:
    """Signal, target, evidence band."""
    band = severity_band(sighting.finding.severity)
    return f"{sighting.detector.id}:{sighting.finding.target}:{band}"


def based_on(look: Look, sighting: Sighting) -> dict[str, Any]:
    finding = sighting.finding
    interval = finding.interval
    return {
        "metric": finding.metric,
        "value": round(finding.value, 6),
        "threshold": finding.threshold,
        "unit": finding.unit,
        "window": finding.window,
        "sample_size": finding.sample_size,
        "interval": [round(interval.low, 6), round(interval.high, 6)] if interval else None,
        "evidence": [row.as_json() for row in finding.evidence],
        "facts": dict(finding.facts),
        "chart": finding.chart.as_json() if finding.chart else None,
        "falls": finding.falls,
        "returns": finding.returns,
        "query": {
            "detector": sighting.detector.id,
            "version": sighting.detector.version,
            "today": look.shop.today.isoformat(),
            "until": look.shop.until.isoformat(),
            "clock": look.shop.clock,
            "settings": sighting.settings.model_dump(mode="json"),
        },
    }


def scaled(impact: Impact, factor: float) -> Impact:
    """The expected range, drawn to what such proposals really brought."""
    if factor == 1.0:
        return impact
    ends = [impact.baseline + (end - impact.baseline) * factor for end in (impact.low, impact.high)]
    return Impact(
        metric=impact.metric,
        baseline=impact.baseline,
        low=ends[0],
        high=ends[1],
        unit=impact.unit,
        timeframe_days=impact.timeframe_days,
        text=impact.text,
        worth=impact.worth * factor,
    )


def expires_at(look: Look, sighting: Sighting) -> datetime:
    """A date's end is counted in days from the shop's today, so that an old history works too."""
    finding, now = sighting.finding, timezone.now()
    if finding.ends_on is None:
        return now + finding.lasts
    zone = ZoneInfo(look.shop.timezone)
    day = now.astimezone(zone).date() + (finding.ends_on - look.shop.today)
    return max(datetime.combine(day, time(0), tzinfo=zone), now + timedelta(hours=1))
