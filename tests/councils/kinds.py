"""A type whose plans can be of high risk, with as many red rows as a test needs."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from stores.models import Variant
from tests.workflows.kinds import PriceInputs, RaisePrices
from workflows.types.base import Group, PlanSink, RiskLevel, RiskReason


class RiskyInputs(PriceInputs):
    red: int = Field(default=2, title="Red", description="How many rows are marked.", ge=0)
    grouped: bool = Field(default=False, title="Grouped", description="By group, not by row.")
    reasons: int = Field(default=1, title="Reasons", description="How many are red.", ge=0)


class RiskyPrices(RaisePrices):
    id: ClassVar[str] = "test.risky_prices"
    title = "Raise prices a lot"
    risk = RiskLevel.HIGH
    Inputs = RiskyInputs

    def plan(self, store, inputs: RiskyInputs, out: PlanSink) -> None:
        out.set_many("variant", "price", self._marked(inputs))
        out.finish(
            effect="Raises **all prices** a lot.",
            metrics=[],
            groups=[Group("up", "Price up"), Group("thin", "Thin margin", risky=True)],
            risks=[
                RiskReason(f"Margin falls below {number} %", RiskLevel.HIGH)
                for number in range(1, inputs.reasons + 1)
            ],
        )

    def _marked(self, inputs: RiskyInputs) -> Iterator[tuple]:
        rows = Variant.objects.filter(price__isnull=False).order_by("pk")
        for number, (pk, title, price) in enumerate(rows.values_list("pk", "title", "price")):
            red = number < inputs.red
            note = {"group": "thin" if red and inputs.grouped else "up"}
            if red and not inputs.grouped:
                note["risky"] = True
            yield str(pk), title, price, price + inputs.add, note
