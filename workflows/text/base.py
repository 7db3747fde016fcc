"""What every writer of shop texts is given and gives back. Writers never invent facts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Tone(StrEnum):
    PERSUASIVE = "persuasive"
    FRIENDLY = "friendly"
    FRIENDLY_PROFESSIONAL = "friendly_professional"
    PLAIN = "plain"
    PREMIUM = "premium"


class Length(StrEnum):
    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


# Visible words, approved copy blocks and sentences kept from the old text not counted.
WORD_RANGES: dict[Length, tuple[int, int]] = {
    Length.SHORT: (20, 45),
    Length.MEDIUM: (45, 90),
    Length.LONG: (90, 150),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one product. ``band``: low, middle or high among the shop's prices."""

    id: str
    title: str
    product_type: str = ""
    vendor: str = ""
    tags: tuple[str, ...] = ()
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    text: str = ""
    band: str = "middle"


@dataclass(frozen=True, slots=True)
class Brief:
    tone: Tone = Tone.PERSUASIVE
    length: Length = Length.MEDIUM
    include_features: bool = True
    include_benefits: bool = True
    keywords: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    copy_blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    html: str
    words: int
    keywords_used: tuple[str, ...] = ()


class TooFewFacts(Exception):
    """The product's data does not say enough for this text. The message says what is missing."""


@dataclass(frozen=True, slots=True)
class CaptionBrief:
    platform: str
    content_type: str
    tone: Tone = Tone.FRIENDLY_PROFESSIONAL
    hashtags: int = 5
    voice_words: tuple[str, ...] = ()
    extra_hashtags: tuple[str, ...] = ()
    variant: int = 0
    copy_blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caption:
    text: str
    hashtags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CampaignBrief:
    """What a campaign's letter is about; ``occasion`` and ``offer`` are said only when given."""

    name: str
    tone: Tone = Tone.FRIENDLY_PROFESSIONAL
    occasion: str = ""
    offer: str = ""
    starts: str = ""
    until: str = ""
    shop: str = ""
    segment: str = ""
    copy_blocks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    preheader: str
    html: str
    products: tuple[str, ...] = field(default=())


class TextWriter(Protocol):
    """One writer serves one plan, so that it can keep the plan's texts apart from each other."""

    def description(self, facts: Facts, brief: Brief) -> Written:
        """A product description as safe HTML (p, ul, li, strong). Raises ``TooFewFacts``."""

    def caption(self, facts: Facts, brief: CaptionBrief) -> Caption: ...

    def seo_title(self, facts: Facts, *, shop: str, limit: int = 60) -> str:
        """The title a search page shows; empty when the product's title gives nothing."""

    def meta_description(self, facts: Facts, *, limit: int = 155, copy: str = "") -> str:
        """Ends with ``copy``, word for word; the limit holds for both together."""

    def alt_text(self, facts: Facts, *, position: int = 1) -> str: ...

    def letter(self, products: Sequence[Facts], brief: CampaignBrief) -> Letter: ...


def as_tuple(values: Iterable[str]) -> tuple[str, ...]:
    """Texts of a list input: trimmed, without empty ones and repetitions, in order."""
    return tuple(dict.fromkeys(v.strip() for v in values if v.strip()))
