"""A proposal as people read it: figures in words, the chart as shapes, evidence as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from proposals.charts import Drawing, draw
from proposals.detectors import registry
from proposals.detectors.base import Detector
from proposals.detectors.wording import count, decimal, money, percent
from proposals.models import Mute, Outcome, Proposal
from proposals.queries import Experience
from proposals.statistics.intervals import Interval
from proposals.statistics.proportions import wilson

COLUMNS = {
    "day": _l("Day"),
    "days": _l("Days silent"),
    "sessions": _l("Visits"),
    "orders": _l("Orders"),
    "rate": _l("Conversion"),
    "high": _l("At most"),
    "before": _l("Before"),
    "after": _l("After"),
    "price": _l("Your price"),
    "market": _l("Market"),
    "change": _l("Difference"),
    "sellers": _l("Sellers"),
    "units": _l("Sold"),
    "revenue": _l("Sales"),
    "recipients": _l("Recipients"),
    "posts": _l("Posts before"),
}
SHARES, MONEY = {"rate", "high", "change"}, {"price", "market", "revenue"}


@dataclass(frozen=True, slots=True)
class Row:
    """``url`` leads to the thing itself, where the shop's pages show it."""

    label: str
    cells: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One proposal on the dashboard or on its own page."""

    proposal: Proposal
    left: str
    chart: Drawing | None
    before: str
    after: str
    around: str
    percent: int
    low: int | None
    high: int | None
    record: str
    detector: str
    template: str = ""

    @property
    def points(self) -> list[str]:
        return self.proposal.points


def card(proposal: Proposal, known: Mapping[str, Experience], template: str = "") -> Card:
    impact = proposal.expected_impact
    record = known.get(proposal.detector, Experience(None, None)).record
    bounds = _bounds(record)
    return Card(
        proposal=proposal,
        left=time_left(proposal.expires_at),
        chart=chart_of(proposal),
        before=figure(impact["baseline"], impact["unit"]),
        after=figure((impact["low"] + impact["high"]) / 2, impact["unit"]),
        around=_around(impact),
        percent=round(proposal.confidence_score * 100),
        low=round(bounds.low * 100) if bounds else None,
        high=round(bounds.high * 100) if bounds else None,
        record=_told(record),
        detector=detector_title(proposal.detector),
        template=template,
    )


def chart_of(proposal: Proposal) -> Drawing | None:
    return draw(proposal.based_on.get("chart"), figure)


def detector_title(detector_id: str) -> str:
    found = registry.find(detector_id)
    return str(found.title) if found else _("Next steps")


def figure(value: float | None, unit: str) -> str:
    """A number in its unit: a share, days, a count, or money when the unit is a currency."""
    if value is None:
        return ""
    if unit == "share":
        return percent(value)
    if unit == "days":
        return ngettext("{n} day", "{n} days", round(value)).format(n=count(value))
    if unit in ("count", ""):
        return decimal(value) if abs(value) < 10 and value != round(value) else count(value)
    return money(value, unit)


def time_left(moment: datetime) -> str:
    days = (moment - timezone.now()).days
    if days < 1:
        return _("Last day")
    return ngettext("{n} day left", "{n} days left", days).format(n=days)


def _around(impact: Mapping[str, Any]) -> str:
    low, high = (figure(impact[end], impact["unit"]) for end in ("low", "high"))
    text = str(impact["text"])
    if low != high:
        text = _("{text}; between {low} and {high}").format(text=text, low=low, high=high)
    return ngettext(
        "{text}, within {n} day", "{text}, within {n} days", impact["timeframe_days"]
    ).format(text=text, n=impact["timeframe_days"])


def _bounds(record: tuple[int, int, bool] | None) -> Interval | None:
    return wilson(record[0], record[1]) if record else None


def _told(record: tuple[int, int, bool] | None) -> str:
    if record is None:
        return _("No outcome measured yet")
    right, total, own = record
    text = (
        _("Right {right} of {total} times on this shop")
        if own
        else _("Right {right} of {total} times, all shops")
    )
    text = text.format(right=right, total=total)
    return text if total >= 7 else _("{text}, too few to be sure").format(text=text)


def evidence(proposal: Proposal, currency: str, most: int = 500) -> Table:
    rows: Sequence[Mapping[str, Any]] = proposal.based_on.get("evidence") or []
    names = [key for key in COLUMNS if any(key in row for row in rows)]
    return Table(
        columns=tuple(str(COLUMNS[name]) for name in names),
        rows=tuple(
            Row(
                str(row.get("label", "")),
                tuple(_cell(name, row.get(name), currency) for name in names),
                _page_of(row.get("id") or ""),
            )
            for row in rows[:most]
        ),
    )


def _page_of(thing_id: str) -> str:
    if thing_id.startswith("product_"):
        return reverse("stores:product", args=[thing_id])
    if thing_id.startswith("workflow_"):
        return reverse("workflows:run", args=[thing_id])
    return ""


def settings_of(proposal: Proposal) -> list[tuple[str, str]]:
    """What the detector was set to, by the names its settings page has."""
    kind = registry.find(proposal.detector)
    return told_settings(kind, proposal.settings) if kind else []


def told_settings(kind: Detector, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each setting by the name its form has; what is not among ``values`` is the default."""
    fields = kind.Settings.model_fields
    return [
        (str(field.title or name), _setting(values.get(name, field.default)))
        for name, field in fields.items()
    ]


def _setting(value: Any) -> str:
    is_share = isinstance(value, float) and 0 < value < 1
    return percent(value) if is_share else count(value) if _is_number(value) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(name: str, value: Any, currency: str) -> str:
    if value is None:
        return ""
    if name in SHARES:
        return percent(float(value))
    if name in MONEY:
        return money(float(value), currency)
    if name == "day":
        return short_day(value)
    return str(value) if isinstance(value, str) else count(float(value))


def short_day(value: str) -> str:
    try:
        return date_format(date.fromisoformat(value), "j M Y")
    except ValueError:
        return value


def returns_when(mute: Mute) -> str:
    """What has to happen for a muted finding to come back."""
    if mute.returns_at_severity is None:
        return _("Does not come back.")
    if mute.returns_at is None:
        return _("Comes back only if it is clearly worse.")
    falls = mute.value is not None and mute.returns_at < mute.value
    text = (
        _("Comes back if it falls to {edge} (was {value}).")
        if falls
        else _("Comes back if it passes {edge} (was {value}).")
    )
    return text.format(edge=figure(mute.returns_at, mute.unit), value=figure(mute.value, mute.unit))


def outcome_text(outcome: Outcome) -> str:
    """The measured effect with its interval; what is not known is said as such."""
    if outcome.effect is None:
        return outcome.why or _("Not enough data to tell.")
    return _("{effect} in {days} days, between {low} and {high}").format(
        effect=figure(outcome.effect, outcome.unit),
        days=outcome.window_days,
        low=figure(outcome.low, outcome.unit),
        high=figure(outcome.high, outcome.unit),
    )
