"""What a shopkeeper sets for dynamic pricing."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from django.utils.translation import gettext_noop as N_
from pydantic import Field

from workflows.types.base import TypeInputs
from workflows.types.pricing.rules import WHOLE, Guardrails

Name = Annotated[str, Field(min_length=1, max_length=255)]


class Ending(StrEnum):
    NINETY_FIVE_OR_FIFTY = "95_50"
    NINETY_NINE = "99"
    NINETY_FIVE = "95"
    WHOLE = "00"
    ANY = "any"


ENDINGS: dict[Ending, tuple[int, ...]] = {
    Ending.NINETY_FIVE_OR_FIFTY: (95, 50),
    Ending.NINETY_NINE: (99,),
    Ending.NINETY_FIVE: (95,),
    Ending.WHOLE: (0,),
    Ending.ANY: (),
}


SMALL = 500  # five pounds, euros, dollars in hundredths


class Direction(StrEnum):
    BOTH = "both"
    UP = "up"
    DOWN = "down"


class Method(StrEnum):
    MEDIAN = "median"
    LOWEST = "lowest"
    HIGHEST = "highest"


class CompareAt(StrEnum):
    CLEAR = "clear"
    LEAVE_OUT = "leave_out"


class PricingInputs(TypeInputs):
    max_step_percent: Decimal = Field(
        default=Decimal(10),
        gt=0,
        le=50,
        decimal_places=2,
        title=N_("Largest move"),
        description=N_("No price moves further than this in one run."),
        json_schema_extra={"unit": "%", "width": "s"},
    )
    margin_floor_percent: Decimal = Field(
        default=Decimal(15),
        ge=0,
        le=500,
        decimal_places=2,
        title=N_("Margin floor"),
        description=N_(
            "Over cost: with 15%, what costs 10.00 never sells below 11.50. "
            "Prices that would fall below stay as they are."
        ),
        json_schema_extra={"unit": "%", "width": "s"},
    )
    price_ending: Ending = Field(
        default=Ending.NINETY_FIVE_OR_FIFTY,
        title=N_("Price ending"),
        description=N_("A price that cannot reach such an ending within the limits stays."),
        json_schema_extra={
            "labels": {
                "95_50": N_(".95 or .50"),
                "99": ".99",
                "95": ".95",
                "00": N_("whole amounts"),
                "any": N_("any"),
            }
        },
    )
    small_prices_in_fives: bool = Field(
        default=True,
        title=N_("Small prices in fives"),
        description=N_("Below 5.00 a price may end in any 5 or 0, because few others fit."),
        json_schema_extra={"more": True},
    )
    minimum_move_percent: Decimal = Field(
        default=Decimal(2),
        ge=0,
        le=20,
        decimal_places=2,
        title=N_("Smallest move"),
        description=N_("Moves below this are not worth a new label and are not made."),
        json_schema_extra={"unit": "%", "width": "s"},
    )
    direction: Direction = Field(
        default=Direction.BOTH,
        title=N_("Direction"),
        description=N_("Whether prices may go down, up, or both ways."),
        json_schema_extra={
            "labels": {"both": N_("both ways"), "up": N_("only up"), "down": N_("only down")}
        },
    )
    market_position_percent: Decimal = Field(
        default=Decimal(0),
        ge=-20,
        le=20,
        decimal_places=2,
        title=N_("Where to stand in the market"),
        description=N_("0 is level with it, −3 is three percent below."),
        json_schema_extra={"unit": "%", "width": "s", "more": True},
    )
    market_method: Method = Field(
        default=Method.MEDIAN,
        title=N_("The market is"),
        description=N_("How several sellers' prices become one."),
        json_schema_extra={
            "labels": {
                "median": N_("the middle price"),
                "lowest": N_("the lowest price"),
                "highest": N_("the highest price"),
            },
            "more": True,
        },
    )
    minimum_sellers: int = Field(
        default=1,
        ge=1,
        le=20,
        title=N_("Sellers needed"),
        description=N_("Products seen at fewer sellers stay as they are."),
        json_schema_extra={"width": "s", "more": True},
    )
    market_max_age_days: int = Field(
        default=14,
        ge=1,
        le=365,
        title=N_("Use market prices up to"),
        description=N_("Older ones do not count."),
        json_schema_extra={"unit": N_("days"), "width": "s"},
    )
    leave_out_sellers: tuple[Name, ...] = Field(
        default=(),
        max_length=100,
        title=N_("Leave out sellers"),
        description=N_("Their prices do not count."),
        json_schema_extra={"more": True},
    )
    product_ids: tuple[Name, ...] = Field(
        default=(),
        max_length=10_000,
        title=N_("Products"),
        description=N_("Empty means all active products."),
        json_schema_extra={"widget": "products"},
    )
    include_tags: tuple[Name, ...] = Field(
        default=(), max_length=100, title=N_("Only tags"), description=N_("Empty means all.")
    )
    exclude_tags: tuple[Name, ...] = Field(
        default=("gift-card",),
        max_length=100,
        title=N_("Leave out tags"),
        description=N_("Products with any of these stay as they are."),
    )
    include_on_promotion: bool = Field(
        default=False,
        title=N_("Include products on promotion"),
        description=N_("Products in a running promotion are left out otherwise."),
    )
    compare_at: CompareAt = Field(
        default=CompareAt.CLEAR,
        title=N_("When a price reaches its compare-at price"),
        description=N_("A compare-at price at or below the price would be a false discount."),
        json_schema_extra={
            "labels": {
                "clear": N_("take the compare-at price away"),
                "leave_out": N_("leave the product as it is"),
            },
            "more": True,
        },
    )
    max_items: int = Field(
        default=100_000,
        ge=1,
        le=1_000_000,
        title=N_("At most"),
        description=N_("Prices beyond this many stay as they are."),
        json_schema_extra={"unit": N_("prices"), "width": "s", "more": True},
    )

    def guardrails(self, *, digits: int) -> Guardrails:
        """In basis points. Currencies without small coins take whole amounts only."""
        endings = ENDINGS[self.price_ending]
        return Guardrails(
            step=_points(self.max_step_percent),
            floor=_points(self.margin_floor_percent),
            minimum=_points(self.minimum_move_percent),
            position=_points(self.market_position_percent),
            endings=endings if digits else (0,),
            direction=self.direction.value,
            small_below=SMALL if digits and self.small_prices_in_fives else 0,
        )


def _points(percentage: Decimal) -> int:
    return int(percentage * WHOLE / 100)
