"""Shopify's orders export: one row per line, the order's own cells in its first row only.

Names, addresses, e-mails and phone numbers are never read past this file: the e-mail becomes a
keyed hash, everything else personal is dropped.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.imports import values
from stores.imports.columns import Columns, Layout
from stores.imports.errors import BadRow
from stores.imports.invoice_lines import wrong_width
from stores.imports.records import Context, LineRow, OrderChunk, OrderHead, Refused
from stores.imports.table import Table, oddity

LAYOUT = Layout(
    aliases={
        "number": ("Name",),
        "email": ("Email",),
        "currency": ("Currency",),
        "financial_status": ("Financial Status",),
        "fulfillment_status": ("Fulfillment Status",),
        "total": ("Total",),
        "taxes": ("Taxes",),
        "shipping": ("Shipping",),
        "discount_code": ("Discount Code",),
        "discount": ("Discount Amount",),
        "refunded": ("Refunded Amount",),
        "placed_at": ("Created at",),
        "cancelled_at": ("Cancelled at",),
        "country": ("Shipping Country",),
        "billing_country": ("Billing Country",),
        "quantity": ("Lineitem quantity",),
        "title": ("Lineitem name",),
        "price": ("Lineitem price",),
        "sku": ("Lineitem sku",),
        "line_discount": ("Lineitem discount",),
    },
    required=("number", "placed_at", "quantity", "title", "price"),
    amounts=("price", "total"),
    personal=re.compile(
        r"(billing|shipping) (name|street|address ?\d?|company|city|zip|province|province name"
        r"|phone)$|e-?mail$|phone$|notes?$|note attributes$|payment (reference|references|id)$"
        r"|device id$|employee$|receipt number$"
    ),
)
CHUNK = 5_000
TEXTS = {"financial_status": 32, "fulfillment_status": 32, "discount_code": 255}
AMOUNTS = ("total", "taxes", "shipping", "discount", "refunded")

# Names of cells in messages; lazy, because a translation costs more than reading a cell.
THE_ORDERS_NAME = gettext_lazy("The order's name")
THE_SKU = gettext_lazy("The SKU")
THE_LINES_NAME = gettext_lazy("The line's name")


class Reader:
    def __init__(self, columns: Columns, context: Context) -> None:
        self.columns, self.context = columns, context
        self.ordinals: dict[str, int] = {}
        self.heads: dict[str, OrderHead] = {}
        self.head: OrderHead | None = None
        self.bad = ""  # the order whose first row was refused

    def chunks(self, table: Table, size: int = CHUNK) -> Iterator[OrderChunk]:
        chunk = OrderChunk(0, [], {}, [])
        for line, cells in table:
            chunk.rows += 1
            try:
                chunk.lines.append(self._line(cells, chunk, table.watched.odd))
            except BadRow as bad:
                chunk.refused.append(Refused(line, bad.reason, self.columns.public(cells)))
            if chunk.rows >= size:
                yield chunk
                chunk = OrderChunk(0, [], {}, [])
        if chunk.rows:
            yield chunk

    def _line(self, cells: list[str], chunk: OrderChunk, odd: bool) -> LineRow:
        if len(cells) != self.columns.width:
            raise BadRow(wrong_width(len(cells), self.columns.width))
        if odd and (reason := oddity(cells)):
            raise BadRow(reason)
        number = values.text(self._cell(cells, "number"), 64, THE_ORDERS_NAME)
        if not number:
            raise BadRow(_("The order's name is missing."))
        ordinal = self.ordinals[number] = self.ordinals.get(number, 0) + 1
        head = self._head_of(number, cells)
        line = self._sold(head, ordinal, cells)
        chunk.heads.setdefault(number, head)
        return line

    def _head_of(self, number: str, cells: list[str]) -> OrderHead:
        if self._cell(cells, "placed_at").strip():
            self.bad = number
            self.head = self._head(number, cells)
            self.bad = ""
        if number == self.bad:
            raise BadRow(_("The first row of this order was refused."))
        if self.head is None or self.head.number != number:
            raise BadRow(_("The first row of this order, with its date, is missing."))
        return self.head

    def _head(self, number: str, cells: list[str]) -> OrderHead:
        facts: dict[str, object] = {
            name: values.text(self._cell(cells, name), most, name) for name, most in TEXTS.items()
        }
        facts |= {name: self._amount(cells, name) for name in AMOUNTS}
        cancelled = self._cell(cells, "cancelled_at").strip()
        facts["cancelled_at"] = values.moment(cancelled, self.context.zone) if cancelled else None
        facts["extra"] = self.columns.extras(cells)
        email = self._cell(cells, "email").strip().casefold()
        country = self._cell(cells, "country") or self._cell(cells, "billing_country")
        return OrderHead(
            number=number,
            placed_at=values.moment(self._cell(cells, "placed_at"), self.context.zone),
            customer=self.context.hash_customer(f"email:{email}") if email else "",
            currency=self._currency(cells),
            country=country.strip()[:64],
            facts=facts,
        )

    def _currency(self, cells: list[str]) -> str:
        code = self._cell(cells, "currency").strip().upper() or self.context.currency
        if not re.fullmatch("[A-Z]{3}", code):
            raise BadRow(_("“{cell}” is not a currency.").format(cell=values.shown(code)))
        if code != self.context.currency:
            message = _("The order is in {found}, the shop in {shop}.")
            raise BadRow(message.format(found=code, shop=self.context.currency))
        return code

    def _sold(self, head: OrderHead, ordinal: int, cells: list[str]) -> LineRow:
        quantity = values.whole(self._cell(cells, "quantity"), comma=self.context.comma)
        if quantity is None or quantity <= 0:
            raise BadRow(_("The quantity is missing or not above zero."))
        price = self._amount(cells, "price")
        if price is None:
            raise BadRow(_("The price is missing."))
        sku = values.text(self._cell(cells, "sku").lstrip("'"), 255, THE_SKU)
        title = values.text(self._cell(cells, "title"), 500, THE_LINES_NAME)
        if not sku and not title:
            raise BadRow(_("The line has neither a SKU nor a name."))
        placed = head.placed_at
        day = (
            placed.astimezone(self.context.zone).date() if isinstance(placed, datetime) else placed
        )
        kind = "sale" if price > 0 else "adjustment"
        discount = self._amount(cells, "line_discount") or 0
        numbers = (str(quantity), str(price), str(discount))
        return head.number, str(ordinal), sku, title, str(day), kind, *numbers

    def _amount(self, cells: list[str], name: str):
        return values.money(self._cell(cells, name), comma=self.context.comma)

    def _cell(self, cells: list[str], name: str) -> str:
        return self.columns.get(cells, name)


def as_utc(moment: datetime | str) -> str:
    return moment if isinstance(moment, str) else moment.astimezone(UTC).isoformat()


def read(table: Table, columns: Columns, context: Context) -> Iterator[OrderChunk]:
    return Reader(columns, context).chunks(table)
