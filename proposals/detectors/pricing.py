"""Prices that stand away from the market, weighed by what they sell."""

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
from proposals.detectors.wording import count, money, moved, percent
from proposals.statistics.means import weighted_mean

WEEKS = 12
DAYS = 90
MONTH = 30
# How many per cent fewer are bought for each per cent a price rises: little, and much.
ELASTICITY = (-0.4, -1.2)
CLOSES = 0.5
CERTAIN = 0.95
MOST_IDS = 10_000


class Limits(DetectorInput):
    threshold: float = pydantic.Field(
        0.10,
        gt=0,
        lt=1,
        title="Away from the market",
        description="Share, weighed by sales: 0.1 is 10%.",
    )
    fewest_products: int = pydantic.Field(
        5, ge=2, title="Fewest prices", description="With a market price and sales."
    )
    newest_days: int = pydantic.Field(
        30, ge=1, le=365, title="Market prices at most this old (days)"
    )


@dataclass(frozen=True, slots=True)
class Priced:
    """``market`` is the median over sellers; ``units`` and ``revenue`` are of 90 days."""

    variant_id: int
    product_id: str
    title: str
    price: float
    cost: float | None
    market: float
    sellers: int
    units: int
    revenue: float

    @property
    def gap(self) -> float:
        """0.12: the market asks 12 % more."""
        return self.market / self.price - 1


Facts = tuple[Priced, ...]

READ = """,
asked AS (
    SELECT shop.tenant_id, market.variant_id, count(*) AS sellers,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY market.price) AS price
    FROM shop JOIN stores_marketprice market
      ON market.tenant_id = shop.tenant_id AND market.observed_on <= shop.until
     AND market.observed_on > shop.until - shop.newest_days
     AND (market.replaced_on IS NULL OR market.replaced_on > shop.until)
    GROUP BY 1, 2
),
sold AS (
    SELECT shop.tenant_id, line.variant_id, sum(line.quantity) AS units,
           sum(line.amount) AS revenue
    FROM shop JOIN stores_orderline line
      ON line.tenant_id = shop.tenant_id AND line.kind <> 'adjustment'
     AND line.placed_on > shop.until - 90 AND line.placed_on <= shop.until
    GROUP BY 1, 2
)
SELECT variant.tenant_id, variant.id, product.id,
       concat_ws(' · ', product.title, nullif(variant.title, '')),
       variant.price, variant.cost, asked.price, asked.sellers, sold.units, sold.revenue
FROM asked
JOIN sold USING (tenant_id, variant_id)
JOIN stores_variant variant
  ON variant.tenant_id = asked.tenant_id AND variant.id = asked.variant_id
JOIN stores_product product
  ON product.tenant_id = variant.tenant_id AND product.id = variant.product_id
 AND product.status = 'active'
WHERE variant.price > 0 AND sold.revenue > 0 AND sold.units > 0
ORDER BY 1, 2
"""

BY_WEEK = """,
weeks AS (
    SELECT shop.tenant_id, week, shop.until - 7 * week AS day
    FROM shop, generate_series(0, shop.weeks - 1) AS week
),
asked AS (
    SELECT weeks.tenant_id, weeks.week, market.variant_id,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY market.price) AS price
    FROM weeks JOIN stores_marketprice market
      ON market.tenant_id = weeks.tenant_id AND market.observed_on <= weeks.day
     AND market.observed_on > weeks.day - 30
     AND (market.replaced_on IS NULL OR market.replaced_on > weeks.day)
    GROUP BY 1, 2, 3
),
sold AS (
    SELECT shop.tenant_id, line.variant_id, sum(line.amount) AS revenue
    FROM shop JOIN stores_orderline line
      ON line.tenant_id = shop.tenant_id AND line.kind <> 'adjustment'
     AND line.placed_on > shop.until - 90 AND line.placed_on <= shop.until
    GROUP BY 1, 2
)
SELECT asked.tenant_id, asked.week,
       sum(sold.revenue * asked.price / variant.price) / sum(sold.revenue)
FROM asked
JOIN sold USING (tenant_id, variant_id)
JOIN stores_variant variant
  ON variant.tenant_id = asked.tenant_id AND variant.id = asked.variant_id
WHERE variant.price > 0 AND sold.revenue > 0
GROUP BY 1, 2
"""


@register
class PricingOpportunity(Detector):
    id = "pricing_opportunity"
    version = 1
    title = _l("Prices away from the market")
    about = _l("What you ask against the median of other sellers, weighed by what it sells.")
    family = "catalog"
    workflow_type_id = "pricing.dynamic_pricing"
    template_ids = ("template_follow_market",)
    Settings = Limits
    false_alarms = 0.02
    power = 0.9
    planted = _l("a market 20% above the shop, spread 8% from product to product")

    def read(self, reader: Reader, shops: Sequence[tuple[Shop, Any]]) -> Mapping[str, Any]:
        asked = [(shop, {"newest_days": settings.newest_days}) for shop, settings in shops]
        found: dict[str, list[Priced]] = {}
        for tenant_id, variant, product, title, *figures in reader.ask(READ, asked):
            price, cost, market, sellers, units, revenue = figures
            found.setdefault(tenant_id, []).append(
                Priced(
                    variant_id=variant,
                    product_id=product,
                    title=title,
                    price=float(price),
                    cost=None if cost is None else float(cost),
                    market=float(market),
                    sellers=sellers,
                    units=int(units),
                    revenue=float(revenue),
                )
            )
        return {tenant_id: tuple(rows) for tenant_id, rows in found.items()}

    def judge(self, shop: Shop, facts: Facts, settings: Limits) -> Sequence[Finding]:
        if len(facts) < settings.fewest_products:
            return []
        mean = weighted_mean([p.gap for p in facts], [p.revenue for p in facts], CERTAIN)
        if abs(mean.value) < settings.threshold or 0.0 in mean.interval:
            return []
        return [_finding(shop, facts, mean, settings)]

    def illustrate(
        self, reader: Reader, found: Sequence[tuple[Shop, Any, Finding]]
    ) -> Mapping[tuple[str, str], Finding]:
        weeks: dict[str, dict[int, float]] = {}
        asked = [(shop, {"weeks": WEEKS}) for shop, _s, _f in found]
        for tenant_id, week, ratio in reader.ask(BY_WEEK, asked):
            weeks.setdefault(tenant_id, {})[week] = float(ratio) - 1
        return {
            (shop.tenant_id, finding.target): replace(
                finding, chart=_chart(shop, weeks.get(shop.tenant_id, {}))
            )
            for shop, _settings, finding in found
        }


def _finding(shop: Shop, facts: Facts, mean: Any, settings: Limits) -> Finding:
    under = mean.value > 0
    away = sorted(
        (p for p in facts if (p.gap if under else -p.gap) >= settings.threshold),
        key=lambda p: (-abs(p.gap) * p.revenue, p.variant_id),
    )
    title = (
        ngettext("Raise {n} price that is under market", "Raise {n} prices under market", len(away))
        if under
        else ngettext(
            "Lower {n} price that is over market", "Lower {n} prices over market", len(away)
        )
    )
    where = _("below") if under else _("above")
    return Finding(
        title=title.format(n=count(len(away))),
        description=_("Weighed by sales, what you sell stands {gap} {where} the market.").format(
            gap=percent(abs(mean.value) / (1 + mean.value) if under else abs(mean.value)),
            where=where,
        ),
        reasoning=tuple(_reasons(shop, facts, away, mean, settings)),
        confidence=believed(0.72, (abs(mean.value) - settings.threshold) / settings.threshold),
        metric="market_gap",
        value=abs(mean.value),
        threshold=settings.threshold,
        unit="share",
        window=_("market prices of the last {n} days").format(n=settings.newest_days),
        sample_size=len(facts),
        interval=mean.interval,
        severity=min(abs(mean.value) / settings.threshold, 20.0),
        impact=_impact(shop, away),
        inputs={
            "product_ids": list(dict.fromkeys(p.product_id for p in away))[:MOST_IDS],
            "direction": "up" if under else "down",
            "market_max_age_days": settings.newest_days,
        },
        evidence=tuple(_row(p) for p in away),
        target="under" if under else "over",
        priority="urgent" if abs(mean.value) >= 2 * settings.threshold else "high",
        facts={"direction": "up" if under else "down"},
    )


def _reasons(
    shop: Shop, facts: Facts, away: Sequence[Priced], mean: Any, settings: Limits
) -> list[str]:
    revenue, part = sum(p.revenue for p in facts), sum(p.revenue for p in away)
    return [
        _(
            "{away} of {all} priced items stand {line} or more from the median of other sellers."
        ).format(away=count(len(away)), all=count(len(facts)), line=percent(settings.threshold)),
        _("They made {share} of these items' sales in the last {days} days ({amount}).").format(
            share=percent(part / revenue), days=DAYS, amount=money(part, shop.currency)
        ),
        _(
            "The market asks {gap} of your price on average, weighed by sales; the 95% interval"
            " runs from {low} to {high}."
        ).format(
            gap=moved(mean.value),
            low=moved(mean.interval.low),
            high=moved(mean.interval.high),
        ),
    ]


def _impact(shop: Shop, away: Sequence[Priced]) -> Impact:
    """Margin a month where the cost is known, sales elsewhere; half of each gap closed."""
    known = [p for p in away if p.cost is not None]
    rows, metric = (known, "margin_month") if known else (away, "revenue_month")
    now = sum(p.units * (p.price - (p.cost or 0)) for p in rows) * MONTH / DAYS
    ends = sorted(sum(_after(p, e) for p in rows) * MONTH / DAYS for e in ELASTICITY)
    return Impact(
        metric=metric,
        baseline=now,
        low=ends[0],
        high=ends[1],
        unit=shop.currency,
        timeframe_days=30,
        text=_(
            "margin a month on these items, if half of each gap closes and one per cent of price"
            " moves demand by 0.4 to 1.2 per cent"
        )
        if known
        else _("sales a month of these items, if half of each gap closes"),
        worth=sum(ends) / 2 - now,
    )


def _after(p: Priced, elasticity: float) -> float:
    factor = 1 + p.gap * CLOSES
    return p.units * factor**elasticity * (p.price * factor - (p.cost or 0))


def _row(p: Priced) -> Evidence:
    return Evidence(
        label=p.title,
        id=p.product_id,
        cells=(
            ("price", round(p.price, 2)),
            ("market", round(p.market, 2)),
            ("change", round(p.gap, 4)),
            ("sellers", p.sellers),
            ("units", p.units),
            ("revenue", round(p.revenue, 2)),
        ),
    )


def _chart(shop: Shop, weeks: Mapping[int, float]) -> Chart | None:
    known = [week for week in range(WEEKS - 1, -1, -1) if week in weeks]
    if len(known) < 3:
        return None
    labels = week_labels(shop.until, WEEKS)
    values = tuple(weeks[week] for week in known)
    return Chart(
        finding=_("The market against today's prices, weighed by sales: {last} now").format(
            last=moved(values[-1])
        ),
        labels=tuple(labels[WEEKS - 1 - week] for week in known),
        values=values,
        name=_("Market against your price"),
        goal=0.0,
        goal_name=_("Your price"),
        unit="share",
    )
