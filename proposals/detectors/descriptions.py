"""Products nobody has described."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import exp, log
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
from proposals.detectors.reading import Reader
from proposals.detectors.registry import register
from proposals.detectors.wording import count, decimal, percent
from proposals.statistics.intervals import Interval
from proposals.statistics.means import difference

# Visits to a page that gets a text, more by (low, high): cautious beside what shops report.
GAINS = (0.05, 0.25)
MONTH = 30
SHOWN_TYPES = 8
MOST_IDS = 500


class Limits(DetectorInput):
    threshold: float = pydantic.Field(
        0.30,
        gt=0,
        le=1,
        title="Without a text",
        description="Share of the catalogue from which it is said: 0.3 is 30%.",
    )
    fewest_products: int = pydantic.Field(10, ge=3, title="Fewest products")
    days: int = pydantic.Field(28, ge=7, le=180, title="Days of visits looked at")


@dataclass(frozen=True, slots=True)
class Facts:
    """``by_type`` is (type, products, without) of active products."""

    products: int
    without: int
    by_type: tuple[tuple[str, int, int], ...]


# A description that holds nothing but markup and spaces is none.
TEXT = "btrim(regexp_replace(product.description_html, '<[^>]*>|&nbsp;|[[:space:]]+', ' ', 'g'))"

READ = f""",
kinds AS (
    SELECT shop.tenant_id, product.product_type AS kind, count(*) AS products,
           count(*) FILTER (WHERE {TEXT} = '') AS without
    FROM shop JOIN stores_product product
      ON product.tenant_id = shop.tenant_id AND product.status = 'active'
    GROUP BY 1, 2
)
SELECT tenant_id, sum(products), sum(without), array_agg(kind ORDER BY without DESC, kind),
       array_agg(products ORDER BY without DESC, kind),
       array_agg(without ORDER BY without DESC, kind)
FROM kinds GROUP BY 1
"""  # noqa: S608 -- constants

PRODUCTS = f""",
visits AS (
    SELECT shop.tenant_id, day.name, sum(day.sessions) AS sessions
    FROM shop JOIN stores_trafficday day
      ON day.tenant_id = shop.tenant_id AND day.breakdown = 'page'
     AND day.date > shop.until - shop.days AND day.date <= shop.until
    GROUP BY 1, 2
),
sold AS (
    SELECT shop.tenant_id, variant.product_id, sum(line.amount) AS revenue
    FROM shop
    JOIN stores_orderline line ON line.tenant_id = shop.tenant_id
     AND line.placed_on > shop.until - 90 AND line.placed_on <= shop.until
    JOIN stores_variant variant
      ON variant.tenant_id = line.tenant_id AND variant.id = line.variant_id
    GROUP BY 1, 2
)
SELECT shop.tenant_id, product.id, product.title, {TEXT} = '',
       coalesce(visits.sessions, 0), coalesce(sold.revenue, 0)
FROM shop
JOIN stores_product product ON product.tenant_id = shop.tenant_id AND product.status = 'active'
LEFT JOIN visits ON visits.tenant_id = product.tenant_id
      AND visits.name = '/products/' || product.handle
LEFT JOIN sold ON sold.tenant_id = product.tenant_id AND sold.product_id = product.id
ORDER BY 1, 6 DESC, 2
"""  # noqa: S608 -- constants


@register
class ProductsWithoutDescriptions(Detector):
    id = "products_without_descriptions"
    version = 1
    title = _l("Products without a description")
    about = _l("Active products whose page says nothing. All are counted, none is estimated.")
    family = "catalog"
    workflow_type_id = "content.product_descriptions"
    template_ids = ("template_product_descriptions",)
    Settings = Limits
    false_alarms = 0.0
    power = 1.0
    planted = _l("40% of the products without a text")

    def read(self, reader: Reader, shops: Sequence[tuple[Shop, Any]]) -> Mapping[str, Any]:
        rows = reader.ask(READ, [(shop, {}) for shop, _settings in shops])
        return {
            tenant_id: Facts(
                int(products), int(without), tuple(zip(kinds, numbers, lacking, strict=True))
            )
            for tenant_id, products, without, kinds, numbers, lacking in rows
        }

    def judge(self, shop: Shop, facts: Facts, settings: Limits) -> Sequence[Finding]:
        if facts.products < settings.fewest_products:
            return []
        share = facts.without / facts.products
        return [_finding(facts, share, settings)] if share >= settings.threshold else []

    def illustrate(
        self, reader: Reader, found: Sequence[tuple[Shop, Any, Finding]]
    ) -> Mapping[tuple[str, str], Finding]:
        asked = [(shop, {"days": settings.days}) for shop, settings, _f in found]
        products: dict[str, list[tuple]] = {}
        for tenant_id, *row in reader.ask(PRODUCTS, asked):
            products.setdefault(tenant_id, []).append(tuple(row))
        return {
            (shop.tenant_id, finding.target): _illustrated(
                finding, products.get(shop.tenant_id, []), settings
            )
            for shop, settings, finding in found
        }


def _finding(facts: Facts, share: float, settings: Limits) -> Finding:
    title = ngettext(
        "Write a description for {n} product", "Write descriptions for {n} products", facts.without
    )
    kinds = [row for row in facts.by_type if row[2]][:SHOWN_TYPES]
    return Finding(
        title=title.format(n=count(facts.without)),
        description=_("{share} of the catalogue has no text at all.").format(share=percent(share)),
        reasoning=(
            _("{without} of {all} active products have no description.").format(
                without=count(facts.without), all=count(facts.products)
            ),
            _("This is a count of all of them; the line is {line}.").format(
                line=percent(settings.threshold)
            ),
        ),
        confidence=believed(0.80, (share - settings.threshold) / settings.threshold),
        metric="products_without_description",
        value=share,
        threshold=settings.threshold,
        unit="share",
        window=_("the catalogue as it is"),
        sample_size=facts.products,
        interval=Interval(share, share),
        severity=share / settings.threshold,
        impact=Impact(
            metric="described_products",
            baseline=facts.products - facts.without,
            low=facts.products,
            high=facts.products,
            unit="count",
            timeframe_days=60,
            text=_("products with a description"),
        ),
        inputs={},
        priority="high" if share >= 1.5 * settings.threshold else "normal",
        lasts=timedelta(days=21),
        chart=Chart(
            finding=_("Products without a description, by type"),
            labels=tuple(kind or _("no type") for kind, _all, _without in kinds),
            values=tuple(float(without) for _kind, _all, without in kinds),
            name=_("Without a description"),
            kind="bars",
            unit="count",
        ),
    )


def _illustrated(finding: Finding, products: Sequence[tuple], settings: Limits) -> Finding:
    lacking = [row for row in products if row[2]]
    rows = tuple(
        Evidence(
            label=title,
            id=product_id,
            cells=(("sessions", int(sessions)), ("revenue", round(float(revenue), 2))),
        )
        for product_id, title, _lacks, sessions, revenue in lacking
    )
    finding = replace(
        finding,
        evidence=rows,
        inputs={"product_ids": [row.id for row in rows[:MOST_IDS]]},
    )
    visits = sum(int(row[3]) for row in lacking) * MONTH / settings.days
    return _with_visits(finding, products, lacking, visits) if visits else finding


def _with_visits(
    finding: Finding, products: Sequence[tuple], lacking: Sequence[tuple], visits: float
) -> Finding:
    """Visits say what it is worth; how described pages do in this shop is told, not relied on."""
    revenue, all_visits = sum(float(row[4]) for row in products), sum(row[3] for row in products)
    # 90 days of sales against the days of visits, both brought to one visit.
    per_visit = revenue / 90 * 28 / float(all_visits) if all_visits else 0.0
    low, high = (visits * (1 + gain) for gain in GAINS)
    impact = Impact(
        metric="product_page_sessions_month",
        baseline=visits,
        low=low,
        high=high,
        unit="count",
        timeframe_days=60,
        text=_("visits a month to these pages, if they gain between 5% and 25%"),
        worth=((low + high) / 2 - visits) * per_visit,
    )
    ratio = _seen_here(products)
    reasons = finding.reasoning + ((ratio,) if ratio else ())
    return replace(finding, impact=impact, reasoning=reasons)


def _seen_here(products: Sequence[tuple]) -> str:
    """How often pages with a text are visited against those without: a ratio with its interval."""
    logs = [(bool(row[2]), log(float(row[3]) + 1)) for row in products]
    found = difference([x for lacks, x in logs if not lacks], [x for lacks, x in logs if lacks])
    if min(sum(lacks for lacks, _x in logs), sum(not lacks for lacks, _x in logs)) < 10:
        return ""
    if abs(found.interval.high) > 5 or abs(found.interval.low) > 5:
        return ""
    return _(
        "In this shop pages with a text are visited {ratio} times as often as pages without,"
        " {low} to {high}; part of that may be that the better products were described first."
    ).format(
        ratio=decimal(exp(found.value)),
        low=decimal(exp(found.interval.low)),
        high=decimal(exp(found.interval.high)),
    )
