"""Each figure computed again from the raw rows, in plain Python, over random histories."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from statistics import median, quantiles
from zoneinfo import ZoneInfo

import pytest

from codex.insights.asking import Asked, Only, count_of, rows_of
from codex.insights.figures import figures
from codex.insights.goals import goals
from codex.insights.period import Period
from codex.insights.sources import SOURCES
from core.models import Event
from core.scope import scope
from councils.models import Council, ReviewRound, Verdict
from drafts.models import Approval, Draft
from proposals.models import Outcome, Proposal
from templates_catalog.models import TemplateUse
from tests.insights.history import TYPES
from workflows.models import Workflow

ZONES = ("Europe/London", "America/New_York", "Pacific/Auckland")
SEEDS = range(6)
DECIDED = ("approved", "rejected", "changes_requested")


def near(value):
    return None if value is None else pytest.approx(value, rel=1e-9, abs=1e-6)


def ninetieth(values):
    return values[0] if len(values) == 1 else quantiles(values, n=10, method="inclusive")[-1]


class Plain:
    """The same figures by another way: every row read, nothing asked of the database."""

    def __init__(self, asked: Asked):
        self.asked, self.period = asked, asked.period
        self.drafts = {draft.pk: draft for draft in Draft._base_manager.all()}

    def within(self, at, start=None, end=None):
        """Compared as days on the shop's own calendar."""
        if at is None:
            return False
        day = at.astimezone(self.period.zone).date()
        return (start or self.period.since) <= day <= (end or self.period.until)

    def fits(self, kind):
        return not self.asked.type or kind == self.asked.type

    def here(self, model):
        return [row for row in model.objects.all() if row.tenant_id == self.asked.tenant_id]

    # -- goals: (when, does it count) of each row

    def adoption(self):
        return [
            (run.created_at, run.created_by_agent == "draft_converter")
            for run in self.here(Workflow)
            if self.fits(run.workflow_type_id)
        ]

    def templates(self):
        return [
            (draft.created_at, bool(draft.created_from_template_id))
            for draft in self.drafts.values()
            if self.fits(draft.workflow_type_id)
        ]

    def proposals(self):
        return [
            (row.decided_at, row.status == "accepted")
            for row in self.here(Proposal)
            if row.status != "pending" and self.fits(row.workflow_type_id)
        ]

    def speed(self):
        """(when, is it instant, seconds)."""
        kinds = {a.draft_id: a.kind for a in self.here(Approval) if a.voided_at is None}
        clicks = {use.draft_id: use.clicked_at for use in self.here(TemplateUse)}
        found = []
        for run in self.here(Workflow):
            kind = kinds.get(run.draft_id)
            put_off = run.due_at and run.due_at - run.created_at > timedelta(minutes=1)
            if run.first_change_at is None or kind is None or put_off:
                continue
            if not self.fits(run.workflow_type_id):
                continue
            click = clicks.get(run.draft_id) or self.drafts[run.draft_id].created_at
            seconds = (run.first_change_at - click).total_seconds()
            found.append((run.first_change_at, kind == "standing", seconds))
        return found

    def share(self, rows, start=None, end=None):
        counted = [hit for at, hit in rows if self.within(at, start, end)]
        part, whole = sum(counted), len(counted)
        return part, whole, (part / whole if whole else None)

    def saved(self, rows, start=None, end=None):
        here = [(hit, took) for at, hit, took in rows if self.within(at, start, end)]
        fast = [took for hit, took in here if hit]
        slow = [took for hit, took in here if not hit]
        value = 1 - median(fast) / median(slow) if fast and slow else None
        return len(fast), len(slow), value

    # -- reviews

    def rounds(self, council=""):
        return [
            turn
            for turn in self.here(ReviewRound)
            if turn.state in DECIDED
            and self.within(turn.closed_at)
            and self.fits(self.drafts[turn.draft_id].workflow_type_id)
            and (not council or turn.council_id == council)
        ]

    def verdicts(self, user_id):
        rounds = {turn.pk: turn for turn in self.here(ReviewRound)}
        return [
            (row, (row.created_at - rounds[row.round_id].opened_at).total_seconds())
            for row in self.here(Verdict)
            if row.user_id == user_id
            and self.within(row.created_at)
            and self.fits(self.drafts[row.draft_id].workflow_type_id)
            and (not self.asked.council or rounds[row.round_id].council_id == self.asked.council)
        ]

    def ended(self):
        return [
            row
            for row in self.here(Approval)
            if row.kind == "council"
            and self.within(row.voided_at)
            and self.fits(self.drafts[row.draft_id].workflow_type_id)
            and (not self.asked.council or row.council_id == self.asked.council)
        ]

    def runs(self):
        return [
            run
            for run in self.here(Workflow)
            if run.started_at and self.within(run.finished_at) and self.fits(run.workflow_type_id)
        ]


def periods(random, zone):
    last = datetime(2026, 11, 23, tzinfo=UTC).date()
    for days in (400, 90, 20, random.randint(1, 600)):
        until = last - timedelta(days=random.randint(0, 200))
        yield Period("", until - timedelta(days=days), until, zone)


def asked_in(cast, seed):
    random = Random(seed)
    for period in periods(random, ZoneInfo(ZONES[seed % 3])):
        for kind in ("", random.choice(TYPES)):
            council = random.choice(["", *Council.objects.values_list("pk", flat=True)])
            yield Asked(cast.tenant.pk, period, kind, council)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_is_what_the_raw_rows_say(lived, seed):
    cast = lived(seed)
    with scope(tenant_id=cast.tenant.pk):
        for asked in asked_in(cast, seed):
            plain = Plain(asked)
            the_goals_are_right(asked, plain)
            found = figures(asked)
            the_reviews_are_right(asked, plain, found)
            the_runs_are_right(plain, found)
            the_rest_is_right(plain, found)


def the_goals_are_right(asked, plain):
    for goal in goals(asked):
        rows = getattr(plain, goal.key)()
        figure = plain.saved if goal.key == "speed" else plain.share
        part, whole, value = figure(rows)
        assert (goal.reached.part, goal.reached.whole) == (part, whole)
        assert goal.reached.value == near(value)
        following = [p.start - timedelta(days=1) for p in goal.points[1:]] + [plain.period.until]
        for point, end in zip(goal.points, following, strict=True):
            part, whole, value = figure(rows, point.start, end)
            assert (point.reached.part, point.reached.whole) == (part, whole)
            assert point.reached.value == near(value)
        assert goal.is_reached == (None if goal.reached.value is None else value_of(goal))
        assert sum(p.reached.part for p in goal.points) == goal.reached.part


def value_of(goal):
    return goal.reached.value >= {"adoption": 0.6, "templates": 0.4, "proposals": 0.25}.get(
        goal.key, 0.8
    )


def the_reviews_are_right(asked, plain, found):
    assert {row.key for row in found.by_council if row.decisions} == {
        turn.council_id for turn in plain.rounds(asked.council)
    }
    pairs = [(row, plain.rounds(row.key)) for row in found.by_council]
    for row, rounds in [*pairs, (found.reviews, plain.rounds(asked.council))]:
        took = sorted((turn.closed_at - turn.opened_at).total_seconds() for turn in rounds)
        states = [turn.state for turn in rounds]
        assert row.decisions == len(rounds)
        assert row.median == near(median(took) if took else None)
        assert row.ninetieth == near(ninetieth(took) if took else None)
        assert (row.approved, row.sent_back, row.rejected) == (
            states.count("approved"),
            states.count("changes_requested"),
            states.count("rejected"),
        )
        assert row.again == sum(t.state == "approved" and t.cycle > 1 for t in rounds)
        assert row.undone == sum(
            end.voided_why == "taken_back" and row.key in ("", end.council_id)
            for end in plain.ended()
        )
    for row in found.by_reviewer:
        said = plain.verdicts(row.key)
        took = sorted(seconds for _verdict, seconds in said)
        assert (row.decisions, row.median) == (len(said), near(median(took)))
        assert row.ninetieth == near(ninetieth(took))
        assert row.again == sum(bool(v.taken_back_at and not v.voided_why) for v, _s in said)
    assert sum(row.decisions for row in found.by_reviewer) == sum(
        len(plain.verdicts(user)) for user in {v.user_id for v in plain.here(Verdict)}
    )
    why = [row.voided_why for row in plain.ended()]
    assert found.ended_approvals == {name: why.count(name) for name in set(why)}


def the_runs_are_right(plain, found):
    runs, quality = plain.runs(), found.quality
    whole = [run for run in runs if run.status != "stopped_by_drift"]
    assert quality.runs == len(runs)
    assert quality.stopped_by_drift == len(runs) - len(whole)
    assert quality.failed == sum(run.status == "failed" for run in runs)
    assert (quality.applied, quality.planned) == (
        sum(run.applied for run in whole),
        sum(run.total for run in whole),
    )
    changed = [run for run in runs if run.applied]
    assert (quality.undoable, quality.undone) == (
        len(changed),
        sum(run.undo_started_at is not None for run in runs),
    )
    shares = [run.applied for run in whole], [run.total for run in whole]
    assert quality.fidelity == near(sum(shares[0]) / sum(shares[1]) if whole else None)


def the_rest_is_right(plain, found):
    kinds = {row.pk: row.workflow_type_id for row in plain.here(Proposal)}
    rows = [
        row
        for row in plain.here(Outcome)
        if plain.within(row.measured_at) and plain.fits(kinds[row.proposal_id])
    ]
    compared = [r for r in rows if r.effect is not None and r.expected_low is not None]
    told = found.outcomes
    assert (told.all, told.told, told.better) == (
        len(rows),
        sum(row.verdict != "not_enough_data" for row in rows),
        sum(row.verdict == "better" for row in rows),
    )
    assert (told.expected, told.met) == (
        len(compared),
        sum(row.effect >= row.expected_low for row in compared),
    )
    runs = {run.draft_id: run for run in plain.here(Workflow) if run.draft_id}
    uses = [
        use
        for use in plain.here(TemplateUse)
        if (use.kind == "instant" or use.at_once_at)
        and plain.within(use.clicked_at)
        and plain.fits(plain.drafts[use.draft_id].workflow_type_id)
    ]
    assert {row.user_id for row in found.instant} == {use.user_id for use in uses}
    for row in found.instant:
        mine = [use for use in uses if use.user_id == row.user_id]
        ran = [(use, runs[use.draft_id]) for use in mine if use.draft_id in runs]
        took = [
            (run.first_change_at - use.clicked_at).total_seconds()
            for use, run in ran
            if run.first_change_at
        ]
        assert row.clicks == len(mine)
        assert row.undone == sum(run.undo_started_at is not None for _use, run in ran)
        assert row.failed == sum(run.status == "failed" for _use, run in ran)
        assert row.reviewed_instead == sum(bool(use.reviewed_instead) for use in mine)
        assert row.median == near(median(took) if took else None)
    kinds_seen = (
        []
        if plain.asked.type
        else [
            event.kind
            for event in Event.objects.filter(tenant_id=plain.asked.tenant_id)
            if plain.within(event.at) and event.kind != "draft.edited"
        ]
    )
    watched = [kind for kind in kinds_seen if kind.startswith(("draft.break", "template."))]
    assert found.watch == {kind: watched.count(kind) for kind in set(watched)}


@pytest.mark.parametrize("key", SOURCES)
def test_the_rows_behind_a_figure_are_as_many_as_it_counts(lived, key):
    cast = lived(11)
    with scope(tenant_id=cast.tenant.pk):
        zone = ZoneInfo("Europe/London")
        last = datetime.combine(datetime(2026, 11, 23, tzinfo=UTC), time(0), tzinfo=zone).date()
        asked = Asked(cast.tenant.pk, Period("", last - timedelta(days=500), last, zone))
        everything = rows_of(SOURCES[key], asked, Only())
        counted = rows_of(SOURCES[key], asked, Only(hit="yes"))
        others = rows_of(SOURCES[key], asked, Only(hit="no"))
    assert everything
    assert len(everything) == len(counted) + len(others)
    assert all(row.hit for row in counted)
    assert [row.at for row in everything] == sorted((r.at for r in everything), reverse=True)
    with scope(tenant_id=cast.tenant.pk):
        assert count_of(SOURCES[key], asked, Only(hit="yes")) == len(counted)
        pages = [rows_of(SOURCES[key], asked, Only(), limit=7, offset=n) for n in range(0, 70, 7)]
        flat = [row for page in pages for row in page]
        assert flat == everything[: len(flat)]
