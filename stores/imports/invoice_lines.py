"""Invoice lines as UCI Online Retail has them: one row per line, no product file beside it.

* A number that begins with ``C`` is a cancellation: its lines are returns.
* A number that begins with ``A`` (bad debt) and a price of zero are adjustments: they moved stock
  or books and sold nothing. A price below zero is refused.
* The key of a line is its invoice and its place in it, so exact duplicates stay two lines.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC
from decimal import Decimal
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.imports import values
from stores.imports.columns import Columns, Layout
from stores.imports.errors import BadRow
from stores.imports.records import Context, OrderChunk, OrderHead, Refused
from stores.imports.table import Table, oddity
from stores.imports.values import Memo

LAYOUT = Layout(
    aliases={
        "number": ("InvoiceNo", "Invoice", "Invoice No", "Invoice number", "Order number"),
        "sku": ("StockCode", "Stock code", "SKU", "Item code", "Article number"),
        "title": ("Description", "Item", "Product", "Product name", "Title"),
        "quantity": ("Quantity", "Qty", "Units"),
        "placed_at": ("InvoiceDate", "Invoice date", "Date", "Order date"),
        "price": ("UnitPrice", "Unit price", "Price"),
        "customer": ("CustomerID", "Customer ID", "Customer", "Customer number"),
        "country": ("Country", "Ship country"),
    },
    required=("number", "sku", "quantity", "placed_at", "price"),
    amounts=("price",),
    personal=re.compile(r"customer( ?id| number)?$|e-?mail|phone|(.* )?(address|street|zip).*"),
)
CHUNK = 20_000
DIGITS = frozenset("0123456789")
FINEST = Decimal("0.0001")
HALF = re.compile(r"\.0+$")

# Names of cells in messages; lazy, because a translation costs more than reading a cell.
THE_INVOICE_NUMBER = gettext_lazy("The invoice number")
THE_STOCK_CODE = gettext_lazy("The stock code")


class Reader:
    """Built for speed: every cell of a kind that repeats is read once and remembered."""

    def __init__(self, columns: Columns, context: Context) -> None:
        self.columns, self.context = columns, context
        self.ordinals: dict[str, int] = {}
        self.numbers = Memo(_number_of)
        self.skus = Memo(_sku_of)
        self.quantities = Memo(self._quantity)
        self.prices = Memo(self._price)
        self.moments = Memo(self._moment)
        self.customers = Memo(self._customer)

    def chunks(self, table: Table, size: int = CHUNK) -> Iterator[OrderChunk]:
        rows = iter(table)
        while True:
            chunk = OrderChunk(0, [], {}, [])
            self._fill(chunk, islice(rows, size), table)
            if not chunk.rows:
                return
            yield chunk

    def _fill(self, chunk: OrderChunk, rows: Iterable[tuple[int, list[str]]], table: Table) -> None:
        """The one loop that runs for every line: local names, one try, no calls but lookups."""
        cell_of = self.columns.index
        at_number, at_sku, at_title = cell_of["number"], cell_of["sku"], cell_of.get("title")
        at_quantity, at_price, at_moment = (
            cell_of[name] for name in ("quantity", "price", "placed_at")
        )
        width, ordinals, heads = self.columns.width, self.ordinals, chunk.heads
        numbers, skus, quantities = self.numbers, self.skus, self.quantities
        watched = table.watched
        prices, moments, keep = self.prices, self.moments, chunk.lines.append
        before, number, ordinal = None, "", 0  # lines of one invoice mostly stand together
        for line, cells in rows:
            chunk.rows += 1
            try:
                if len(cells) != width or watched.odd:
                    check(cells, width)
                if cells[at_number] == before:
                    ordinal += 1
                else:
                    number, before = numbers[cells[at_number]], cells[at_number]
                    ordinal = ordinals.get(number, 0) + 1
                ordinals[number] = ordinal
                quantity, sign = quantities[cells[at_quantity]]
                price, is_free = prices[cells[at_price]]
                placed_at, placed_on = moments[cells[at_moment]]
                sku = skus[cells[at_sku]]
                title = cells[at_title] if at_title is not None else ""
                if sign > 0 and not is_free and number[0] in DIGITS:
                    kind = "sale"
                else:
                    kind = kind_of(number[0], sign, is_free)
                if number not in heads:
                    heads[number] = self._head(number, placed_at, cells)
                keep((number, str(ordinal), sku, title, placed_on, kind, quantity, price, "0"))
            except BadRow as bad:
                chunk.refused.append(Refused(line, bad.reason, self.columns.public(cells)))

    def _head(self, number: str, placed_at: str, cells: list[str]) -> OrderHead:
        return OrderHead(
            number=number,
            placed_at=placed_at,
            customer=self.customers[self.columns.get(cells, "customer")],
            currency=self.context.currency,
            country=self.columns.get(cells, "country").strip()[:64],
            is_return=number[0] == "C",
        )

    def _quantity(self, cell: str) -> tuple[str, int]:
        count = values.whole(cell, comma=self.context.comma)
        if not count:
            raise BadRow(_("The quantity is missing or zero."))
        return str(count), count

    def _price(self, cell: str) -> tuple[str, bool]:
        if not cell.strip():
            raise BadRow(_("The price is missing."))
        price = values.number(cell, comma=self.context.comma)
        if price < 0:
            raise BadRow(_("The price is below zero."))
        if price != price.quantize(FINEST):
            raise BadRow(_("The price has more than four digits after the point."))
        return format(price, "f"), price == 0

    def _moment(self, cell: str) -> tuple[str, str]:
        found = values.moment(cell, self.context.zone)
        local = found.astimezone(self.context.zone)
        return found.astimezone(UTC).isoformat(), local.date().isoformat()

    def _customer(self, cell: str) -> str:
        """Spreadsheets turn 17850 into 17850.0; both are one customer."""
        plain = HALF.sub("", cell.strip())
        return self.context.hash_customer(f"customer:{plain}") if plain else ""


def check(cells: list[str], width: int) -> None:
    """Raise for a row of another width, or one that holds what is no text."""
    if len(cells) != width:
        raise BadRow(wrong_width(len(cells), width))
    if reason := oddity(cells):
        raise BadRow(reason)


def kind_of(letter: str, sign: int, is_free: bool) -> str:
    if letter == "A":
        return "adjustment"
    if letter == "C":
        if sign > 0:
            raise BadRow(_("A cancellation with a quantity above zero."))
        return "return"
    if is_free:
        return "adjustment"
    return "sale" if sign > 0 else "return"


def _number_of(cell: str) -> str:
    found = values.text(cell, 64, THE_INVOICE_NUMBER)
    if not found:
        raise BadRow(_("The invoice number is missing."))
    return found.upper() if found[0] in "ca" else found


def _sku_of(cell: str) -> str:
    found = values.text(cell, 255, THE_STOCK_CODE)
    if not found:
        raise BadRow(_("The stock code is missing."))
    return found


def wrong_width(found: int, wanted: int) -> str:
    return _("The row has {found} cells, the header has {wanted}.").format(
        found=found, wanted=wanted
    )


def read(table: Table, columns: Columns, context: Context) -> Iterator[OrderChunk]:
    return Reader(columns, context).chunks(table)
