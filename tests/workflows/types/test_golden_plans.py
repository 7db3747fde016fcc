"""What people read of plans, twenty of each: sentences with figures and warnings, and reports.

After a change that is meant: ``CODEX_WRITE_GOLDENS=1``, then read the difference as a merchant.
"""

from datetime import timedelta
from decimal import Decimal

import pytest

from stores.models import SearchQuery, StoreProfile, TrafficDay
from tests.stores.factories import make_image, make_order, make_product, make_variant
from tests.workflows.text.catalogue import CATALOGUE
from tests.workflows.text.goldens import agrees
from tests.workflows.types.examples import rolled_back
from tests.workflows.types.shops import (
    TODAY,
    artifact,
    make_clock,
    make_market_price,
    plan_for,
)
from workflows.text.markup import visible_lines

pytestmark = pytest.mark.django_db
SLICES = [CATALOGUE[at % 18 : at % 18 + 3] for at in range(0, 30, 3)]
SENTENCES = [
    ("content.product_descriptions", {}),
    ("content.product_descriptions", {"tone": "plain", "length": "short", "max_items": 5}),
    ("content.product_descriptions", {"overwrite": "all", "target_keywords": ["red mug"]}),
    ("pricing.dynamic_pricing", {}),
    ("pricing.dynamic_pricing", {"direction": "down", "margin_floor_percent": "20"}),
    ("pricing.dynamic_pricing", {"direction": "up", "max_step_percent": "25"}),
    ("pricing.dynamic_pricing", {"minimum_sellers": 9}),
    ("seo.audit", {}),
    ("seo.audit", {"fix_slugs": True, "checks": ["slugs"]}),
    ("seo.audit", {"fix_titles": False, "fix_descriptions": False, "fix_alt_texts": False}),
    ("social.content_calendar", {"start_date": "2030-05-06"}),
    (
        "social.content_calendar",
        {"start_date": "2030-05-06", "platforms": ["instagram", "x", "pinterest"], "posts": 3},
    ),
    ("social.content_calendar", {"start_date": "2030-05-06", "product_focus": "lantern"}),
    ("marketing.launch_campaign", {"send_date": "2030-05-06", "smallest_segment": 1}),
    (
        "marketing.launch_campaign",
        {"send_date": "2030-05-06", "segments": ["loyal"], "smallest_segment": 1},
    ),
    ("marketing.seasonal_campaign", {"starts_on": "2030-12-01"}),
    (
        "marketing.seasonal_campaign",
        {"starts_on": "2030-02-01", "holiday": "valentines_day", "discount_percent": 40},
    ),
    ("marketing.conversion_optimization", {}),
    ("marketing.conversion_optimization", {"fix_sort_order": True, "focus_areas": "sort_order"}),
    ("marketing.conversion_optimization", {"focus_areas": ["landing_pages", "checkout_flow"]}),
]


def make_shop(tenant, rows=CATALOGUE) -> None:
    make_clock(tenant)
    StoreProfile.objects.filter(tenant=tenant).update(name="Example & Sons")
    made = [_product(tenant, number, facts) for number, facts in enumerate(rows)]
    for customer in range(8):
        for visit in range(1 + customer % 4):
            day = TODAY - timedelta(days=5 + 11 * customer + 20 * visit)
            line = (made[(customer + visit) % len(made)], 1 + visit, Decimal("12.00"))
            make_order(tenant, day=day, customer_hash=f"{customer:032}", lines=[line])
    _visits(tenant, made)


def _product(tenant, number: int, facts):
    """With an id of its own: writers draw by it."""
    product = make_product(
        tenant,
        id=f"product_{facts.id}",
        title=facts.title,
        handle=f"copy-of-{number}" if number % 8 == 7 else f"product-{facts.id}",
        description_html=facts.text,
        product_type=facts.product_type,
        tags=list(facts.tags),
        vendor=facts.vendor,
        seo_title="A title that is a good deal too long " * 2 if number % 9 == 4 else "",
    )
    variant = make_variant(
        product,
        price=Decimal(f"{10 + number % 4}.95"),
        cost=None if number % 6 == 5 else Decimal(4 + number % 6),
        compare_at_price="10.00" if number % 7 == 3 else None,
    )
    for seller, asked in enumerate((f"{9 + number % 7}.90", f"{10 + number % 5}.50")):
        if number % 5:
            make_market_price(variant, asked, seller=f"Seller {seller}")
    if number % 4:
        day = TODAY - timedelta(days=10)
        make_order(tenant, day=day, lines=[(variant, number % 4, variant.price)])
    if number % 3:
        make_image(product)
    return variant


def _visits(tenant, made) -> None:
    pages = [("", "total", 9_000, 300), ("/", "page", 6_000, 270)]
    pages += [(f"/products/{v.product.handle}", "page", 400, n % 15) for n, v in enumerate(made)]
    for name, breakdown, sessions, orders in pages:
        TrafficDay.objects.create(
            tenant=tenant,
            date=TODAY,
            breakdown=breakdown,
            name=name,
            sessions=sessions,
            key_events=orders,
            revenue=orders * 30,
        )
    SearchQuery.objects.create(
        tenant=tenant,
        query="christmas lantern",
        page=f"/products/{made[0].product.handle}",
        clicks=4,
        impressions=900,
        position="3.2",
        starts_on=TODAY - timedelta(days=27),
        ends_on=TODAY,
    )


def told(plan) -> str:
    summary = plan.summary
    lines = [f"{plan.workflow_type_id}: {summary['effect']}"]
    for metric in summary["metrics"]:
        hint = f" ({metric['hint']})" if metric["hint"] else ""
        lines.append(f"  {metric['label']}: {metric['display']}{hint}")
    for warning in summary["warnings"]:
        names = f" [{', '.join(warning['targets'][:4])}]" if warning["targets"] else ""
        lines.append(f"  ! {warning['text']}{names}")
    return "\n".join(lines)


def test_twenty_sentences_read_as_agreed(in_tenant, cast):
    make_shop(in_tenant)
    texts = [told(plan_for(cast, type_id, **asked)) for type_id, asked in SENTENCES]
    assert agrees("sentences.txt", "\n\n".join(texts) + "\n")


def test_twenty_reports_read_as_agreed(in_tenant, cast):
    texts = []
    for rows in SLICES:
        with rolled_back():
            make_shop(in_tenant, rows)
            for type_id, name in (
                ("seo.audit", "seo-audit.html"),
                ("marketing.conversion_optimization", "conversion.html"),
            ):
                html = artifact(plan_for(cast, type_id), name)
                for end in ("</td>", "</th>", "</dt>"):
                    html = html.replace(end, f" · {end}")
                lines = visible_lines(html)
                texts.append("\n".join(lines[1:]))
    assert len(texts) == 20
    assert agrees("reports.txt", "\n\n".join(texts) + "\n")
