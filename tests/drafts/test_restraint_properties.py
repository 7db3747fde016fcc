"""Random shops, plans and limits: the engine's figures are those of a slow hand count, and nothing
that gets submitted breaks a limit."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.money import quantize
from councils import services as councils
from stores.models import OrderLine, Variant
from tests.drafts.conftest import begin, make_council
from tests.stores.factories import make_order, make_product, make_profile, make_variant
from tests.workflows.anything import TODAY, TYPE, Anything, plan_anything
from workflows.models import Plan, Workflow
from workflows.services import OutsideLimits, set_limits
from workflows.types import registry

PROPERTY = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
HANDLES = ("mug", "tray", "lamp")
SKUS = ("mug-s", "mug-l", "tray", "lamp")
MONEY = st.decimals("0.01", "300", places=2).map(str)
SHOP = st.fixed_dictionaries(
    {
        "prices": st.lists(st.none() | MONEY, min_size=4, max_size=4),
        "beside": st.lists(st.none() | MONEY, min_size=4, max_size=4),
        "sales": st.lists(
            st.tuples(
                st.sampled_from(SKUS), st.integers(-5, 40).filter(bool), MONEY, st.integers(0, 120)
            ),
            max_size=8,
        ),
    }
)
OFFER = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["percent", "amount"]),
        "value": st.decimals("0", "100", places=2).map(str),
        "days": st.integers(1, 60),
        "handles": st.lists(st.sampled_from(HANDLES), max_size=3, unique=True),
    }
)
INPUTS = st.fixed_dictionaries(
    {
        "prices": st.dictionaries(st.sampled_from(SKUS), MONEY, max_size=3),
        "beside": st.dictionaries(st.sampled_from(SKUS), st.none() | MONEY, max_size=2),
        "titles": st.dictionaries(st.sampled_from(HANDLES), st.just("New title"), max_size=2),
        "offers": st.lists(OFFER, max_size=2),
        "letters": st.lists(st.integers(0, 500), max_size=2),
        "posts": st.lists(st.sampled_from(HANDLES), max_size=2),
    }
)
LIMITS = st.fixed_dictionaries(
    {
        "max_items": st.none() | st.integers(1, 8),
        "max_step_percent": st.none() | st.decimals("0", "300", places=1),
        "max_discount_percent": st.none() | st.decimals("0", "100", places=1),
        "max_money_at_risk": st.none() | st.decimals("0", "5000", places=2),
        "max_revenue_percent": st.none() | st.decimals("0", "100", places=1),
        "max_recipients": st.none() | st.integers(0, 800),
    }
)


@pytest.fixture(autouse=True)
def anything():
    with registry.temporarily(Anything) as kind:
        yield kind


class Rollback(Exception):
    pass


@pytest.fixture
def example(in_tenant):
    """A shop of these prices and sales, gone when the example is over."""

    class Example:
        def __init__(self, shop) -> None:
            self.shop = shop

        def __enter__(self):
            self.atomic = transaction.atomic()
            self.atomic.__enter__()
            fill(in_tenant, **self.shop)

        def __exit__(self, kind, error, trace) -> bool:
            self.atomic.__exit__(kind or Rollback, error or Rollback(), trace)
            return False

    return Example


def fill(tenant, prices, beside, sales) -> None:
    make_profile(tenant, clock="history")
    products = {handle: make_product(tenant, handle=handle) for handle in HANDLES}
    variants = {}
    for sku, price, compare_at in zip(SKUS, prices, beside, strict=True):
        product = products[sku.partition("-")[0]]
        variants[sku] = make_variant(product, sku=sku, price=price, compare_at_price=compare_at)
    make_order(tenant, day=TODAY, lines=[(variants["lamp"], 1, Decimal(1))])
    for sku, quantity, price, days in sales:
        day = TODAY - timedelta(days=days)
        make_order(tenant, day=day, lines=[(variants[sku], quantity, Decimal(price))])


# -- the same figures by hand: slow, one row after the other, without a statement of our own


def up(percent: Decimal) -> str:
    return f"{percent.quantize(Decimal('0.01'), ROUND_CEILING):.2f}"


def amount(value) -> Decimal | None:
    return None if value is None else Decimal(value)


class ByHand:
    def __init__(self, plan: Plan) -> None:
        self.rows = list(plan.changes.order_by("position"))
        self.variants = {str(one.pk): one for one in Variant.objects.all()}
        self.units: dict[str, int] = defaultdict(int)
        self.taken: dict[str, Decimal] = defaultdict(Decimal)
        for line in OrderLine.objects.filter(placed_on__lte=TODAY):
            if line.placed_on > TODAY - timedelta(days=90):
                self.units[str(line.variant_id)] += line.quantity
                self.taken[str(line.variant_id)] += line.amount
        self.moves = {
            (row.target_id, row.field): (amount(row.before), amount(row.after))
            for row in self.rows
            if row.entity == "variant"
        }
        self.offers = [row for row in self.rows if row.entity == "promotion"]

    def price(self, variant_id: str, side: int) -> Decimal | None:
        variant = self.variants[variant_id]
        return self.moves.get((variant_id, "price"), (variant.price, variant.price))[side]

    def beside(self, variant_id: str, side: int) -> Decimal | None:
        now = self.variants[variant_id].compare_at_price
        return self.moves.get((variant_id, "compare_at_price"), (now, now))[side]

    def sold(self, variant_id: str) -> int:
        return max(self.units[variant_id], 0)

    def offered(self, row):
        listed = row.after["product_ids"]
        return [key for key, one in self.variants.items() if one.product_id in listed]

    def off(self, row, variant_id: str) -> Decimal | None:
        price, value = self.price(variant_id, 1), Decimal(row.after["value"])
        if price is None:
            return value if row.after["kind"] == "amount" else None
        return price * value / 100 if row.after["kind"] == "percent" else min(value, price)

    def money(self) -> Decimal:
        found = Decimal(0)
        for (variant_id, field), (was, becomes) in self.moves.items():
            if field == "price":
                found += self.sold(variant_id) * abs(becomes - (was or 0))
        for row in self.offers:
            days = (moment(row, "ends_at") - moment(row, "starts_at")).days
            for variant_id in self.offered(row):
                off = self.off(row, variant_id)
                found += self.sold(variant_id) * (off or Decimal(0)) * days / 90
        return found

    def steps(self) -> tuple[Decimal, Decimal]:
        raised = cut = Decimal(0)
        for (_variant, field), (was, becomes) in self.moves.items():
            if field != "price":
                continue
            if becomes > (was or 0):
                raised = max(raised, (becomes - was) * 100 / was if was else Decimal(100))
            else:
                cut = max(cut, (was - becomes) * 100 / was)
        return raised, cut

    def discount(self) -> Decimal:
        found = [Decimal(0)]
        for row in self.offers:
            value = Decimal(row.after["value"])
            shares = [
                self.off(row, key) * 100 / self.price(key, 1)
                for key in self.offered(row)
                if self.price(key, 1)
            ]
            alone = max(shares) if shares else Decimal(100)
            found.append(value if row.after["kind"] == "percent" else alone)
        for variant_id in {key for key, _field in self.moves}:
            before, after = (self.struck(variant_id, side) for side in (0, 1))
            if after > before:
                found.append(after * 100)
        return max(found)

    def struck(self, variant_id: str, side: int) -> Decimal:
        price, beside = self.price(variant_id, side), self.beside(variant_id, side)
        return max(1 - price / beside, Decimal(0)) if price is not None and beside else Decimal(0)

    def share(self) -> str | None:
        whole = sum(self.taken.values(), Decimal(0))
        products = {row.target_id for row in self.rows if row.entity == "product"}
        products |= {row.after["product_id"] for row in self.rows if row.entity == "post"}
        products |= {one for row in self.offers for one in row.after["product_ids"]}
        touched = {key for key, _field in self.moves}
        touched |= {key for key, one in self.variants.items() if one.product_id in products}
        part = sum((self.taken[key] for key in touched), Decimal(0))
        if whole <= 0:
            return None
        return f"{min(max(part / whole, Decimal(0)), Decimal(1)):.4f}"

    def figures(self) -> dict:
        raised, cut = self.steps()
        prices = [key for key, field in self.moves if field == "price"]
        known = bool(self.units) or not (prices or self.offers)
        letters = [row for row in self.rows if row.entity == "campaign"]
        money = {"amount": str(quantize(self.money(), "GBP")), "currency": "GBP"}
        return {
            "money_at_risk": money if known else None,
            "items": len({(row.entity, row.target_id) for row in self.rows}),
            "revenue_share": self.share(),
            "window_days": 90,
            "prices": len(prices),
            "offers": len(self.offers),
            "recipients": sum(row.after["audience_size"] for row in letters),
            "largest_raise_percent": up(raised),
            "largest_cut_percent": up(cut),
            "largest_discount_percent": up(self.discount()),
        }


def moment(row, name: str) -> datetime:
    return datetime.fromisoformat(row.after[name])


@PROPERTY
@given(shop=SHOP, inputs=INPUTS)
def test_the_engines_figures_are_those_of_a_hand_count(cast, example, shop, inputs):
    with example(shop):
        plan = plan_anything(cast, **inputs)
        found = {**plan.summary["impact"]}
        found.pop("why_no_money")
        assert found == ByHand(plan).figures()


@PROPERTY
@given(shop=SHOP, inputs=INPUTS, limits=LIMITS, family=st.sampled_from(["", "test", "pricing"]))
def test_nothing_that_gets_submitted_breaks_a_limit(
    cast, in_tenant, example, shop, inputs, limits, family
):
    with example(shop):
        make_council(in_tenant.pk)
        owner = cast.actor("olivia")
        set_limits(tenant_id=in_tenant.pk, limits=limits, family=family, number=0, actor=owner)
        draft = begin(cast, workflow_type_id=TYPE, inputs=inputs)
        if not plan_anything(cast, **inputs).change_count:
            return
        try:
            councils.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
        except OutsideLimits:
            draft.refresh_from_db()
            assert draft.status == "editing"
            assert broken(plan_anything(cast, **inputs), limits, family)
        else:
            draft.refresh_from_db()
            assert draft.status == "pending_review"
            assert not broken(draft.plan, limits, family)
        assert Workflow.objects.count() == 0


def broken(plan: Plan, limits, family: str) -> bool:
    """By hand again; limits of another family hold nothing."""
    if family == "pricing":
        return False
    by_hand = ByHand(plan)
    figures = by_hand.figures()
    money = figures["money_at_risk"]
    found = {
        "max_items": figures["items"],
        "max_step_percent": max(
            Decimal(figures["largest_raise_percent"]), Decimal(figures["largest_cut_percent"])
        ),
        "max_discount_percent": Decimal(figures["largest_discount_percent"]),
        "max_money_at_risk": Decimal(money["amount"]) if money else Decimal(0),
        "max_revenue_percent": Decimal(figures["revenue_share"] or 0) * 100,
        "max_recipients": figures["recipients"],
    }
    return any(found[name] > most for name, most in limits.items() if most is not None)
