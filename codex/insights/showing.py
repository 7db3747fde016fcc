"""Figures in words: shares, durations, names of people and councils."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from codex.insights.asking import Row
from codex.insights.charts import Drawing, draw
from codex.insights.figures import Quality
from codex.insights.goals import Goal, Reached
from codex.insights.sources import Source
from core import words
from councils.models import Council
from drafts.queries import visible_to
from proposals.detectors.wording import count, decimal, percent
from tenants.models import User

MINUTE, HOUR, DAY = 60, 3600, 86400
NEARLY_ALL = 0.995
STATES = {
    "approve": _l("Approved"),
    "reject": _l("Rejected"),
    "request_changes": _l("Asked for changes"),
    "standing": _l("Instant run"),
    "council": _l("Reviewed"),
    "taken_back": _l("Taken back"),
    "reopened": _l("Reopened"),
    "trimmed": _l("Approved in part instead"),
    "better": _l("It helped"),
    "none": _l("No effect to be seen"),
    "worse": _l("It made things worse"),
    "not_enough_data": _l("Not enough data to tell"),
    "draft.break_glass": _l("Approved by breaking the glass"),
    "template.left_bounds": _l("A plan left the bounds of its template"),
    "template.suspended": _l("Instant run of a template suspended"),
    "template.person_blocked": _l("A person blocked from instant runs"),
}
PAGES = {
    "workflow": "/portal/workflows/",
    "draft": "/portal/workflows/drafts/",
    "proposal": "/portal/workflows/proposals/",
}


def duration(seconds: float | None) -> str:
    """``41 s``, ``2 h 40 min``, ``2 d 1 h``: two units at most."""
    if seconds is None:
        return "–"
    left = round(seconds)
    if left < MINUTE:
        return _("{n} s").format(n=decimal(seconds)) if seconds < 10 else _("{n} s").format(n=left)
    if left < HOUR:
        return _("{m} min {s} s").format(m=left // MINUTE, s=left % MINUTE)
    if left < DAY:
        return _("{h} h {m} min").format(h=left // HOUR, m=left % HOUR // MINUTE)
    return _("{d} d {h} h").format(d=left // DAY, h=left % DAY // HOUR)


def share(value: float | None, digits: int | None = None) -> str:
    """What is nearly all is not rounded up to all."""
    if value is None:
        return "–"
    return _("over 99%") if NEARLY_ALL <= value < 1 else percent(value, digits)


def state(name: str) -> str:
    return str(STATES[name]) if name in STATES else words.status(name)


@dataclass(frozen=True, slots=True)
class Tile:
    """A goal's card: its figures in words, its chart, its table."""

    goal: Goal
    now: str
    note: str
    asked: str
    standing: str
    badge: str
    chart: Drawing
    table: Sequence[tuple[str, str, str]]


def tile(goal: Goal) -> Tile:
    reached = goal.reached
    return Tile(
        goal=goal,
        now=share(reached.value),
        note=_note(goal),
        asked=percent(goal.goal),
        standing=_standing(goal),
        badge={None: "", True: "on_track", False: "behind"}[goal.is_reached],
        chart=draw(goal),
        table=[(p.label, share(p.reached.value), _of(goal.key, p.reached)) for p in goal.points],
    )


def _of(key: str, reached: Reached) -> str:
    if key == "speed":
        return _("{fast} against {slow}").format(
            fast=duration(reached.instant), slow=duration(reached.reviewed)
        )
    return _("{part} of {whole}").format(part=count(reached.part), whole=count(reached.whole))


def _note(goal: Goal) -> str:
    reached = goal.reached
    if not reached.whole and not reached.part:
        return _("nothing happened in this time")
    if goal.key == "speed" and reached.value is None:
        return _("{n} instant and {m} reviewed runs: too few to compare").format(
            n=count(reached.part), m=count(reached.whole)
        )
    if goal.key == "speed":
        return _("median {fast} of {n} instant runs against {slow} of {m} reviewed").format(
            fast=duration(reached.instant),
            n=count(reached.part),
            slow=duration(reached.reviewed),
            m=count(reached.whole),
        )
    text = _of(goal.key, reached)
    if goal.low is None or goal.high is None:
        return text
    return _("{text}; by chance between {low} and {high}").format(
        text=text, low=percent(goal.low), high=percent(goal.high)
    )


def _standing(goal: Goal) -> str:
    if goal.reached.value is None:
        return _("not known yet")
    if goal.is_reached:
        return _("since {when}").format(when=goal.since.label) if goal.since else _("reached")
    short = max(round(100 * (goal.goal - goal.reached.value)), 1)
    return ngettext("{n} point short", "{n} points short", short).format(n=short)


def quality_words(quality: Quality) -> dict[str, str]:
    return {
        "fidelity": share(quality.fidelity, 1),
        "planned": count(quality.planned),
        "undo_rate": share(quality.undo_rate),
        "runs": count(quality.runs),
    }


def names_of(ids: Iterable[str | None]) -> dict[str, str]:
    """People by id; a machine's id is its name."""
    wanted = {one for one in ids if one}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=wanted)}


def councils_of(ids: Iterable[str]) -> dict[str, str]:
    wanted = {one for one in ids if one}
    return dict(Council.objects.filter(pk__in=wanted).values_list("id", "name"))


@dataclass(frozen=True, slots=True)
class Line:
    """A row as people read it. What the reader may not see of a draft is not named."""

    row: Row
    what: str
    url: str
    who: str
    council: str
    state: str
    number: str


def lines_of(source: Source, rows: Sequence[Row], actor) -> list[Line]:
    drafts = {row.draft_id for row in rows if row.draft_id}
    seen = set(visible_to(actor).filter(pk__in=drafts).values_list("pk", flat=True))
    names, councils = names_of(row.who for row in rows), councils_of(r.council_id for r in rows)
    return [_line(source, row, seen, names, councils) for row in rows]


def _line(
    source: Source,
    row: Row,
    seen: set[str],
    names: Mapping[str, str],
    councils: Mapping[str, str],
) -> Line:
    is_hidden = bool(row.draft_id) and row.draft_id not in seen
    label = state(row.label) if row.thing == "event" else row.label
    place = PAGES.get(row.thing, "")
    return Line(
        row=row,
        what=_("A draft you do not see") if is_hidden else label,
        url="" if is_hidden or not place else f"{place}{row.id}",
        who=names.get(row.who or "", row.who or ""),
        council=councils.get(row.council_id, ""),
        state=state(row.state),
        number=_number(source, row.value),
    )


def _number(source: Source, value: float | None) -> str:
    if value is None or not source.unit:
        return ""
    if source.unit == "seconds":
        return duration(value)
    return percent(value, 1) if source.unit == "share" else decimal(value)
