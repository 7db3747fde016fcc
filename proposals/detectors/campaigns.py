"""A shop that has stopped writing to its customers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import mean, median, stdev
from typing import Any

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
from proposals.detectors.reading import Reader
from proposals.detectors.registry import register
from proposals.detectors.wording import count, full_day, money
from proposals.statistics.student import t_quantile

MONTHS = 12
FEWEST_SENT = 4


class Limits(DetectorInput):
    threshold: int = pydantic.Field(30, ge=7, le=365, title="Days without a campaign")
    fewest_customers: int = pydantic.Field(
        50, ge=1, title="Fewest customers", description="Who bought within a year."
    )
    planned_days: int = pydantic.Field(
        14, ge=1, le=90, title="Days ahead in which a planned one counts"
    )


@dataclass(frozen=True, slots=True)
class Sent:
    id: str
    name: str
    day: date
    recipients: int
    orders: int
    revenue: float


@dataclass(frozen=True, slots=True)
class Facts:
    """``sent`` of the last year, oldest first. ``customers`` bought within a year."""

    sent: tuple[Sent, ...]
    planned: date | None
    customers: int


READ = """,
bought AS (
    SELECT shop.tenant_id, count(DISTINCT placed.customer_hash) AS customers
    FROM shop JOIN stores_order placed
      ON placed.tenant_id = shop.tenant_id AND placed.customer_hash <> ''
     AND placed.placed_at >= (shop.until - 365)::timestamp AT TIME ZONE shop.timezone
     AND placed.placed_at < (shop.until + 1)::timestamp AT TIME ZONE shop.timezone
    GROUP BY 1
)
SELECT shop.tenant_id, campaign.id, campaign.name, campaign.status,
       (CASE campaign.status WHEN 'sent' THEN campaign.sent_at ELSE campaign.scheduled_at END
            AT TIME ZONE shop.timezone)::date,
       campaign.recipients, campaign.orders, campaign.revenue, coalesce(bought.customers, 0)
FROM shop
JOIN stores_campaign campaign ON campaign.tenant_id = shop.tenant_id
 AND (campaign.status = 'sent'
      AND campaign.sent_at < (shop.until + 2)::timestamp AT TIME ZONE shop.timezone
      OR campaign.status = 'scheduled' AND campaign.scheduled_at IS NOT NULL)
LEFT JOIN bought ON bought.tenant_id = shop.tenant_id
ORDER BY 1, 5, 2
"""


@register
class NoRecentCampaigns(Detector):
    id = "no_recent_campaigns"
    version = 1
    title = _l("No campaign for a while")
    about = _l("Days since the last mailing of a shop that used to write, with none planned.")
    family = "marketing"
    workflow_type_id = "marketing.launch_campaign"
    defining = ("segments",)
    Settings = Limits
    false_alarms = 0.0
    power = 1.0
    planted = _l("41 days of silence after a mailing every 19")

    def read(self, reader: Reader, shops: Sequence[tuple[Shop, Any]]) -> Mapping[str, Any]:
        sent: dict[str, list[Sent]] = {}
        planned: dict[str, date] = {}
        customers: dict[str, int] = {}
        for row in reader.ask(READ, [(shop, {}) for shop, _settings in shops]):
            tenant_id, campaign_id, name, status, day, recipients, orders, revenue, people = row
            customers[tenant_id] = people
            if status == "sent":
                mailing = Sent(campaign_id, name, day, recipients, orders, float(revenue))
                sent.setdefault(tenant_id, []).append(mailing)
            else:
                planned[tenant_id] = min(day, planned.get(tenant_id, day))
        return {
            tenant_id: Facts(
                tuple(sent.get(tenant_id, ())), planned.get(tenant_id), customers[tenant_id]
            )
            for tenant_id in customers
        }

    def judge(self, shop: Shop, facts: Facts, settings: Limits) -> Sequence[Finding]:
        if not facts.sent or facts.customers < settings.fewest_customers:
            return []
        if facts.planned and facts.planned <= shop.today + timedelta(days=settings.planned_days):
            return []
        silent = (shop.today - facts.sent[-1].day).days
        return [_finding(shop, facts, silent, settings)] if silent >= settings.threshold else []


def _finding(shop: Shop, facts: Facts, silent: int, settings: Limits) -> Finding:
    year = [mail for mail in facts.sent if (shop.today - mail.day).days <= 365]
    last = facts.sent[-1]
    usual = _usual_gap(facts.sent)
    severity = min(silent / settings.threshold, 20.0)
    return Finding(
        title=_("No campaign for {n} days").format(n=count(silent)),
        description=_(
            "{customers} people bought from you within a year; the last mailing went out on {day}"
            " and none is planned."
        ).format(customers=count(facts.customers), day=full_day(last.day)),
        reasoning=tuple(_reasons(shop, facts, year, silent, usual, settings)),
        confidence=believed(0.70, 1.0 if usual and silent > usual else 0.3),
        metric="days_without_campaign",
        value=float(silent),
        threshold=float(settings.threshold),
        unit="days",
        window=_("the last year"),
        sample_size=len(year),
        severity=severity,
        impact=_impact(shop, year),
        inputs={
            "campaign_name": _("News of {day}").format(day=full_day(shop.today)),
            "segments": ["champions", "loyal", "at_risk"],
        },
        evidence=tuple(_row(mail) for mail in reversed(year)),
        priority="high" if severity >= 2 else "normal",
        chart=_chart(shop, year),
        facts={"last": last.day.isoformat(), "usual_gap": usual, "customers": facts.customers},
    )


def _reasons(
    shop: Shop,
    facts: Facts,
    year: Sequence[Sent],
    silent: int,
    usual: float | None,
    settings: Limits,
) -> list[str]:
    reasons = [
        _("The last one was “{name}” on {day}; the line is {line} days.").format(
            name=facts.sent[-1].name, day=full_day(facts.sent[-1].day), line=settings.threshold
        )
    ]
    if usual:
        reasons.append(
            _("Until then there was one every {usual} days or so, {n} within a year.").format(
                usual=count(usual), n=count(len(year))
            )
        )
    orders = sum(mail.orders for mail in year)
    if orders:
        reasons.append(
            _("They brought {orders} orders and {revenue}, {each} each.").format(
                orders=count(orders),
                revenue=money(sum(mail.revenue for mail in year), shop.currency),
                each=money(mean(mail.revenue for mail in year), shop.currency),
            )
        )
    return reasons


def _usual_gap(sent: Sequence[Sent]) -> float | None:
    gaps = [(b.day - a.day).days for a, b in pairwise(sent)]
    return float(median(gaps)) if gaps else None


def _impact(shop: Shop, year: Sequence[Sent]) -> Impact:
    """What this shop's own mailings brought, with the interval of their mean."""
    revenues = [mail.revenue for mail in year]
    if len(revenues) >= FEWEST_SENT and sum(revenues) > 0:
        middle = mean(revenues)
        freedom = len(revenues) - 1
        reach = t_quantile(0.975, freedom) * stdev(revenues) / len(revenues) ** 0.5
        low, high = max(0.0, middle - reach), middle + reach
        text = _("sales from one mailing, as your {n} of the last year brought").format(
            n=len(revenues)
        )
        return Impact("campaign_revenue", 0.0, low, high, shop.currency, 14, text, middle)
    return Impact("campaigns", 0.0, 1.0, 1.0, "count", 14, _("mailing sent"))


def _row(mail: Sent) -> Evidence:
    return Evidence(
        label=mail.name,
        id=mail.id,
        cells=(
            ("day", mail.day.isoformat()),
            ("recipients", mail.recipients),
            ("orders", mail.orders),
            ("revenue", round(mail.revenue, 2)),
        ),
    )


def _chart(shop: Shop, year: Sequence[Sent]) -> Chart:
    """Mailings in each of twelve spans of thirty days."""
    spans = [0] * MONTHS
    for mail in year:
        back = (shop.today - mail.day).days // 30
        if back < MONTHS:
            spans[MONTHS - 1 - back] += 1
    ends = [shop.today - timedelta(days=30 * back) for back in range(MONTHS - 1, -1, -1)]
    return Chart(
        finding=_("Mailings in thirty days, at last {n}").format(n=spans[-1]),
        labels=tuple(day.isoformat() for day in ends),
        values=tuple(float(number) for number in spans),
        name=_("Mailings in thirty days"),
        kind="bars",
        unit="count",
    )
