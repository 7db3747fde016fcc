"""iCalendar files (RFC 5545) that calendar programs open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

OCTETS = 75


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. ``uid`` never changes, so that importing twice makes no second entry."""

    uid: str
    start: datetime
    summary: str
    description: str = ""
    minutes: int = 15
    url: str = ""
    categories: tuple[str, ...] = ()


def calendar(name: str, entries: Iterable[Entry], *, stamp: datetime) -> Iterator[str]:
    """Times are in UTC, so no time zone needs describing; ``stamp`` is when the plan was made."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Codex//Draft Mode//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    yield "".join(map(_folded, lines))
    for entry in entries:
        yield "".join(map(_folded, _event(entry, stamp)))
    yield _folded("END:VCALENDAR")


def _event(entry: Entry, stamp: datetime) -> list[str]:
    end = entry.start + timedelta(minutes=entry.minutes)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{_text(entry.uid)}",
        f"DTSTAMP:{_moment(stamp)}",
        f"DTSTART:{_moment(entry.start)}",
        f"DTEND:{_moment(end)}",
        f"SUMMARY:{_text(entry.summary)}",
    ]
    if entry.description:
        lines.append(f"DESCRIPTION:{_text(entry.description)}")
    if entry.url:
        lines.append(f"URL:{''.join(ch for ch in entry.url if ch.isprintable())}")
    if entry.categories:
        lines.append(f"CATEGORIES:{','.join(map(_text, entry.categories))}")
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    kept = "".join(ch for ch in value if ch == "\n" or ch >= " ")
    escaped = kept.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a character."""
    parts, part, size = [], "", 0
    for ch in line:
        octets = len(ch.encode())
        if size + octets > OCTETS:
            parts.append(part)
            part, size = " ", 1
        part += ch
        size += octets
    return "\r\n".join([*parts, part]) + "\r\n"
