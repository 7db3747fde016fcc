"""A type that plans exactly what its inputs list, and a shop with sales: for what the engine
measures on plans of any kind."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from pydantic import Field

from stores.models import Product, ProductImage, Variant
from tests.stores.factories import make_image, make_order, make_product, make_profile, make_variant
from workflows import services
from workflows.models import Plan
from workflows.types.base import PlanSink, RiskLevel, RiskReason, TypeInputs, WorkflowType

TODAY = date(2026, 11, 20)
TYPE = "test.anything"


class Rows(TypeInputs):
    prices: dict[str, Decimal] = Field(default={}, title="Prices", description="By SKU.")
    beside: dict[str, Decimal | None] = Field(default={}, title="Compare-at", description="By SKU.")
    titles: dict[str, str] = Field(default={}, title="Titles", description="By handle.")
    alts: dict[str, str] = Field(default={}, title="Alt texts", description="By address.")
    offers: list[dict[str, Any]] = Field(default=[], title="Offers", description="As created.")
    letters: list[int] = Field(default=[], title="Letters", description="How many they go to.")
    posts: list[str] = Field(default=[], title="Posts", description="Handles of products.")
    risk: str = Field(default="", title="Risk", description="The level of a reason of its own.")


class Anything(WorkflowType):
    id: ClassVar[str] = TYPE
    version: ClassVar[int] = 1
    title = "Anything"
    description = "Whatever is asked for."
    risk = RiskLevel.LOW
    Inputs = Rows

    def plan(self, store, inputs: Rows, out: PlanSink) -> None:
        self._prices(inputs, out)
        for product in Product.objects.filter(handle__in=inputs.titles):
            after = inputs.titles[product.handle]
            out.set("product", product.pk, product.title, "title", product.title, after)
        for image in ProductImage.objects.filter(url__in=inputs.alts):
            out.set("image", str(image.pk), image.url, "alt", image.alt, inputs.alts[image.url])
        self._new_rows(inputs, out)
        risks = [RiskReason("As asked.", RiskLevel(inputs.risk))] if inputs.risk else []
        out.finish(effect="Does as it is told.", risks=risks)

    def _prices(self, inputs: Rows, out: PlanSink) -> None:
        for variant in Variant.objects.filter(sku__in={*inputs.prices, *inputs.beside}):
            key = (str(variant.pk), variant.sku)
            if variant.sku in inputs.prices:
                out.set("variant", *key, "price", variant.price, inputs.prices[variant.sku])
            if variant.sku in inputs.beside:
                before, after = variant.compare_at_price, inputs.beside[variant.sku]
                out.set("variant", *key, "compare_at_price", before, after)

    def _new_rows(self, inputs: Rows, out: PlanSink) -> None:
        for number, offer in enumerate(inputs.offers):
            out.create("promotion", f"offer {number}", f"Offer {number}", offer_values(offer))
        for number, audience in enumerate(inputs.letters):
            values = {"name": f"Letter {number}", "audience_size": audience}
            out.create("campaign", f"letter {number}", f"Letter {number}", values)
        for number, handle in enumerate(inputs.posts):
            product = Product.objects.get(handle=handle)
            values = {
                "platform": "instagram",
                "product_id": product.pk,
                "scheduled_at": "2026-12-01T09:00:00+00:00",
            }
            out.create("post", f"post {number}", f"Post {number}", values)


def offer_values(offer: dict[str, Any]) -> dict[str, Any]:
    """From kind, value, days and handles."""
    ids = Product.objects.filter(handle__in=offer["handles"]).order_by("pk")
    ends = date(2026, 12, 1) + timedelta(days=offer["days"])
    return {
        "name": "Offer",
        "kind": offer["kind"],
        "value": str(offer["value"]),
        "starts_at": "2026-12-01T00:00:00+00:00",
        "ends_at": f"{ends.isoformat()}T00:00:00+00:00",
        "product_ids": list(ids.values_list("pk", flat=True)),
    }


def make_selling_shop(tenant) -> None:
    """Three products of one or two variants; on ``TODAY`` the history ends.

    ========  =======  ==========  ==================================
    SKU       price    compare-at  sold in 90 days
    ========  =======  ==========  ==================================
    mug-s     10.00    –           30 at 10.00, of them 5 came back
    mug-l     20.00    25.00       10 at 20.00
    tray      40.00    –           5 at 40.00; 100 more on day 91
    lamp      80.00    –           nothing
    ========  =======  ==========  ==================================
    """
    make_profile(tenant, clock="history")
    mug, tray, lamp = (
        make_product(tenant, handle=name, title=name.title()) for name in ("mug", "tray", "lamp")
    )
    small = make_variant(mug, sku="mug-s", price="10.00")
    large = make_variant(mug, sku="mug-l", price="20.00", compare_at_price="25.00")
    board = make_variant(tray, sku="tray", price="40.00")
    make_variant(lamp, sku="lamp", price="80.00")
    make_image(tray, url="https://shop.example/tray.jpg")
    old, lately = TODAY - timedelta(days=90), TODAY - timedelta(days=89)
    make_order(tenant, day=old, lines=[(board, 100, Decimal(40))])
    make_order(tenant, day=lately, lines=[(small, 30, Decimal(10)), (large, 10, Decimal(20))])
    make_order(tenant, day=TODAY, lines=[(small, -5, Decimal(10)), (board, 5, Decimal(40))])


def plan_anything(cast, *, seed: str = "draft_test", **inputs: Any) -> Plan:
    return services.make_plan(
        tenant_id=cast.tenant.pk,
        workflow_type_id=TYPE,
        inputs=inputs,
        draft_id=None,
        seed=seed,
        actor=cast.actor("eddie"),
    )
