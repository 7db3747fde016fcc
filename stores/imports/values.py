"""Cells as values. What is not plainly a number, a day or a yes is refused, never guessed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

from django.utils.translation import gettext as _

from stores.imports.errors import BadRow

POINT = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?$", re.ASCII)
COMMA = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[.\u202f\u00a0 ]\d{3})+)(?:,\d*)?$", re.ASCII)
LOOKS_COMMA = re.compile(r"\d,\d{1,2}$", re.ASCII)
LOOKS_POINT = re.compile(r"\d\.\d{1,2}$", re.ASCII)
SIGNS = "£$€¥ \u00a0\u202f"
MOST = Decimal("9999999999.99")
YES = frozenset({"true", "yes", "1", "y", "ja", "oui", "si", "sí", "vrai", "wahr"})
NO = frozenset({"false", "no", "0", "n", "nein", "non", "faux", "falsch", ""})
FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
)


class Memo(dict):
    """A function of one cell, remembered: files repeat themselves. Bounded: memory stays flat."""

    def __init__(self, function: Callable[[str], object], most: int = 50_000) -> None:
        super().__init__()
        self.function, self.most = function, most

    def __missing__(self, cell: str):
        if len(self) >= self.most:
            self.clear()
        value = self[cell] = self.function(cell)
        return value


def uses_decimal_comma(cells: list[str]) -> bool:
    """Whether a sample of amounts is written 1.234,56."""
    commas = sum(bool(LOOKS_COMMA.search(cell.strip(SIGNS))) for cell in cells)
    points = sum(bool(LOOKS_POINT.search(cell.strip(SIGNS))) for cell in cells)
    return commas > points


def number(cell: str, *, comma: bool = False) -> Decimal:
    plain = cell.strip().strip(SIGNS)
    if not (COMMA if comma else POINT).match(plain):
        raise BadRow(_("“{cell}” is not a number.").format(cell=shown(cell)))
    if comma:
        plain = re.sub(r"[.\u202f\u00a0 ]", "", plain).replace(",", ".")
    else:
        plain = plain.replace(",", "")
    value = Decimal(plain)
    if abs(value) > MOST:
        raise BadRow(_("“{cell}” is too large.").format(cell=shown(cell)))
    return value


def money(cell: str, *, comma: bool = False) -> Decimal | None:
    """An amount of at most two digits after the point and not below zero; None when empty."""
    if not cell.strip():
        return None
    value = number(cell, comma=comma)
    if value < 0:
        raise BadRow(_("“{cell}” is below zero.").format(cell=shown(cell)))
    short = value.quantize(Decimal("0.01"))
    if short != value:
        message = _("“{cell}” has more than two digits after the point.")
        raise BadRow(message.format(cell=shown(cell)))
    return short


def whole(cell: str, *, comma: bool = False) -> int | None:
    if not cell.strip():
        return None
    value = number(cell, comma=comma)
    if value != value.to_integral_value() or abs(value) > 2_000_000_000:
        raise BadRow(_("“{cell}” is not a whole number.").format(cell=shown(cell)))
    return int(value)


def yes(cell: str) -> bool:
    word = cell.strip().casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise BadRow(_("“{cell}” is neither yes nor no.").format(cell=shown(cell)))


def moment(cell: str, zone: tzinfo = UTC) -> datetime:
    """A time; one without an offset is the shop's own."""
    plain = cell.strip()
    for form in FORMATS:
        try:
            found = datetime.strptime(plain, form)  # noqa: DTZ007 -- the zone follows below
        except ValueError:
            continue
        if 1990 <= found.year <= 2100:
            return found if found.tzinfo else found.replace(tzinfo=zone)
    raise BadRow(_("“{cell}” is not a date.").format(cell=shown(cell)))


def text(cell: str, most: int, name: object) -> str:
    plain = cell.strip()
    if len(plain) > most:
        message = _("{name} is longer than {most} characters.")
        raise BadRow(message.format(name=name, most=most))
    return plain


def shown(cell: str) -> str:
    """A cell as it may stand in a message."""
    plain = "".join(sign if sign.isprintable() else " " for sign in cell[:41])
    return plain if len(plain) <= 40 else plain[:40] + "…"
