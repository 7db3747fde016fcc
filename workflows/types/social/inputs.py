"""What a shopkeeper sets for a calendar of posts."""

import re
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from pydantic import Field, ValidationInfo, field_validator

from workflows.text.base import Tone, as_tuple
from workflows.text.rules.short import PLATFORM_LIMITS, copy_lines
from workflows.types.base import TypeInputs
from workflows.types.choices import Block, ListedWords, copy_blocks_field, tone_field


class Platform(StrEnum):
    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    PINTEREST = "pinterest"
    TIKTOK = "tiktok"
    X = "x"
    THREADS = "threads"
    LINKEDIN = "linkedin"


PLATFORMS: Any = {
    "instagram": "Instagram",
    "facebook": "Facebook",
    "pinterest": "Pinterest",
    "tiktok": "TikTok",
    "x": "X",
    "threads": "Threads",
    "linkedin": "LinkedIn",
}


class ContentType(StrEnum):
    PRODUCT_FEATURES = "product_features"
    TIPS = "tips"
    LIFESTYLE = "lifestyle"
    GIFT_IDEAS = "gift_ideas"
    QUESTIONS = "questions"


CONTENT_TYPES: Any = {
    "product_features": N_("Product features"),
    "tips": N_("Tips"),
    "lifestyle": N_("Lifestyle"),
    "gift_ideas": N_("Gift ideas"),
    "questions": N_("Questions"),
}


class Hashtags(StrEnum):
    NONE = "none"
    FEW = "few"
    BALANCED = "balanced"
    MANY = "many"


HASHTAGS = {Hashtags.NONE: 0, Hashtags.FEW: 2, Hashtags.BALANCED: 5, Hashtags.MANY: 8}
ROOM = 160  # characters kept for our own words and hashtags beside approved copy
TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")


class CalendarInputs(TypeInputs):
    platforms: tuple[Platform, ...] = Field(
        default=(Platform.INSTAGRAM,),
        min_length=1,
        max_length=7,
        title=N_("Platforms"),
        description=N_("Where the posts go."),
        json_schema_extra={"labels": PLATFORMS},
    )
    posts: int | None = Field(
        default=None,
        ge=1,
        le=500,
        title=N_("Posts in all"),
        description=N_("Empty means one week of them."),
        json_schema_extra={"width": "s"},
    )
    posts_per_day: int = Field(
        default=2,
        ge=1,
        le=6,
        title=N_("Posts a day"),
        description=N_("On each platform."),
        json_schema_extra={"width": "s"},
    )
    content_types: tuple[ContentType, ...] = Field(
        default=(ContentType.PRODUCT_FEATURES, ContentType.TIPS, ContentType.LIFESTYLE),
        min_length=1,
        max_length=5,
        title=N_("Kinds of post"),
        description=N_("They take turns."),
        json_schema_extra={"labels": CONTENT_TYPES},
    )
    tone: Tone = tone_field(Tone.FRIENDLY_PROFESSIONAL)
    brand_voice: str = Field(
        default="",
        max_length=500,
        title=N_("Brand voice"),
        description=N_("A few words, such as “calm, warm, never loud”."),
        json_schema_extra={"widget": "textarea"},
    )
    product_focus: ListedWords = Field(
        default=(),
        max_length=50,
        title=N_("Products in focus"),
        description=N_("Tags, types or words of titles. Empty means your best sellers."),
    )
    hashtag_strategy: Hashtags = Field(
        default=Hashtags.BALANCED,
        title=N_("Hashtags"),
        description=N_("Made from what a product is; each platform has its own limit."),
        json_schema_extra={
            "labels": {
                "none": N_("none"),
                "few": N_("few"),
                "balanced": N_("some"),
                "many": N_("many"),
            }
        },
    )
    hashtags: ListedWords = Field(
        default=(),
        max_length=10,
        title=N_("Your own hashtags"),
        description=N_("Come first in every post."),
        json_schema_extra={"more": True},
    )
    posting_times: ListedWords = Field(
        default=(),
        max_length=24,
        title=N_("Posting times"),
        description=N_("Such as 09:00, 18:30. Empty means the hours your posts did best."),
    )
    copy_blocks: tuple[Block, ...] = copy_blocks_field(
        N_("Put at the end of every caption, word for word.")
    )
    start_date: date | None = Field(
        default=None,
        title=N_("First day"),
        description=N_("Empty means tomorrow."),
    )

    @field_validator("copy_blocks")
    @classmethod
    def _fits_the_platforms(cls, value: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        size = len(copy_lines(as_tuple(value)))
        for platform in info.data.get("platforms", ()):
            room = PLATFORM_LIMITS[platform.value][0] - ROOM
            if size > room:
                text = _("Too long for {platform}: {n} characters at most.")
                raise ValueError(text.format(platform=PLATFORMS[platform.value], n=room))
        return value

    @field_validator("posting_times")
    @classmethod
    def _are_times(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for text in value:
            if not TIME.fullmatch(text):
                raise ValueError(_("“{text}” is not a time of day, like 18:30.").format(text=text))
        return tuple(dict.fromkeys(f"{int(t[:-3]):02d}:{t[-2:]}" for t in value))
