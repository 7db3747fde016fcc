"""Looking at shops and proposing: one tenant at once, or every tenant of a night."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from time import monotonic
from typing import Any

import structlog
from django.db.models.functions import Now
from django.utils import translation

from core.actors import Actor, SystemActor
from core.canonical import canonical_json
from core.errors import NotAllowed
from core.jobs import had, once
from core.scope import scope
from proposals import tasks
from proposals.detectors import registry
from proposals.detectors.reading import Reader
from proposals.models import Proposal, ProposerRun
from proposals.services import chains, rewording
from proposals.services.deciding import expire_overdue
from proposals.services.keeping import Decision, based_on, decide, keep
from proposals.services.looking import Look, ask_detectors, look_of
from proposals.states import Trigger
from tenants.models import Tenant

log = structlog.get_logger(__name__)

# The proposer may create proposals, and nothing else.
PROPOSER = SystemActor("proposer", grants=frozenset({"proposals.create_proposal"}))
BATCH = 100
NIGHTLY = "proposals.nightly"


@dataclass
class Report:
    """What one look at one shop came to."""

    tenant_id: str
    today: date | None = None
    decisions: list[Decision] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    run: ProposerRun | None = None
    cost: dict[str, float] = field(default_factory=dict)


def propose_for_tenant(
    *,
    tenant_id: str,
    detector: str | None = None,
    dry_run: bool = False,
    today: date | None = None,
    trigger: str = Trigger.COMMAND,
    actor: Actor = PROPOSER,
) -> Report:
    """Look at one shop in its own scope. A dry run writes nothing, and may be told the day."""
    if not actor.has_perm("proposals.create_proposal"):
        raise NotAllowed(perm="proposals.create_proposal")
    began, reader = monotonic(), Reader()
    with scope(tenant_id=tenant_id):
        look = look_of(tenant_id, only=detector, today=today)
        run = None if dry_run else start_run(look, trigger)
        ask_detectors([look], reader)
        if dry_run:
            report = _report(look)
            report.cost = _cost(began, reader)
            return report
        return _settle(look, run, began, reader, actor)


def propose_for_tenants(
    *,
    tenant_ids: Sequence[str],
    nights: Mapping[str, str] | None = None,
    trigger: str = Trigger.SCHEDULE,
    actor: Actor = PROPOSER,
) -> list[Report]:
    """A night's work: each detector reads a batch of shops in one statement on the ``scan``
    login; what is found is written in each tenant's own scope. One that fails stops nobody.

    ``nights`` names the day a shop is looked at for: its slot is taken in the transaction that
    writes the proposals, so a worker that dies leaves the night open, and a second one finds it
    taken.
    """
    reports: list[Report] = []
    for first in range(0, len(tenant_ids), BATCH):
        reports += _batch(tenant_ids[first : first + BATCH], nights or {}, trigger, actor)
    return reports


def _batch(
    tenant_ids: Sequence[str], nights: Mapping[str, str], trigger: str, actor: Actor
) -> list[Report]:
    began, reader = monotonic(), Reader(alias="scan")
    started, reports = _started(tenant_ids, nights, trigger)
    ask_detectors([look for look, _run in started], reader)
    for look, run in started:
        night = nights.get(look.shop.tenant_id, "")
        try:
            with scope(tenant_id=look.shop.tenant_id):
                reports.append(
                    _settle(look, run, began, reader, actor, shared=len(started), night=night)
                )
        except Exception as error:
            reports.append(_failed(look.shop.tenant_id, run, error, trigger))
    return reports


def _started(
    tenant_ids: Sequence[str], nights: Mapping[str, str], trigger: str
) -> tuple[list[tuple[Look, ProposerRun]], list[Report]]:
    """The shops to look at, each with its run in the log; and those that could not be opened."""
    started: list[tuple[Look, ProposerRun]] = []
    failed = []
    for tenant_id in tenant_ids:
        try:
            with scope(tenant_id=tenant_id):
                if not had(NIGHTLY, tenant_id, nights.get(tenant_id, "")):
                    look = look_of(tenant_id)
                    started.append((look, start_run(look, trigger)))
        except Exception as error:
            failed.append(_failed(tenant_id, None, error, trigger))
    return started, failed


def start_run(look: Look, trigger: str) -> ProposerRun:
    return ProposerRun.objects.create(
        tenant_id=look.shop.tenant_id, trigger=trigger, today=look.shop.today
    )


def _settle(
    look: Look,
    run: ProposerRun | None,
    began: float,
    reader: Reader,
    actor: Actor,
    shared: int = 1,
    night: str = "",
) -> Report:
    """Decide and write under the tenant's lock, so that two runs at once propose nothing twice."""
    _lock(look.shop.tenant_id)
    if night and not once(NIGHTLY, look.shop.tenant_id, night):
        report = Report(look.shop.tenant_id, look.shop.today)
    else:
        report = _proposed(look, actor, run)
    report.run, report.cost = run, _cost(began, reader, shared)
    if run is not None:
        _finish(run, report)
        if report.proposals and rewording.is_wanted(run.tenant_id):
            tasks.reword.publish(tenant_id=run.tenant_id, run_id=run.pk)
    return report


def _proposed(look: Look, actor: Actor, run: ProposerRun | None) -> Report:
    expire_overdue()
    with translation.override(look.locale):
        report = _report(look)
        report.proposals = keep(look, report.decisions, actor=actor, run=run)
        report.proposals += chains.follow_up(look, actor=actor, run=run)
    return report


def _lock(tenant_id: str) -> None:
    """No key is held, so rows that merely name the tenant may be written meanwhile."""
    Tenant.objects.select_for_update(no_key=True).get(pk=tenant_id)


def _report(look: Look) -> Report:
    return Report(look.shop.tenant_id, look.shop.today, decide(look), dict(look.errors))


def _cost(began: float, reader: Reader, shared: int = 1) -> dict[str, float]:
    """Of a batch, each shop carries its share."""
    return {
        "seconds": round((monotonic() - began) / max(shared, 1), 4),
        "queries": round(reader.queries / max(shared, 1), 2),
        "rows": round(reader.rows / max(shared, 1), 2),
    }


def _finish(run: ProposerRun, report: Report) -> None:
    run.proposed = len(report.proposals)
    run.held_back = sum(decision.is_held_back for decision in report.decisions)
    run.found = run.proposed + run.held_back
    run.cost = report.cost
    run.error = "\n".join(f"{name}: {text}" for name, text in report.errors.items())
    run.detail = {
        f"{d.sighting.detector.id}:{d.sighting.finding.target}": d.why or "proposed"
        for d in report.decisions
    }
    run.finished_at = Now()
    run.save()
    run.refresh_from_db()


def _failed(tenant_id: str, run: ProposerRun | None, error: Exception, trigger: str) -> Report:
    """Noted in a transaction of its own: the one that failed is gone."""
    log.exception("proposer_failed", tenant_id=tenant_id)
    text = f"{type(error).__name__}: {error}"
    with scope(tenant_id=tenant_id):
        if run is None and Tenant.objects.filter(pk=tenant_id).exists():
            run = ProposerRun.objects.create(tenant_id=tenant_id, trigger=trigger)
        if run is not None:
            ProposerRun.objects.filter(pk=run.pk).update(error=text, finished_at=Now())
    return Report(tenant_id, errors={"": text})


@dataclass(frozen=True, slots=True)
class Replay:
    """The same detector on the shop as it is now: the same finding, another, or none."""

    is_same: bool
    is_found: bool
    version: int
    before: dict[str, Any]
    after: dict[str, Any] | None


def replay(*, proposal_id: str, actor: Actor) -> Replay:
    """Run a proposal's detector again with its settings and its day; writes nothing."""
    proposal = Proposal.objects.get(pk=proposal_id)
    if not actor.has_perm("proposals.view_proposal", proposal):
        raise NotAllowed(perm="proposals.view_proposal")
    detector = registry.get(proposal.detector)
    settings = detector.Settings.model_validate(proposal.settings)
    look = look_of(proposal.tenant_id, only=detector.id, today=proposal.today)
    look.settings = {detector.id: settings}
    ask_detectors([look], Reader())
    found = [s for s in look.sightings if s.finding.target == proposal.target]
    after = based_on(look, found[0]) if found else None
    same = after is not None and canonical_json(after) == canonical_json(proposal.based_on)
    return Replay(same, bool(found), detector.version, proposal.based_on, after)
