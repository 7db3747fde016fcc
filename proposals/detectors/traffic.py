"""Fewer visits than before, the week's rhythm taken out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pydantic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

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
from proposals.detectors.reading import Reader, week_labels
from proposals.detectors.registry import register
from proposals.detectors.wording import count, full_day, moved, percent
from proposals.statistics.weeks import Change, level_change

WEEKS = 12
YEAR = 364  # whole weeks, so that weekdays meet weekdays
# Of the visits lost, this much is expected back (low, high).
COMES_BACK = (0.15, 0.50)
MONTH = 30


class Limits(DetectorInput):
    threshold: float = pydantic.Field(
        0.15,
        gt=0,
        lt=1,
        title="Loss of visits",
        description="Share lost from which it is said: 0.15 is 15%.",
    )
    days: int = pydantic.Field(
        28,
        ge=21,
        le=91,
        title="Days compared",
        description="So many days against as many before them.",
    )
    alpha: float = pydantic.Field(
        0.01,
        gt=0,
        lt=0.2,
        title="False alarms",
        description="Share of healthy shops accused by chance: 0.01 is 1%.",
    )
    fewest_sessions: float = pydantic.Field(
        20, ge=5, title="Fewest visits a day", description="Below that nothing is said."
    )


@dataclass(frozen=True, slots=True)
class Facts:
    """Daily sessions, oldest first, ending on the shop's last whole day."""

    sessions: tuple[int, ...]
    year_before: int = 0
    year_after: int = 0
    orders: int = 0
    order_value: float = 0.0


READ = """,
sold AS (
    SELECT shop.tenant_id, count(DISTINCT line.order_id) AS orders,
           sum(line.amount) / count(DISTINCT line.order_id) AS order_value
    FROM shop JOIN stores_orderline line
      ON line.tenant_id = shop.tenant_id AND line.kind = 'sale'
     AND line.placed_on > shop.until - shop.days AND line.placed_on <= shop.until
    GROUP BY 1
)
SELECT shop.tenant_id,
       array_agg(shop.until - day.date) FILTER (WHERE day.date > shop.until - 2 * shop.days),
       array_agg(day.sessions) FILTER (WHERE day.date > shop.until - 2 * shop.days),
       coalesce(sum(day.sessions) FILTER (WHERE day.date <= shop.until - shop.year - shop.days), 0),
       coalesce(sum(day.sessions) FILTER (WHERE day.date > shop.until - shop.year - shop.days
                                            AND day.date <= shop.until - shop.year), 0),
       count(*) FILTER (WHERE day.date <= shop.until - shop.year),
       coalesce(max(sold.orders), 0), coalesce(max(sold.order_value), 0)
FROM shop
JOIN stores_trafficday day
  ON day.tenant_id = shop.tenant_id AND day.breakdown = 'total'
 AND (day.date > shop.until - 2 * shop.days AND day.date <= shop.until
      OR day.date > shop.until - shop.year - 2 * shop.days AND day.date <= shop.until - shop.year)
LEFT JOIN sold ON sold.tenant_id = shop.tenant_id
GROUP BY 1
"""

DETAIL = """
SELECT shop.tenant_id, day.breakdown, day.name, (shop.until - day.date) / 7, sum(day.sessions)
FROM shop JOIN stores_trafficday day
  ON day.tenant_id = shop.tenant_id AND day.breakdown IN ('total', 'channel')
 AND day.date > shop.until - 7 * shop.weeks AND day.date <= shop.until
GROUP BY 1, 2, 3, 4
"""


@register
class DecliningTraffic(Detector):
    id = "declining_traffic"
    version = 1
    title = _l("Fewer visits")
    about = _l("A level of visits clearly below the weeks before, weekdays set against weekdays.")
    family = "store"
    workflow_type_id = "seo.audit"
    template_ids = ("template_seo_repair",)
    Settings = Limits
    false_alarms = 0.02
    power = 0.9
    planted = _l("a loss of 25% under daily noise of 10%")

    def read(self, reader: Reader, shops: Sequence[tuple[Shop, Any]]) -> Mapping[str, Any]:
        asked = [(shop, {"days": settings.days, "year": YEAR}) for shop, settings in shops]
        spans = {shop.tenant_id: 2 * settings.days for shop, settings in shops}
        found = {}
        for tenant_id, ages, visits, before, after, old, orders, value in reader.ask(READ, asked):
            span = spans[tenant_id]
            days = dict(zip(ages or (), visits or (), strict=True))
            whole_year = old >= span * 0.9
            found[tenant_id] = Facts(
                sessions=tuple(int(days.get(age, 0)) for age in range(span - 1, -1, -1)),
                year_before=int(before) if whole_year else 0,
                year_after=int(after) if whole_year else 0,
                orders=int(orders),
                order_value=float(value),
            )
        return found

    def judge(self, shop: Shop, facts: Facts, settings: Limits) -> Sequence[Finding]:
        before = np.array(facts.sessions[: settings.days])
        if len(facts.sessions) < 2 * settings.days or before.mean() < settings.fewest_sessions:
            return []
        first = shop.until - timedelta(days=len(facts.sessions) - 1)
        change = level_change(np.array(facts.sessions), settings.days, first.weekday())
        if change is None or change.share > -settings.threshold or change.p > settings.alpha:
            return []
        return [_finding(shop, facts, change, settings, first)]

    def illustrate(
        self, reader: Reader, found: Sequence[tuple[Shop, Any, Finding]]
    ) -> Mapping[tuple[str, str], Finding]:
        rows = reader.ask(DETAIL, [(shop, {"weeks": WEEKS}) for shop, _s, _f in found])
        weeks: dict[str, dict[tuple[str, int], int]] = {}
        for tenant_id, _breakdown, name, week, sessions in rows:
            weeks.setdefault(tenant_id, {})[name, week] = int(sessions)
        return {
            (shop.tenant_id, finding.target): _illustrated(
                shop, finding, weeks.get(shop.tenant_id, {}), settings
            )
            for shop, settings, finding in found
        }


def _finding(shop: Shop, facts: Facts, change: Change, settings: Limits, first: date) -> Finding:
    lost = -change.share
    now = sum(facts.sessions[-settings.days :]) * MONTH / settings.days
    before = now / (1 + change.share)
    low, high = (now + (before - now) * share for share in COMES_BACK)
    per_visit = facts.orders * facts.order_value / max(sum(facts.sessions[-settings.days :]), 1)
    year = _year_change(facts)
    return Finding(
        title=_("Visits fell by {share}").format(share=percent(lost)),
        description=_(
            "In the {days} days to {day} about {now} visits a month came, after {before} before."
        ).format(
            days=settings.days, day=full_day(shop.until), now=count(now), before=count(before)
        ),
        reasoning=tuple(_reasons(shop, change, settings, first, year)),
        confidence=believed(
            0.62 if year is None or year > change.share / 2 else 0.45, 1 - change.p
        ),
        metric="sessions",
        value=lost,
        threshold=settings.threshold,
        unit="share",
        window=_("{n} days against the {n} before").format(n=settings.days),
        sample_size=change.days,
        interval=change.interval,
        severity=min(lost / settings.threshold, 20.0),
        impact=Impact(
            metric="sessions_month",
            baseline=now,
            low=low,
            high=high,
            unit="count",
            timeframe_days=60,
            text=_("visits a month, if between 15% and 50% of what was lost comes back"),
            worth=((low + high) / 2 - now) * per_visit,
        ),
        inputs={},
        priority="high" if lost >= 0.25 else "normal",
        facts={"p": round(change.p, 6), "last_year": year},
    )


def _reasons(
    shop: Shop, change: Change, settings: Limits, first: date, year: float | None
) -> list[str]:
    reasons = [
        _(
            "With each weekday compared with itself the level is {share} lower; the 95% interval"
            " runs from {low} to {high}."
        ).format(
            share=percent(-change.share),
            low=percent(-change.interval.high),
            high=percent(-change.interval.low),
        ),
        _("By chance a change like this would show in {p} of cases.").format(
            p=percent(max(change.p, 0.001))
        ),
    ]
    if year is not None:
        reasons.append(_("A year ago the same weeks moved by {share}.").format(share=moved(year)))
    for place in change.left_out:
        reasons.append(
            _("{day} is far off the rest and was left out.").format(
                day=full_day(first + timedelta(days=place))
            )
        )
    return reasons


def _year_change(facts: Facts) -> float | None:
    return facts.year_after / facts.year_before - 1 if facts.year_before else None


def _illustrated(
    shop: Shop, finding: Finding, weeks: Mapping[tuple[str, int], int], settings: Limits
) -> Finding:
    half = settings.days // 7
    channels = sorted({name for name, _week in weeks if name})
    rows = []
    for name in channels:
        now = sum(weeks.get((name, week), 0) for week in range(half))
        before = sum(weeks.get((name, week), 0) for week in range(half, 2 * half))
        change = round(now / before - 1, 4) if before else None
        cells = (("before", before), ("after", now), ("change", change))
        rows.append((before - now, Evidence(label=name, cells=cells)))
    values = tuple(float(weeks.get(("", week), 0)) for week in range(WEEKS - 1, -1, -1))
    worst = sorted(rows, key=lambda row: (-row[0], row[1].label))
    reasons = finding.reasoning
    if worst and worst[0][0] > 0:
        reasons += (
            _("Most of it was lost from {channel}: {n} visits fewer.").format(
                channel=worst[0][1].label.replace("_", " "), n=count(worst[0][0])
            ),
        )
    chart = Chart(
        finding=_("Visits a week over twelve weeks, at last {n}").format(n=count(values[-1])),
        labels=week_labels(shop.until, WEEKS),
        values=values,
        name=_("Visits a week"),
        unit="count",
    )
    return replace(
        finding, reasoning=reasons, evidence=tuple(row for _lost, row in worst), chart=chart
    )
