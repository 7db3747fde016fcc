"""Judging one text at a time: pure functions over what a page shows."""

import re
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from django.utils.text import slugify

from workflows.text.markup import words
from workflows.text.rules.short import shortened

WEAK = re.compile(
    r"^(?:product|item|page|untitled|new|test|copy-of|default)(?:[-_]|$)"
    r"|(?:^|[-_])(?:copy|final|new|old|test|v)(?:[-_]?\d+)?$|^[\d-]+$|^.{1,2}$"
)
LONGEST_SLUG = 75
SHORTEST_TITLE = 15
SHORTEST_DESCRIPTION = 50

# Clicks per hundred showings that are usual at each place of the results. Public studies differ;
# these are on the careful side, so that a finding is no accident.
USUAL_CLICKS = (
    Decimal("22"),
    Decimal("12"),
    Decimal("8"),
    Decimal("6"),
    Decimal("4.5"),
    Decimal("3.5"),
    Decimal("2.8"),
    Decimal("2.3"),
    Decimal("2"),
    Decimal("1.8"),
)
BEYOND = Decimal("0.8")


def title_fault(seo_title: str, title: str, repeated: set[str], most: int) -> str | None:
    shown = seo_title.strip() or title.strip()
    if shown.lower() in repeated:
        return "repeated"
    if not seo_title.strip():
        return "missing"
    return "too_long" if len(seo_title.strip()) > most else None


def shorter_title(title: str, most: int) -> str:
    """Without its last parts ("… | Shop"), as many as it takes; else cut at a word."""
    parts = re.split(r"(\s+[|–—-]\s+)", title.strip())
    while len("".join(parts)) > most and len(parts) > 2:
        parts = parts[:-2]
    text = "".join(parts)
    return text if len(text) <= most else shortened(text, most).rstrip("…").rstrip(" ,;:")


def description_fault(text: str, repeated: set[str], most: int) -> str | None:
    text = text.strip()
    if not text:
        return "missing"
    if text.lower() in repeated:
        return "repeated"
    if len(text) > most:
        return "too_long"
    return "too_short" if len(text) < SHORTEST_DESCRIPTION else None


def slug_fault(handle: str, title: str) -> str | None:
    if not handle:
        return None
    if WEAK.search(handle):
        return "says_nothing"
    if len(handle) > LONGEST_SLUG:
        return "too_long"
    said = set(re.split(r"[-_]", handle))
    named = {word for word in slugify(title).split("-") if len(word) > 3}
    return "other_words" if named and not named & said else None


def better_slug(title: str, taken: set[str]) -> str | None:
    """From the title's own words; None where they make nothing usable or all are taken."""
    base = slugify(title)
    if len(base) > LONGEST_SLUG:
        base = base[:LONGEST_SLUG].rsplit("-", 1)[0]
    for suffix in ("", *(f"-{number}" for number in range(2, 20))):
        slug = f"{base}{suffix}"
        if base and slug not in taken:
            return slug
    return None


@dataclass(frozen=True, slots=True)
class LowClicks:
    query: str
    page: str
    impressions: int
    clicks: int
    position: Decimal
    lost: int


def usual_clicks(position: Decimal, impressions: int) -> Decimal:
    at = max(0, int(position) - 1)
    share = USUAL_CLICKS[at] if at < len(USUAL_CLICKS) else BEYOND
    return share * impressions / 100


def low_clicks(row, share: Decimal) -> LowClicks | None:
    """A search whose clicks are under ``share`` percent of what is usual at its place."""
    usual = usual_clicks(row.position, row.impressions)
    if usual < 3 or row.clicks * 100 >= usual * share:
        return None
    lost = int(usual - row.clicks)
    return LowClicks(row.query, row.page, row.impressions, row.clicks, row.position, lost)


def handle_of(page: str) -> str:
    """/products/red-mug?x=1 → red-mug"""
    parts = [part for part in urlsplit(page).path.split("/") if part]
    return parts[1] if len(parts) == 2 and parts[0] in {"products", "product"} else ""


def says_query(text: str, query: str) -> bool:
    said = {word.lower() for word in words(text)}
    return all(word.lower() in said for word in words(query) if len(word) > 2)
