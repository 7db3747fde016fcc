"""Pages (or a whole shop) that sell to fewer visitors than they should."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

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
from proposals.detectors.reading import Reader, week_labels
from proposals.detectors.registry import register
from proposals.detectors.wording import count, percent
from proposals.statistics.proportions import p_below, stand_out, wilson

WEEKS = 12
# Of the gap to the shop's other pages, this much is expected to close (low, high).
CLOSES = (0.10, 0.50)
MONTH = 30
FOCUS = [
    "landing_pages",
    "product_descriptions",
    "checkout_flow",
    "compare_at_prices",
    "titles",
    "images",
    "sort_order",
]


class Limits(DetectorInput):
    threshold: float = pydantic.Field(
        0.02,
        gt=0,
        lt=1,
        title="Lowest conversion",
        description="Share of visits that should buy: 0.02 is 2%.",
    )
    days: int = pydantic.Field(28, ge=7, le=180, title="Days looked at")
    fewest_sessions: int = pydantic.Field(
        300, ge=100, title="Fewest visits", description="Pages with fewer are not judged."
    )
    alpha: float = pydantic.Field(
        0.025,
        gt=0,
        lt=0.2,
        title="False alarms",
        description="Share of healthy shops accused by chance: 0.025 is 2.5%.",
    )


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    sessions: int
    orders: int

    @property
    def rate(self) -> float:
        return self.orders / self.sessions


@dataclass(frozen=True, slots=True)
class Facts:
    """``pages`` are those under the threshold; ``tested`` is how many were looked at."""

    sessions: int
    orders: int
    tested: int
    pages: tuple[Page, ...]
    order_value: float


READ = """,
seen AS (
    SELECT shop.tenant_id, day.breakdown, day.name,
           sum(day.sessions) AS sessions, sum(day.key_events) AS orders
    FROM shop JOIN stores_trafficday day
      ON day.tenant_id = shop.tenant_id AND day.breakdown IN ('total', 'page')
     AND day.date > shop.until - shop.days AND day.date <= shop.until
    GROUP BY 1, 2, 3
),
sold AS (
    SELECT shop.tenant_id, sum(line.amount) / count(DISTINCT line.order_id) AS order_value
    FROM shop JOIN stores_orderline line
      ON line.tenant_id = shop.tenant_id AND line.kind = 'sale'
     AND line.placed_on > shop.until - shop.days AND line.placed_on <= shop.until
    GROUP BY 1
)
SELECT shop.tenant_id,
       coalesce(sum(seen.sessions) FILTER (WHERE seen.breakdown = 'total'), 0),
       coalesce(sum(seen.orders) FILTER (WHERE seen.breakdown = 'total'), 0),
       count(*) FILTER (WHERE seen.breakdown = 'page' AND seen.sessions >= shop.fewest_sessions),
       coalesce(jsonb_agg(jsonb_build_array(seen.name, seen.sessions, seen.orders)
                          ORDER BY seen.sessions DESC, seen.name)
                FILTER (WHERE seen.breakdown = 'page' AND seen.sessions >= shop.fewest_sessions
                          AND seen.orders < shop.threshold * seen.sessions), '[]'),
       coalesce(max(sold.order_value), 0)
FROM shop JOIN seen USING (tenant_id) LEFT JOIN sold USING (tenant_id)
GROUP BY 1
"""

BY_WEEK = """
SELECT shop.tenant_id, (shop.until - day.date) / 7, sum(day.sessions), sum(day.key_events)
FROM shop JOIN stores_trafficday day
  ON day.tenant_id = shop.tenant_id AND day.date <= shop.until
 AND day.date > shop.until - 7 * shop.weeks
 AND (CASE WHEN shop.names = '[]' THEN day.breakdown = 'total'
           ELSE day.breakdown = 'page'
                AND day.name IN (SELECT jsonb_array_elements_text(shop.names::jsonb)) END)
GROUP BY 1, 2
"""


@register
class LowConversion(Detector):
    id = "low_conversion"
    version = 1
    title = _l("Pages that hardly sell")
    about = _l("Visits that buy less than they should, beyond what chance explains.")
    family = "store"
    workflow_type_id = "marketing.conversion_optimization"
    template_ids = ("template_conversion_tune_up",)
    Settings = Limits
    false_alarms = 0.05
    power = 0.85
    planted = _l("one page at 0.8% with 1,500 visits or more in four weeks, the rest at 3%")

    def read(self, reader: Reader, shops: Sequence[tuple[Shop, Any]]) -> Mapping[str, Any]:
        asked = [(shop, settings.model_dump()) for shop, settings in shops]
        return {
            row[0]: Facts(
                sessions=int(row[1]),
                orders=int(row[2]),
                tested=int(row[3]),
                pages=tuple(Page(*page) for page in json.loads(row[4])),
                order_value=float(row[5]),
            )
            for row in reader.ask(READ, asked)
        }

    def judge(self, shop: Shop, facts: Facts, settings: Limits) -> Sequence[Finding]:
        line, fewest = settings.threshold, settings.fewest_sessions
        whole = p_below(facts.orders, facts.sessions, line)
        if facts.sessions >= fewest and whole < settings.alpha / 2:
            return [whole_shop(facts, settings)]
        # Pages over the line were looked at too; they cannot stand out, and count as 1.
        chances = [p_below(page.orders, page.sessions, line) for page in facts.pages]
        others = [1.0] * (facts.tested - len(facts.pages))
        picked = stand_out(chances + others, settings.alpha / 2)
        poor = [page for page, out in zip(facts.pages, picked, strict=False) if out]
        return [poor_pages(poor, facts, settings)] if poor else []

    def illustrate(
        self, reader: Reader, found: Sequence[tuple[Shop, Any, Finding]]
    ) -> Mapping[tuple[str, str], Finding]:
        asked = [
            (shop, {"weeks": WEEKS, "names": json.dumps(finding.facts["pages"])})
            for shop, _settings, finding in found
        ]
        weeks: dict[str, dict[int, float]] = {}
        for tenant_id, week, sessions, orders in reader.ask(BY_WEEK, asked):
            weeks.setdefault(tenant_id, {})[week] = orders / sessions if sessions else 0.0
        return {
            (shop.tenant_id, finding.target): replace(
                finding, chart=_chart(shop, weeks.get(shop.tenant_id, {}), settings)
            )
            for shop, settings, finding in found
        }


def whole_shop(facts: Facts, settings: Limits) -> Finding:
    rate = facts.orders / facts.sessions
    return _finding(
        settings,
        title=_("Sell to more of your visitors"),
        description=_(
            "{rate} of visits buy, less than the {threshold} you set as the least."
        ).format(rate=percent(rate), threshold=percent(settings.threshold)),
        sessions=facts.sessions,
        orders=facts.orders,
        usual=settings.threshold,
        pages=facts.pages,
        facts=facts,
        target="",
    )


def poor_pages(poor: Sequence[Page], facts: Facts, settings: Limits) -> Finding:
    sessions, orders = sum(p.sessions for p in poor), sum(p.orders for p in poor)
    rest = max(facts.sessions - sessions, 1)
    usual = max((facts.orders - orders) / rest, settings.threshold)
    title = ngettext(
        "Mend {n} page that hardly sells", "Mend {n} pages that hardly sell", len(poor)
    ).format(n=len(poor))
    return _finding(
        settings,
        title=title,
        description=_(
            "{visits} visits in {days} days brought {orders} orders; your other pages sell to"
            " {usual} of their visitors."
        ).format(
            visits=count(sessions), days=settings.days, orders=count(orders), usual=percent(usual)
        ),
        sessions=sessions,
        orders=orders,
        usual=usual,
        pages=tuple(poor),
        facts=facts,
        target="pages",
    )


def _finding(
    settings: Limits,
    *,
    title: str,
    description: str,
    sessions: int,
    orders: int,
    usual: float,
    pages: Sequence[Page],
    facts: Facts,
    target: str,
) -> Finding:
    rate, sure = orders / sessions, wilson(orders, sessions)
    low, high = (rate + (usual - rate) * share for share in CLOSES)
    a_month = sessions * MONTH / settings.days
    severity = min(settings.threshold / max(rate, 0.5 / sessions), 20.0)
    lost = a_month * (usual - rate)
    return Finding(
        title=title,
        description=description,
        reasoning=(
            _(
                "{orders} orders from {visits} visits is {rate}; the 95% interval runs from {low}"
                " to {high}, below your line of {line}."
            ).format(
                orders=count(orders),
                visits=count(sessions),
                rate=percent(rate),
                low=percent(sure.low),
                high=percent(sure.high),
                line=percent(settings.threshold),
            ),
            _(
                "{n} pages with {fewest} visits or more were compared, and the line was drawn so"
                " that a healthy shop is accused in {alpha} of cases at most."
            ).format(
                n=count(facts.tested),
                fewest=count(settings.fewest_sessions),
                alpha=percent(settings.alpha),
            ),
            _(
                "At the rate of your other pages these visits would bring {n} more orders a month."
            ).format(n=count(lost)),
        ),
        confidence=believed(0.66, (settings.threshold - sure.high) / settings.threshold * 2),
        metric="conversion",
        value=rate,
        threshold=settings.threshold,
        unit="share",
        window=_("{n} days").format(n=settings.days),
        sample_size=sessions,
        interval=sure,
        severity=severity,
        falls=True,
        impact=Impact(
            metric="conversion",
            baseline=rate,
            low=low,
            high=high,
            unit="share",
            timeframe_days=30,
            text=_("of visits to these pages buy, if a tenth to a half of the gap closes"),
            worth=a_month * ((low + high) / 2 - rate) * facts.order_value,
        ),
        inputs={"focus_areas": FOCUS, "days": settings.days, "fix_sort_order": True},
        evidence=tuple(_row(page) for page in pages),
        target=target,
        priority="high" if severity >= 2 else "normal",
        facts={"pages": [page.name for page in pages] if target else [], "tested": facts.tested},
    )


def _row(page: Page) -> Evidence:
    sure = wilson(page.orders, page.sessions)
    return Evidence(
        label=page.name,
        cells=(
            ("sessions", page.sessions),
            ("orders", page.orders),
            ("rate", round(page.rate, 5)),
            ("high", round(sure.high, 5)),
        ),
    )


def _chart(shop: Shop, weeks: Mapping[int, float], settings: Limits) -> Chart | None:
    if len(weeks) < 3:
        return None
    values = tuple(weeks.get(week, 0.0) for week in range(WEEKS - 1, -1, -1))
    return Chart(
        finding=_("Conversion week by week; the last one is {rate}").format(
            rate=percent(values[-1])
        ),
        labels=week_labels(shop.until, WEEKS),
        values=values,
        name=_("Conversion"),
        goal=settings.threshold,
        goal_name=_("Your line"),
        unit="share",
    )
