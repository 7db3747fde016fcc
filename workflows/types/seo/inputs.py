"""What a shopkeeper sets for an audit."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from pydantic import Field, ValidationInfo, field_validator

from workflows.text.base import as_tuple
from workflows.text.rules.short import copy_lines
from workflows.types.base import TypeInputs
from workflows.types.choices import (
    Block,
    Words,
    copy_blocks_field,
    exclude_tags_field,
    include_tags_field,
    products_field,
)

OWN_WORDS = 60  # characters of a search description that are left for the product


class Check(StrEnum):
    TITLES = "titles"
    DESCRIPTIONS = "descriptions"
    ALT_TEXTS = "alt_texts"
    THIN_PAGES = "thin_pages"
    SLUGS = "slugs"
    SEARCHES = "searches"


CHECKS: Any = {
    "titles": N_("Search titles"),
    "descriptions": N_("Search descriptions"),
    "alt_texts": N_("Alt texts of pictures"),
    "thin_pages": N_("Thin pages"),
    "slugs": N_("Addresses"),
    "searches": N_("Searches with few clicks"),
}


class AuditInputs(TypeInputs):
    checks: tuple[Check, ...] = Field(
        default=tuple(Check),
        min_length=1,
        max_length=6,
        title=N_("Look at"),
        description=N_("The report covers these."),
        json_schema_extra={"labels": CHECKS},
    )
    fix_titles: bool = Field(
        default=True,
        title=N_("Write search titles"),
        description=N_("Where one is missing, doubled or too long."),
    )
    fix_descriptions: bool = Field(
        default=True,
        title=N_("Write search descriptions"),
        description=N_("Where one is missing, doubled or too long."),
    )
    fix_alt_texts: bool = Field(
        default=True,
        title=N_("Write alt texts"),
        description=N_("Pictures without one get the product's name."),
    )
    fix_slugs: bool = Field(
        default=False,
        title=N_("Correct weak addresses"),
        description=N_("Old links break unless your shop forwards them, so this is off."),
    )
    title_max: int = Field(
        default=60,
        ge=30,
        le=120,
        title=N_("Longest search title"),
        description=N_("Search pages cut longer ones."),
        json_schema_extra={"unit": N_("characters"), "width": "s", "more": True},
    )
    description_max: int = Field(
        default=155,
        ge=80,
        le=320,
        title=N_("Longest search description"),
        description=N_("Search pages cut longer ones."),
        json_schema_extra={"unit": N_("characters"), "width": "s", "more": True},
    )
    thin_below_words: int = Field(
        default=50,
        ge=5,
        le=500,
        title=N_("Thin means fewer than"),
        description=N_("Words of a product's description."),
        json_schema_extra={"unit": N_("words"), "width": "s", "more": True},
    )
    least_impressions: int = Field(
        default=100,
        ge=10,
        le=100_000,
        title=N_("Searches shown at least"),
        description=N_("In 90 days. Fewer say little about clicks."),
        json_schema_extra={"unit": N_("times"), "width": "s", "more": True},
    )
    low_click_share: Decimal = Field(
        default=Decimal(50),
        ge=10,
        le=90,
        decimal_places=0,
        title=N_("Few clicks means under"),
        description=N_("Of the clicks that are usual at that place of the results."),
        json_schema_extra={"unit": "%", "width": "s", "more": True},
    )
    copy_blocks: tuple[Block, ...] = copy_blocks_field(
        N_("Put at the end of the search descriptions written here, word for word.")
    )
    product_ids: Words = products_field()
    include_tags: Words = include_tags_field()
    exclude_tags: Words = exclude_tags_field()
    max_items: int = Field(
        default=50_000,
        ge=1,
        le=200_000,
        title=N_("At most"),
        description=N_("Corrections beyond this many are in the report only."),
        json_schema_extra={"unit": N_("corrections"), "width": "s", "more": True},
    )

    @property
    def copy_text(self) -> str:
        return one_line(self.copy_blocks)

    @field_validator("copy_blocks")
    @classmethod
    def _leaves_room(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if len(one_line(value)) > info.data.get("description_max", OWN_WORDS) - OWN_WORDS:
            text = _("Leaves less than {n} characters for the product itself.")
            raise ValueError(text.format(n=OWN_WORDS))
        return value

    @field_validator("checks")
    @classmethod
    def _each_once(cls, value: tuple[Check, ...]) -> tuple[Check, ...]:
        if len(set(value)) != len(value):
            raise ValueError(_("Each check once."))
        return value


def one_line(blocks: Iterable[str]) -> str:
    return copy_lines(as_tuple(blocks)).replace("\n", " ")
