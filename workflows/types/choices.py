"""Inputs that several types share, so that they read and behave alike."""

import re
from typing import Annotated, Any

from django.utils.translation import gettext_noop as N_
from pydantic import BeforeValidator, Field

from workflows.text.base import Tone

Word = Annotated[str, Field(min_length=1, max_length=255)]
Words = tuple[Word, ...]


def _as_list(value: Any) -> Any:
    """``candles, mugs`` is as good as a list of two."""
    if isinstance(value, str):
        return [part.strip() for part in re.split(r"[,;\n]", value) if part.strip()]
    return value


ListedWords = Annotated[tuple[Word, ...], BeforeValidator(_as_list)]

TONES: Any = {
    Tone.PERSUASIVE.value: N_("Persuasive"),
    Tone.FRIENDLY.value: N_("Friendly"),
    Tone.FRIENDLY_PROFESSIONAL.value: N_("Friendly, professional"),
    Tone.PLAIN.value: N_("Plain"),
    Tone.PREMIUM.value: N_("Premium"),
}


def products_field():
    return Field(
        default=(),
        max_length=10_000,
        title=N_("Products"),
        description=N_("Empty means all active products."),
        json_schema_extra={"widget": "products"},
    )


def include_tags_field():
    return Field(
        default=(),
        max_length=100,
        title=N_("Only tags"),
        description=N_("Empty means all."),
        json_schema_extra={"more": True},
    )


def exclude_tags_field():
    return Field(
        default=(),
        max_length=100,
        title=N_("Leave out tags"),
        description=N_("Products with any of these are left out."),
        json_schema_extra={"more": True},
    )


Block = Annotated[str, Field(min_length=1, max_length=1_000)]


def copy_blocks_field(help_text: str = N_("Put at the end, word for word.")):
    return Field(
        default=(),
        max_length=5,
        title=N_("Approved copy"),
        description=help_text,
        json_schema_extra={"widget": "textarea", "more": True},
    )


def tone_field(default: Tone):
    return Field(
        default=default,
        title=N_("Tone"),
        description=N_("How the texts speak."),
        json_schema_extra={"labels": TONES},
    )
