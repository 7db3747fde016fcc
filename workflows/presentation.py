"""How changes look to people: names of fields and values as a shopkeeper writes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from functools import lru_cache
from html import unescape
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import format_money
from stores.models import Campaign, Post, Product, ProductImage, Promotion, Variant
from workflows.queries import TypeRecord
from workflows.states import FIDELITY_FLOOR, Difference

ENTITIES: Mapping[str, type[models.Model]] = {
    "product": Product,
    "variant": Variant,
    "image": ProductImage,
    "campaign": Campaign,
    "post": Post,
    "promotion": Promotion,
}
SHORT = 60


@lru_cache(maxsize=256)
def field_kind(entity: str, field: str) -> str:
    """money, text, flag, list, number, moment or json."""
    found = _field(entity, field)
    if isinstance(found, models.DecimalField):
        return "money"
    if isinstance(found, models.BooleanField):
        return "flag"
    if isinstance(found, ArrayField):
        return "list"
    if isinstance(found, models.DateTimeField):
        return "moment"
    if isinstance(found, models.IntegerField):
        return "number"
    return "text" if isinstance(found, (models.CharField, models.TextField)) else "json"


def field_label(entity: str, field: str) -> str:
    """“Price”; of a creation, what is made: “Post”."""
    if not field:
        model = ENTITIES.get(entity)
        return capfirst(str(model._meta.verbose_name if model else entity))
    found = _field(entity, field)
    return capfirst(str(getattr(found, "verbose_name", field.replace("_", " "))))


def money_fields() -> list[str]:
    """``entity.field`` of every amount a plan may set."""
    return [
        f"{entity}.{field.name}"
        for entity, model in ENTITIES.items()
        for field in model._meta.concrete_fields
        if isinstance(field, models.DecimalField)
    ]


def _field(entity: str, field: str) -> Any:
    model = ENTITIES.get(entity)
    try:
        return model._meta.get_field(field) if model else None
    except FieldDoesNotExist:
        return None


@dataclass(frozen=True, slots=True)
class Shown:
    """One row of a table of changes."""

    label: str
    sub: str
    field: str
    before: str
    after: str
    is_text: bool
    is_risky: bool
    why: str
    cells: list[str]
    created: list[tuple[str, str]]
    id: int | None = None
    position: int = 0


def shown(change: Any, currency: str, columns: list[str]) -> Shown:
    note = change.note or {}
    long = field_kind(change.entity, change.field) == "text" and _is_long(change)
    return Shown(
        label=change.label,
        sub=str(note.get("sku", "")),
        field=field_label(change.entity, change.field),
        before=display(change.entity, change.field, change.before, currency),
        after=display(change.entity, change.field, change.after, currency),
        is_text=long and not is_creation(change),
        is_risky=bool(note.get("risky")),
        why=str(note.get("why", "")),
        cells=[str((note.get("columns") or {}).get(column, "")) for column in columns],
        created=_created(change, currency) if is_creation(change) else [],
        id=getattr(change, "pk", None),
        position=getattr(change, "position", 0),
    )


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """One row of a delta: what would have been done, and what would be done now.

    A long text is compared result with result; ``then`` or ``now`` is empty where there is none.
    """

    label: str
    sub: str
    field: str
    difference: str
    word: str
    then: str
    now: str
    is_text: bool
    was_after: str
    after: str


def shown_difference(row: Any, currency: str) -> ShownDifference:
    def move(before: Any, after: Any) -> str:
        if is_creation(row):
            return "; ".join(
                f"{name}: {value}" for name, value in _created_of(row, after, currency)
            )
        texts = (display(row.entity, row.field, value, currency) for value in (before, after))
        return " → ".join(texts)

    long = field_kind(row.entity, row.field) == "text" and _is_long(row)
    return ShownDifference(
        label=row.label,
        sub=str((row.note or {}).get("sku", "")),
        field=field_label(row.entity, row.field),
        difference=row.difference,
        word=str(row.get_difference_display()),
        then="" if row.difference == Difference.ADDED else move(row.was_before, row.was_after),
        now="" if row.difference == Difference.GONE else move(row.before, row.after),
        is_text=long and row.difference == Difference.AFTER,
        was_after=display(row.entity, row.field, row.was_after, currency),
        after=display(row.entity, row.field, row.after, currency),
    )


def is_creation(change: Any) -> bool:
    return not change.field


def columns_of(changes: list[Any]) -> list[str]:
    """The extra columns of these rows, in the order they first appear."""
    found: dict[str, None] = {}
    for change in changes:
        found.update(dict.fromkeys((change.note or {}).get("columns") or {}))
    return list(found)


def display(entity: str, field: str, value: Any, currency: str) -> str:
    """A value for reading; nothing is “–”."""
    if value is None or value == "":
        return "–"
    show = _DISPLAY.get(field_kind(entity, field), _plain)
    return show(value, currency)


def _money(value: Any, currency: str) -> str:
    try:
        return format_money(Decimal(str(value)), currency)
    except InvalidOperation:
        return str(value)


def _moment(value: Any, _currency: str) -> str:
    at = parse_datetime(str(value))
    return date_format(localtime(at), "D j M Y, H:i") if isinstance(at, datetime) else str(value)


def _flag(value: Any, _currency: str) -> str:
    return _("Yes") if value else _("No")


def _list(value: Any, _currency: str) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _number(value: Any, _currency: str) -> str:
    return number_format(value) if isinstance(value, int) else str(value)


def _text(value: Any, _currency: str) -> str:
    """Without its tags: people read the words, the run writes the HTML."""
    text = str(value)
    return unescape(strip_tags(text.replace("<li>", " • "))) if "<" in text else text


def _plain(value: Any, _currency: str) -> str:
    return str(value)


_DISPLAY = {
    "money": _money,
    "moment": _moment,
    "flag": _flag,
    "list": _list,
    "number": _number,
    "text": _text,
}


def _is_long(change: Any) -> bool:
    return max(len(str(change.before or "")), len(str(change.after or ""))) > SHORT


def _created(change: Any, currency: str) -> list[tuple[str, str]]:
    return _created_of(change, change.after, currency)


def _created_of(change: Any, values: Any, currency: str) -> list[tuple[str, str]]:
    return [
        (field_label(change.entity, name), display(change.entity, name, value, currency))
        for name, value in (values or {}).items()
        if value not in (None, "", [], {})
    ]


def family_label(family: str) -> str:
    """“Pricing”, “SEO”; of no family, “Everything”."""
    if not family:
        return _("Everything")
    return family.upper() if family == "seo" else capfirst(family)


def record_in_words(record: TypeRecord) -> str:
    """“98.7% as planned, over the last 12 runs”; never rounded up to 100."""
    if record.fidelity is None:
        return _("No runs here yet")
    text = ngettext(
        "{share}% as planned, in {n} run",
        "{share}% as planned, over the last {n} runs",
        record.runs,
    )
    return text.format(share=_rounded_down(record.fidelity), n=record.runs)


def why_nothing_at_once(record: TypeRecord) -> str:
    """Why a type has lost instant run, and the way back; empty while it has not."""
    if record.is_good:
        return ""
    return _(
        "Only {share}% of what runs of this type planned really happened, over the last {n};"
        " below {floor}% nothing of it runs at once. It can still be reviewed and run: as soon as"
        " runs that go as planned have brought the share back to {floor}%, instant run returns."
    ).format(
        share=_rounded_down(record.fidelity or Decimal(0)),
        n=record.runs,
        floor=f"{FIDELITY_FLOOR * 100:.0f}",
    )


def _rounded_down(share: Decimal) -> str:
    percent = (share * 100).quantize(Decimal("0.1"), ROUND_DOWN)
    return number_format(percent, 0 if percent == percent.to_integral_value() else 1)
