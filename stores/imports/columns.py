"""Which column is which: headers matched by alias, whatever their case and spacing."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from stores.imports.errors import Unreadable

SPACES = re.compile(r"[\s_]+")


def plain(header: str) -> str:
    return SPACES.sub(" ", header.strip().casefold())


@dataclass(frozen=True, slots=True)
class Layout:
    """What a kind of file is made of. ``personal`` matches headers that are never read."""

    aliases: Mapping[str, Sequence[str]]
    required: Sequence[str]
    amounts: Sequence[str] = ()
    personal: re.Pattern[str] | None = None

    def is_personal(self, header: str) -> bool:
        return bool(self.personal and self.personal.match(plain(header)))


@dataclass(frozen=True, slots=True)
class Columns:
    """Field → column number, and what becomes of the others."""

    headers: Sequence[str]
    index: Mapping[str, int]
    extra: Sequence[int] = ()
    personal: Sequence[int] = ()
    width: int = field(default=0)

    def get(self, cells: Sequence[str], name: str) -> str:
        number = self.index.get(name)
        return cells[number] if number is not None else ""

    def extras(self, cells: Sequence[str]) -> dict[str, str]:
        """Filled cells of columns that mean nothing to us, kept under their header."""
        return {self.headers[i]: cells[i] for i in self.extra if cells[i].strip()}

    def public(self, cells: Sequence[str]) -> list[str]:
        """The cells without the personal ones, for lists of refused rows."""
        hidden = set(self.personal)
        return ["" if i in hidden else cell[:500] for i, cell in enumerate(cells[: self.width])]


def guessed(layout: Layout, headers: Sequence[str]) -> dict[str, str]:
    """Field → header, as far as the aliases reach. The first of two equal headers counts."""
    by_name: dict[str, str] = {}
    for header in headers:
        by_name.setdefault(plain(header), header)
    found = {}
    for name, aliases in layout.aliases.items():
        known = [by_name[plain(alias)] for alias in aliases if plain(alias) in by_name]
        if known:
            found[name] = known[0]
    return found


def columns(layout: Layout, headers: Sequence[str], mapping: Mapping[str, str]) -> Columns:
    """``mapping`` is field → header; raises when a field the kind can't do without is missing."""
    missing = [name for name in layout.required if not mapping.get(name)]
    if missing:
        names = ", ".join(layout.aliases[name][0] for name in missing)
        raise Unreadable(_("These columns are missing: {names}.").format(names=names), 1)
    places = {header: number for number, header in reversed(list(enumerate(headers)))}
    unknown = [header for header in mapping.values() if header and header not in places]
    if unknown:
        names = ", ".join(unknown)
        raise Unreadable(_("The file has no column {names}.").format(names=names), 1)
    personal = [number for number, header in enumerate(headers) if layout.is_personal(header)]
    index = {name: places[header] for name, header in mapping.items() if header}
    used = set(index.values()) | set(personal)
    extra = [number for number, header in enumerate(headers) if header and number not in used]
    return Columns(headers, index, extra, personal, len(headers))
