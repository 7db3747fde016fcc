"""Shops for the tests of workflow types, and the plans made on them."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from stores.models import MarketPrice, Promotion, PromotionProduct, StoreProfile, Variant
from tests.stores.factories import make_order, make_product, make_variant
from workflows import services
from workflows.models import Plan, PlannedChange

TODAY = date(2026, 11, 23)
_numbers = count(1)


def make_clock(tenant) -> None:
    """An order on the day all others count back from."""
    StoreProfile.objects.get_or_create(tenant=tenant)
    product = make_product(tenant, title="Clock of the tests", status="archived")
    make_order(tenant, day=TODAY, lines=[(make_variant(product), 1, Decimal("1.00"))])


def make_priced(tenant, title: str, price: str, *, cost=None, market=(), sold=0, **more) -> Variant:
    """One product with a variant, sellers' prices seen yesterday, and units sold ten days ago."""
    facts = {key: more.pop(key) for key in ("tags", "status", "vendor") if key in more}
    product = make_product(tenant, title=title, **facts)
    variant = make_variant(product, price=price, cost=cost, **more)
    for seller, asked in enumerate(market):
        make_market_price(variant, asked, seller=f"Seller {seller}")
    if sold:
        day = TODAY - timedelta(days=10)
        make_order(tenant, day=day, lines=[(variant, sold, Decimal(price))])
    return variant


def make_market_price(variant, price: str, *, seller="Seller", age=1) -> MarketPrice:
    return MarketPrice.objects.create(
        tenant_id=variant.tenant_id,
        variant=variant,
        seller=seller,
        price=price,
        currency="GBP",
        observed_on=TODAY - timedelta(days=age),
    )


def make_promotion(product, *, starts, ends) -> Promotion:
    promotion = Promotion.objects.create(
        tenant_id=product.tenant_id, name="Offer", value="10", starts_at=starts, ends_at=ends
    )
    PromotionProduct.objects.create(
        tenant_id=product.tenant_id, promotion=promotion, product=product
    )
    return promotion


def plan_for(cast, type_id: str, seed: str = "draft_test", **inputs) -> Plan:
    return services.make_plan(
        tenant_id=cast.tenant.pk,
        workflow_type_id=type_id,
        inputs=inputs,
        draft_id=None,
        seed=seed,
        actor=cast.actor("eddie"),
    )


def changes(plan: Plan) -> list[tuple]:
    rows = PlannedChange.objects.filter(plan=plan).order_by("position")
    return list(rows.values_list("label", "field", "before", "after"))


def warned(plan: Plan) -> dict[str, list[str]]:
    return {warning["code"]: warning["targets"] for warning in plan.summary["warnings"]}


def artifact(plan: Plan, name: str) -> str:
    """A file the plan made, as text."""
    parts = plan.artifacts.get(name=name).parts.order_by("number")
    return b"".join(bytes(part.data) for part in parts).decode()


def table(plan: Plan, name: str = "price-moves.csv") -> list[list[str]]:
    """The rows of a CSV the plan made, without its heading."""
    text = artifact(plan, name).removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text)))[1:]
