"""What holds for each of the seven types, on random shops: plans write nothing, plans repeat, runs
do what was planned, undo gives back what was there."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest

from core.scope import scope
from stores.models import (
    Campaign,
    Post,
    Product,
    ProductImage,
    Promotion,
    PromotionProduct,
    StoreProfile,
    Variant,
)
from tests.stores.factories import make_image, make_order, make_product, make_variant
from tests.workflows.types.shops import TODAY, make_clock, make_market_price, plan_for
from workflows import services
from workflows.models import Workflow
from workflows.types import registry

SEVEN = {
    "content.product_descriptions": {},
    "marketing.conversion_optimization": {"fix_sort_order": True},
    "marketing.launch_campaign": {
        "segments": ["loyal", "lapsed", "promising"],
        "smallest_segment": 1,
    },
    "marketing.seasonal_campaign": {"holiday": "black_friday"},
    "pricing.dynamic_pricing": {"market_max_age_days": 30},
    "seo.audit": {"fix_slugs": True},
    "social.content_calendar": {"platforms": ["instagram"], "posts": 10},
}
TITLES = (
    "RED ENAMEL LANTERN",
    "SET/6 BLUE GINGHAM NAPKINS PAPER",
    "Robin stoneware mugs, set of 4",
    "  Linen   notebook, A5 ",
    "<b>Bold</b> & “quoted” mug",
    "مصباح",
    "🎄 Christmas bauble 🎁",
    "HOT WATER BOTTLE TARTAN GREEN",
    "Gift card",
    "x" * 480,
    "=1+1 mug",
    "Wool scarf\u202e",
    "Candle snuffer, brass",
    "CHRISTMAS GARLAND FELT STARS 2M",
    "Walnut cheese board, large",
)
TABLES = (Product, Variant, ProductImage, Campaign, Post, Promotion, PromotionProduct)


def make_random_shop(tenant, seed: int) -> None:
    """Some of everything a shop can hold, odd and awkward more often than in life."""
    chance = Random(seed)
    make_clock(tenant)
    StoreProfile.objects.filter(tenant=tenant).update(name="Example & Sons")
    variants = [v for n, title in enumerate(TITLES) for v in _product(tenant, chance, n, title)]
    for customer in range(12):
        for _visit in range(chance.randint(1, 5)):
            lines = [
                (chance.choice(variants), chance.choice([1, 2, 5, 40, -1]), Decimal("9.99"))
                for _ in range(chance.randint(1, 3))
            ]
            day = TODAY - timedelta(days=chance.randint(0, 400))
            make_order(tenant, day=day, customer_hash=f"{customer:032}", lines=lines)


def _product(tenant, chance: Random, number: int, title: str) -> list[Variant]:
    product = make_product(
        tenant,
        title=title,
        handle=chance.choice([f"handle-{number}", f"copy-of-{number}", ""]),
        external_key=f"key-{number}",
        description_html=chance.choice(["", "<p>Thin.</p>", "<p>" + "Word " * 60 + "</p>"]),
        vendor=chance.choice(["", "Alder & Sons"]),
        product_type=chance.choice(["", "Candles", "Mugs"]),
        tags=chance.sample(["christmas", "red", "gift-card", "mug"], chance.randint(0, 2)),
        seo_title=chance.choice(["", "Same for all", title[:100]]),
        seo_description=chance.choice(["", "Same for all"]),
        status=chance.choice(["active", "active", "active", "archived"]),
        needs_image=chance.choice([True, False]),
    )
    for _ in range(chance.randint(0, 2)):
        make_image(product, alt=chance.choice(["", "A picture"]))
    return [_variant(chance, product, place) for place in range(chance.randint(1, 3))]


def _variant(chance: Random, product: Product, place: int) -> Variant:
    price = chance.choice([None, "0.00", "0.85", "4.95", "12.50", "99.99"])
    variant = make_variant(
        product,
        position=place,
        price=price,
        cost=chance.choice([None, "0.00", "0.40", "3.00", "50.00"]),
        compare_at_price=chance.choice([None, "0.85", "5.00", "120.00"]),
        options=[{"name": "Size", "value": str(place)}],
    )
    for seller in range(chance.randint(0, 3)):
        asked = f"{chance.uniform(0.5, 120):.2f}"
        make_market_price(variant, asked, seller=f"Seller {seller}", age=chance.randint(0, 40))
    return variant


def whole_shop() -> list[list[tuple]]:
    """Every value of every row, times of change aside."""
    return [
        [
            tuple((name, value) for name, value in sorted(row.items()) if name != "updated_at")
            for row in model.objects.order_by("pk").values()
        ]
        for model in TABLES
    ]


def test_there_are_seven_and_each_is_described():
    kinds = {kind.id: kind for kind in registry.all() if not kind.id.startswith("test.")}
    assert set(kinds) == set(SEVEN)
    for kind in kinds.values():
        assert str(kind.title)
        assert str(kind.description)
        for name, field in kind.Inputs.model_fields.items():
            assert field.title, f"{kind.id}.{name} has no title"
            assert field.description, f"{kind.id}.{name} has no help"
        assert kind.Inputs()
        assert kind.schema()["type"] == "object"


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("type_id", SEVEN)
def test_plan_run_and_undo(in_tenant, cast, type_id, seed):
    make_random_shop(in_tenant, seed)
    before = whole_shop()

    plan = plan_for(cast, type_id, **SEVEN[type_id])

    assert whole_shop() == before
    assert plan_for(cast, type_id, **SEVEN[type_id]).fingerprint == plan.fingerprint
    run = services.create_workflow(
        plan=plan, name="Run", inputs=plan.inputs, draft_id=None, actor=cast.actor("eddie")
    )
    assert _done(run).fidelity == 1
    assert (whole_shop() != before) == (plan.change_count > 0)
    services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
    assert _done(run).status == "undone"
    assert whole_shop() == before


def _done(run: Workflow) -> Workflow:
    services.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
    with scope(tenant_id=run.tenant_id):
        return Workflow.objects.get(pk=run.pk)
