"""What a shopkeeper sets for conversion optimization."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from django.utils.translation import gettext_noop as N_
from pydantic import BeforeValidator, Field

from workflows.types.base import TypeInputs
from workflows.types.choices import Block, Words, copy_blocks_field, exclude_tags_field


class Area(StrEnum):
    PRODUCT_DESCRIPTIONS = "product_descriptions"
    CHECKOUT_FLOW = "checkout_flow"
    LANDING_PAGES = "landing_pages"
    COMPARE_AT_PRICES = "compare_at_prices"
    TITLES = "titles"
    IMAGES = "images"
    SORT_ORDER = "sort_order"


AREAS: Any = {
    "product_descriptions": N_("Product descriptions"),
    "checkout_flow": N_("The way to the order"),
    "landing_pages": N_("Landing pages"),
    "compare_at_prices": N_("Compare-at prices"),
    "titles": N_("Titles"),
    "images": N_("Pictures"),
    "sort_order": N_("Order of the shelves"),
}


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class ConversionInputs(TypeInputs):
    focus_areas: Annotated[tuple[Area, ...], BeforeValidator(_as_list)] = Field(
        default=tuple(Area),
        min_length=1,
        max_length=7,
        title=N_("Look at"),
        description=N_("The report ranks what it finds by the revenue it may cost."),
        json_schema_extra={"labels": AREAS},
    )
    days: int = Field(
        default=28,
        ge=7,
        le=90,
        title=N_("Visits of the last"),
        description=N_("Whole weeks compare best."),
        json_schema_extra={"unit": N_("days"), "width": "s"},
    )
    least_sessions: int = Field(
        default=200,
        ge=20,
        le=100_000,
        title=N_("Pages with at least"),
        description=N_("Fewer visits say little."),
        json_schema_extra={"unit": N_("visits"), "width": "s", "more": True},
    )
    confidence_percent: Decimal = Field(
        default=Decimal(95),
        ge=80,
        le=99,
        decimal_places=0,
        title=N_("How sure"),
        description=N_("A page counts as weak only if chance is this unlikely."),
        json_schema_extra={"unit": "%", "width": "s", "more": True},
    )
    fix_descriptions: bool = Field(
        default=True,
        title=N_("Write descriptions of weak pages"),
        description=N_(
            "Where a page sells less than others and says little; while no visits are known, "
            "where it says next to nothing."
        ),
    )
    fix_compare_at: bool = Field(
        default=True,
        title=N_("Take away false discounts"),
        description=N_("Compare-at prices that are not above the price."),
    )
    fix_titles: bool = Field(
        default=True,
        title=N_("Tidy titles"),
        description=N_("Titles in capitals, and those with stray spaces or signs."),
    )
    flag_images: bool = Field(
        default=True,
        title=N_("Mark products without a picture"),
        description=N_("So that they can be found in the shop's lists; takes old marks away."),
    )
    fix_sort_order: bool = Field(
        default=False,
        title=N_("Sort the shelves"),
        description=N_("Best sellers first, what is sold out last."),
    )
    copy_blocks: tuple[Block, ...] = copy_blocks_field(
        N_("Put at the end of the descriptions written here, word for word.")
    )
    exclude_tags: Words = exclude_tags_field()
    max_items: int = Field(
        default=50_000,
        ge=1,
        le=200_000,
        title=N_("At most"),
        description=N_("Changes beyond this many wait for the next run."),
        json_schema_extra={"unit": N_("changes"), "width": "s", "more": True},
    )
