"""The next date that matters to this shop, while there is time to prepare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, inf, log
from statistics import median
from typing import Any

import numpy as np
import pydantic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from proposals.detectors.base import (
    Chart,
    Detector,
    DetectorInput,
    Evidence,
    Finding,
    Impact,
    Shop,
    believed,
)
from proposals.detectors.reading import Reader
from proposals.detectors.registry import register
from proposals.detectors.retail_dates import RetailDate, same_date, upcoming
from proposals.detectors.wording import count, decimal, full_day, money, moved
from proposals.statistics.anomalies import robust_scores
from proposals.statistics.intervals import Interval
from proposals.statistics.means import difference

# The weeks before a date in which its shopping happens, and history needed to compare them.
SEASON_DAYS = 28
AROUND_WEEKS = 26
READ_DAYS = 800
FEWEST_OTHER_WEEKS = 13
FEWEST_WEEKS = 8
# What such a date brings where this shop's own history cannot say: four weeks against others.
USUAL_LIFT = {
    "christmas": 1.6,
    "black_friday": 1.5,
    "cyber_monday": 1.5,
    "sinterklaas": 1.4,
    "st_nicholas": 1.4,
}
OTHER_LIFT = 1.1
# A campaign adds this much to what the season brings anyway (low, high).
ADDS = (0.02, 0.10)


class Limits(DetectorInput):
    threshold: int = pydantic.Field(60, ge=14, le=120, title="Days ahead it is looked for")
    lead_days: int = pydantic.Field(
        7, ge=2, le=30, title="Days before it that it is too late", description="It expires then."
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """Sales by day, of days that had any."""

    sales: Mapping[date, float]


@dataclass(frozen=True, slots=True)
class Lift:
    """Sales a week in the season against the weeks around it; 1.5 is half as much again."""

    ratio: float
    interval: Interval
    season: float
    usual: float
    weeks: int

    @property
    def is_measured(self) -> bool:
        return self.weeks > 0


READ = """
SELECT shop.tenant_id, line.placed_on, sum(line.amount)
FROM shop JOIN stores_orderline line
  ON line.tenant_id = shop.tenant_id AND line.kind <> 'adjustment'
 AND line.placed_on > shop.until - shop.days AND line.placed_on <= shop.until
GROUP BY 1, 2
"""


@register
class UpcomingHoliday(Detector):
    id = "upcoming_holiday"
    version = 1
    title = _l("A date that matters is coming")
    about = _l("The ten retail dates of your country, weighed by what they brought you last time.")
    family = "season"
    workflow_type_id = "marketing.seasonal_campaign"
    template_ids = ("template_holiday_gifts",)
    defining = ("holiday",)
    Settings = Limits
    false_alarms = 0.05
    power = 0.9
    planted = _l("a year in which the four weeks before Christmas sell twice as much")

    def read(self, reader: Reader, shops: Sequence[tuple[Shop, Any]]) -> Mapping[str, Any]:
        asked = [(shop, {"days": READ_DAYS}) for shop, _settings in shops]
        sales: dict[str, dict[date, float]] = {}
        for tenant_id, day, amount in reader.ask(READ, asked):
            sales.setdefault(tenant_id, {})[day] = float(amount)
        return {tenant_id: Facts(days) for tenant_id, days in sales.items()}

    def judge(self, shop: Shop, facts: Facts, settings: Limits) -> Sequence[Finding]:
        if len(facts.sales) < 7 * FEWEST_WEEKS // 2:
            return []
        near = upcoming(
            shop.country, shop.today, within=settings.threshold, lead=settings.lead_days
        )
        weighed = [(entry, lift_of(shop, facts, entry)) for entry in near]
        matter = [(entry, lift) for entry, lift in weighed if lift.interval.high >= 1]
        matter.sort(key=lambda pair: (-_worth(pair[1]), pair[0].day))
        return [_finding(shop, facts, entry, lift, settings) for entry, lift in matter]


def lift_of(shop: Shop, facts: Facts, entry: RetailDate) -> Lift:
    """Measured on the latest such season that the history holds whole, else what is usual."""
    # What was sold after the last known day is not known; it is not nothing.
    first, last = min(facts.sales), min(shop.until, max(facts.sales))
    for year in (entry.day.year - 1, entry.day.year - 2):
        before = same_date(shop.country, entry.key, year)
        if first <= before - timedelta(days=SEASON_DAYS - 1) and before <= last:
            found = _measured(facts, before, first, last)
            if found:
                return found
    weekly = sum(amount for day, amount in facts.sales.items() if (last - day).days < 91) / 13
    ratio = USUAL_LIFT.get(entry.key, OTHER_LIFT)
    return Lift(ratio, Interval(0.0, inf), weekly * ratio, weekly, 0)


def _measured(facts: Facts, end: date, first: date, last: date) -> Lift | None:
    """The season's four weeks against the weeks of half a year on each side, on logarithms."""
    season = [_week(facts, end - timedelta(days=7 * back)) for back in range(SEASON_DAYS // 7)]
    earlier = [end - timedelta(days=SEASON_DAYS + 7 * back) for back in range(AROUND_WEEKS)]
    later = [end + timedelta(days=7 * ahead) for ahead in range(1, AROUND_WEEKS + 1)]
    held = [day for day in earlier + later if first <= day - timedelta(days=6) and day <= last]
    others = [_week(facts, day) for day in held]
    if len(others) < FEWEST_OTHER_WEEKS or min(season) <= 0 or sum(others) <= 0:
        return None
    floor = sum(others) / len(others) / 100
    logs = [[log(max(week, floor)) for week in weeks] for weeks in (season, others)]
    found = difference(logs[0], logs[1])
    return Lift(
        ratio=exp(found.value),
        interval=Interval(exp(found.interval.low), exp(found.interval.high)),
        season=sum(season) / len(season),
        usual=exp(sum(logs[1]) / len(others)),
        weeks=len(others),
    )


def _week(facts: Facts, end: date) -> float:
    return sum(facts.sales.get(end - timedelta(days=back), 0.0) for back in range(7))


def name_of(entry: RetailDate) -> str:
    """Black Friday and Cyber Monday."""
    return _(" and ").join(str(name) for name in (entry.name, *entry.also))


def _worth(lift: Lift) -> float:
    return max(lift.ratio - 1, 0.01) * lift.usual


def _finding(shop: Shop, facts: Facts, entry: RetailDate, lift: Lift, settings: Limits) -> Finding:
    days = (entry.day - shop.today).days
    expires = entry.day - timedelta(days=settings.lead_days)
    sure = (min(lift.interval.low, 2.0) - 0.8) / 0.6 if lift.is_measured else 0.0
    seasonal = lift.season * SEASON_DAYS / 7
    return Finding(
        title=ngettext("{n} day until {name}", "{n} days until {name}", days).format(
            name=name_of(entry), n=days
        ),
        description=_("Prepare a campaign for {name} on {day} while there is time.").format(
            name=name_of(entry), day=full_day(entry.day)
        ),
        reasoning=tuple(_reasons(shop, facts, entry, lift, expires)),
        confidence=believed(0.75 if lift.is_measured else 0.58, sure),
        metric="days_until",
        value=float(days),
        threshold=float(settings.threshold),
        unit="days",
        window=_("four weeks before the date, against the weeks around them"),
        sample_size=lift.weeks,
        interval=lift.interval if lift.is_measured else None,
        severity=max(lift.ratio, 1.0),
        impact=Impact(
            metric="season_revenue",
            baseline=seasonal,
            low=seasonal * (1 + ADDS[0]),
            high=seasonal * (1 + ADDS[1]),
            unit=shop.currency,
            timeframe_days=days,
            text=_("sales in the four weeks before it, if a campaign adds 2% to 10%"),
            worth=seasonal * sum(ADDS) / 2,
        ),
        inputs={"holiday": entry.key, "ends_on": (entry.last or entry.day).isoformat()},
        evidence=tuple(_rows(shop, facts, entry)),
        target=f"{entry.key}:{entry.day.year}",
        priority=_priority(days, lift),
        ends_on=expires,
        returns=False,
        chart=_chart(shop, facts, entry),
        facts={"holiday": entry.key, "day": entry.day.isoformat(), "lift": round(lift.ratio, 3)},
    )


def _priority(days: int, lift: Lift) -> str:
    if days <= 21 and lift.ratio >= 1.3:
        return "urgent"
    return "high" if lift.ratio >= 1.3 else "normal"


def _reasons(shop: Shop, facts: Facts, entry: RetailDate, lift: Lift, expires: date) -> list[str]:
    reasons = []
    if lift.is_measured:
        reasons.append(
            _(
                "Last time the four weeks before it sold {season} a week, {ratio} times the usual"
                " week around it; the 95% interval runs from {low} to {high}."
            ).format(
                season=money(lift.season, shop.currency),
                ratio=decimal(lift.ratio, 2),
                low=decimal(lift.interval.low, 2),
                high=decimal(lift.interval.high, 2),
            )
        )
    else:
        reasons.append(
            _(
                "Your history does not hold such a season yet; elsewhere it sells about {ratio}"
                " times a usual week."
            ).format(ratio=decimal(lift.ratio, 1))
        )
    reasons.extend(_momentum(shop, facts))
    reasons.append(
        _("After {day} it is too late to prepare, and this goes away.").format(
            day=full_day(expires)
        )
    )
    return reasons


def _momentum(shop: Shop, facts: Facts) -> list[str]:
    """Whether the season shows already: the last two weeks among the weeks of half a year."""
    weeks = [_week(facts, shop.until - timedelta(days=7 * back)) for back in range(26)]
    held = [week for week in weeks if week > 0]
    if len(held) < FEWEST_WEEKS or weeks[0] + weeks[1] <= 0:
        return []
    usual, lately = median(held), (weeks[0] + weeks[1]) / 2
    score = float(robust_scores(np.array([lately, *held]))[0])
    text = (
        _("It shows already: the last two weeks sold {change} against the usual week.")
        if score > 2
        else _("It does not show yet: the last two weeks sold {change} against the usual week.")
    )
    return [text.format(change=moved(lately / usual - 1))]


def _rows(shop: Shop, facts: Facts, entry: RetailDate) -> list[Evidence]:
    """The same four weeks, in the years the history holds."""
    rows = []
    for year in (entry.day.year - 1, entry.day.year - 2):
        before = same_date(shop.country, entry.key, year)
        for back in range(SEASON_DAYS // 7):
            end = before - timedelta(days=7 * back)
            amount = _week(facts, end)
            if amount > 0 and end <= shop.until:
                cells = (("day", end.isoformat()), ("revenue", round(amount, 2)))
                rows.append(
                    Evidence(label=_("week to {day}").format(day=full_day(end)), cells=cells)
                )
    return rows


def _chart(shop: Shop, facts: Facts, entry: RetailDate) -> Chart | None:
    """The year around the same date last time, week by week; this year's weeks if there is none."""
    before = same_date(shop.country, entry.key, entry.day.year - 1)
    end = min(before + timedelta(days=28), shop.until)
    if end - timedelta(days=7 * 8) < min(facts.sales):
        end = shop.until
    ends = [end - timedelta(days=7 * back) for back in range(25, -1, -1)]
    ends = [day for day in ends if day - timedelta(days=6) >= min(facts.sales)]
    if len(ends) < 3:
        return None
    values = tuple(_week(facts, day) for day in ends)
    return Chart(
        finding=_("Sales a week up to {day}; the best of these {n} weeks had {best}").format(
            day=full_day(end), n=count(len(ends)), best=money(max(values), shop.currency)
        ),
        labels=tuple(day.isoformat() for day in ends),
        values=values,
        name=_("Sales a week"),
        unit=shop.currency,
    )
