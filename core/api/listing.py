"""Lists: ``limit`` with ``offset`` or ``cursor``, always with ``total``, named after the thing."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from rest_framework.response import Response

from core.errors import Invalid

DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET = 50, 200, 1_000_000


def listing(
    request,
    rows: QuerySet,
    *,
    key: str,
    shape: Callable[[Any], object],
    order: Sequence[str] = ("-created_at", "-id"),
    total: Callable[[], int] | None = None,
) -> Response:
    """One page of ``rows`` under ``key``; ``next`` is a cursor, null on the last page.

    ``order`` ends in a unique column and goes one way (all ``-`` or none), so that a cursor names
    its place exactly. ``total`` counts when the plain count would be slow. ``shape`` is a function
    of one row, or a serializer class.
    """
    return page(
        request,
        rows,
        key=key,
        shapes=lambda found: [_shaped(shape, row) for row in found],
        order=order,
        total=total,
    )


def page(
    request,
    rows: QuerySet,
    *,
    key: str,
    shapes: Callable[[list[Any]], list[object]],
    order: Sequence[str] = ("-created_at", "-id"),
    total: Callable[[], int] | None = None,
) -> Response:
    """The same, with ``shapes`` a function of all rows of the page, for what is read in one go."""
    limit = _whole(request, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT)
    offset = _whole(request, "offset", 0, 0, MAX_OFFSET)
    cursor = request.GET.get("cursor")
    count = total() if total else rows.count()
    page = after_cursor(rows, order, cursor) if cursor else rows
    found = list(page.order_by(*order)[offset : offset + limit + 1])
    following = cursor_of(found[limit - 1], order) if len(found) > limit else None
    return Response(
        {
            key: shapes(found[:limit]),
            "total": count,
            "limit": limit,
            "offset": offset,
            "next": following,
        }
    )


def cursor_of(row: Model | dict, order: Sequence[str]) -> str:
    """The place just behind ``row``, opaque to the caller."""
    values = [_plain(_value(row, name.lstrip("-"))) for name in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def after_cursor(rows: QuerySet, order: Sequence[str], cursor: str) -> QuerySet:
    """``rows`` that come after the cursor's place; keyset, so depth costs nothing."""
    values = _decode(cursor, rows.model, order)
    names = [name.lstrip("-") for name in order]
    way = "lt" if order[0].startswith("-") else "gt"
    condition = Q()
    for position, name in enumerate(names):
        ties = {names[before]: values[before] for before in range(position)}
        condition |= Q(**ties, **{f"{name}__{way}": values[position]})
    # The redundant bound on the first column lets the index start at the right place.
    return rows.filter(Q(**{f"{names[0]}__{way}e": values[0]}) & condition)


def _decode(cursor: str, model: type[Model], order: Sequence[str]) -> list[Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode()))
        if not isinstance(values, list) or len(values) != len(order) or None in values:
            raise ValueError("wrong shape")
        names = [name.lstrip("-") for name in order]
        return [_read_back(model, name, value) for name, value in zip(names, values, strict=True)]
    except Exception as error:
        if isinstance(error, (ValueError, TypeError, binascii.Error)) or hasattr(error, "messages"):
            raise Invalid({"cursor": [_("This cursor is not one of ours.")]}) from error
        raise


def _read_back(model: type[Model], name: str, value: Any) -> Any:
    """A column's value as the column reads it; a computed one (a count, a name) as it stands."""
    try:
        field: Any = model._meta.get_field(name.split("__", maxsplit=1)[0])
    except FieldDoesNotExist:
        if not isinstance(value, (int, str)):
            raise ValueError("wrong kind") from None
        return value
    return field.to_python(value)


def _whole(request, name: str, default: int, least: int, most: int) -> int:
    text = request.GET.get(name)
    if text is None or text == "":
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text[:12]) <= most:
        message = _("A whole number from {least} to {most}.").format(least=least, most=most)
        raise Invalid({name: [message]})
    return int(text)


def _shaped(shape, row) -> object:
    return shape(row).data if isinstance(shape, type) else shape(row)


def _value(row, name: str) -> Any:
    return row[name] if isinstance(row, dict) else getattr(row, name)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
