"""What a shopkeeper sets for a seasonal campaign."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from pydantic import Field, ValidationInfo, field_validator

from workflows.text.base import Tone
from workflows.types.base import TypeInputs
from workflows.types.choices import Block, ListedWords, Words, copy_blocks_field, tone_field
from workflows.types.marketing.holidays import NAMES, Holiday

Code = Annotated[str, Field(pattern=r"^[A-Z0-9-]{3,20}$")]


class SeasonalInputs(TypeInputs):
    holiday: Holiday = Field(
        default=Holiday.CHRISTMAS,
        title=N_("Occasion"),
        description=N_("Its next day is found by itself, for your country."),
        json_schema_extra={"labels": NAMES},
    )
    starts_on: date | None = Field(
        default=None,
        title=N_("Offer starts on"),
        description=N_("Empty means two weeks before the day, but not before tomorrow."),
    )
    ends_on: date | None = Field(
        default=None,
        title=N_("Offer ends on"),
        description=N_("This day included. Empty means the day itself."),
    )
    discount_percent: Decimal = Field(
        default=Decimal(15),
        gt=0,
        le=70,
        decimal_places=0,
        title=N_("Discount"),
        description=N_("On the products of the offer."),
        json_schema_extra={"unit": "%", "width": "s"},
    )
    margin_floor_percent: Decimal = Field(
        default=Decimal(10),
        ge=0,
        le=500,
        decimal_places=2,
        title=N_("Margin floor"),
        description=N_("Over cost, after the discount. Products that would fall below stay out."),
        json_schema_extra={"unit": "%", "width": "s"},
    )
    product_focus: ListedWords = Field(
        default=(),
        max_length=50,
        title=N_("Products"),
        description=N_(
            "Tags, types or words of titles. Empty means those of the occasion, or best sellers."
        ),
    )
    exclude_tags: Words = Field(
        default=("gift-card",),
        max_length=100,
        title=N_("Leave out tags"),
        description=N_("Products with any of these get no discount."),
        json_schema_extra={"more": True},
    )
    max_items: int = Field(
        default=60,
        ge=1,
        le=5_000,
        title=N_("At most"),
        description=N_("Best sellers come first."),
        json_schema_extra={"unit": N_("products"), "width": "s"},
    )
    code: Code | None = Field(
        default=None,
        title=N_("Discount code"),
        description=N_("Capital letters and digits. Empty means the offer needs none."),
        json_schema_extra={"more": True},
    )
    announce: bool = Field(
        default=True,
        title=N_("Announce by letter"),
        description=N_("To everybody who bought in the last half year, on the first day."),
    )
    products_shown: int = Field(
        default=5,
        ge=1,
        le=12,
        title=N_("Products in the letter"),
        description=N_("The first also gives the subject."),
        json_schema_extra={"width": "s", "more": True},
    )
    tone: Tone = tone_field(Tone.FRIENDLY_PROFESSIONAL)
    copy_blocks: tuple[Block, ...] = copy_blocks_field()

    @field_validator("ends_on")
    @classmethod
    def _after_the_start(cls, value: date | None, info: ValidationInfo) -> date | None:
        starts_on = info.data.get("starts_on")
        if value and starts_on and value < starts_on:
            raise ValueError(_("The offer would end before it starts."))
        return value
