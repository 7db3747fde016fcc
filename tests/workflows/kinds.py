"""Workflow types of the tests: small, honest, and able to go wrong in each way we guard against."""

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from pydantic import Field

from stores.models import Post, Product, Variant
from workflows.types.base import (
    Bin,
    Group,
    Histogram,
    Metric,
    PlanSink,
    RequiredInputs,
    RiskLevel,
    RiskReason,
    TypeInputs,
    WorkflowType,
)


class PriceInputs(TypeInputs):
    add: Decimal = Field(
        default=Decimal("1.00"), title="Add", description="What every price goes up by.", le=500
    )
    posts: int = Field(default=0, title="Posts", description="How many posts are made.", ge=0)
    unsorted: bool = Field(default=False, title="Unsorted", description="Emit backwards.")
    tags: list[str] = Field(default=[], title="Tags", description="Tags given to products.")
    fail: str = Field(default="", title="Fail", description="How the type goes wrong.")


class RaisePrices(WorkflowType):
    """Raises every price, tags every product, makes a few posts and a file."""

    id: ClassVar[str] = "test.raise_prices"
    version: ClassVar[int] = 1
    title = "Raise prices"
    description = "Raises every price by a fixed amount."
    makes = "Price changes"
    risk = RiskLevel.LOW
    Inputs = PriceInputs

    def plan(self, store, inputs: PriceInputs, out: PlanSink) -> None:
        self._go_wrong(inputs, out)
        if inputs.add:
            out.set_many("variant", "price", self._prices(inputs))
        if inputs.tags:
            for product in Product.objects.order_by("pk").iterator(chunk_size=1000):
                out.set("product", product.pk, product.title, "tags", product.tags, inputs.tags)
        for number in range(inputs.posts):
            out.create(
                "post",
                f"post {number}",
                f"Post {number}",
                {
                    "platform": "instagram",
                    "caption": f"Hello {number} {store.random().random():.0f}",
                    "scheduled_at": f"2026-12-{number % 28 + 1:02}T09:00:00+00:00",
                },
            )
        out.artifact("prices.csv", "text/csv", (f"row {n}\n" for n in range(3)))
        out.warn("test", "Mind this.", ["One", "Two"])
        store.read_mark("products", "Products", None)
        out.finish(
            effect="Raises **all prices**.",
            metrics=[Metric("add", "Adds", inputs.add, f"£{inputs.add}", "each")],
            groups=[Group("up", "Price up"), Group("none", "Nothing")],
            histogram=Histogram("Moves", "All go up.", "Move", [Bin("+1", 3, "up")]),
            risks=[RiskReason("Many prices", RiskLevel.MEDIUM)],
        )

    def _prices(self, inputs: PriceInputs) -> Iterator[tuple]:
        rows = Variant.objects.filter(price__isnull=False).order_by(
            "-pk" if inputs.unsorted else "pk"
        )
        for pk, title, sku, price in rows.values_list("pk", "title", "sku", "price").iterator(
            chunk_size=2000
        ):
            note = {"sku": sku, "group": "up", "columns": {"Move": "up"}}
            yield str(pk), title, price, price + inputs.add, note

    def _go_wrong(self, inputs: PriceInputs, out: PlanSink) -> None:
        if inputs.fail in ROWS:
            for row in ROWS[inputs.fail]:
                out.set(*row)
        elif inputs.fail in FAULTS:
            FAULTS[inputs.fail](self, inputs, out)


def write_late(kind: RaisePrices, inputs: PriceInputs, out: PlanSink) -> None:
    out.set_many("variant", "price", kind._prices(inputs))
    Post.objects.all().delete()
    Variant.objects.update(price=0)


def break_down(*_: object) -> None:
    raise RuntimeError("the type is broken")


def stop_early(*_: object) -> None:
    raise StopIteration


def ask_for_more(*_: object) -> None:
    raise RequiredInputs({"tags": "Your shop has no tags yet."})


ROWS = {
    "float": [("variant", "1", "One", "price", "1.00", 1.5)],
    "twice": [("variant", "1", "One", "price", "1.00", after) for after in ("1.50", "1.60")],
    "twice apart": [("variant", target, "One", "price", "1.00", "1.50") for target in "212"],
    "negative": [("variant", "1", "One", "price", "1.00", "-1.50")],
    "unknown field": [("variant", "1", "One", "margin", "1.00", "2.00")],
    "nul in a list": [("product", "product_1", "One", "tags", [], ["a\0b"])],
    "nul": [("product", "product_1", "One", "title", "a", "a\0b")],
}
FAULTS = {
    "raise": break_down,
    "write": lambda *_: Variant.objects.update(price=0),
    "write late": write_late,
    "file name": lambda _kind, _inputs, out: out.artifact("../etc/passwd", "text/plain", ["x"]),
    "needs": ask_for_more,
    "no finish": stop_early,
}
