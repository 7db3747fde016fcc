"""Orders and their lines; a return is an order of its own."""

import hashlib
from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain

from core.scope import require_tenant_id
from stores.demo.bulk import insert_rows
from stores.demo.loading.shelves import Shelf
from stores.demo.orders import PENNY
from stores.demo.rows import History, Line, Order
from stores.models import Order as OrderRow
from stores.models import OrderLine
from stores.states import LineKind

VAT_DIVISOR = 6
UNSENT_DAYS = 2
SALE, RETURN = LineKind.SALE.value, LineKind.RETURN.value

ORDER_COLUMNS = (
    "number",
    "placed_at",
    "customer_hash",
    "is_return",
    "financial_status",
    "fulfillment_status",
    "discount_code",
    "discount",
    "shipping",
    "taxes",
    "total",
)
LINE_COLUMNS = (
    "order_id",
    "ordinal",
    "variant_id",
    "title",
    "placed_on",
    "kind",
    "quantity",
    "unit_price",
    "discount",
)


def customer_hash(customer: str) -> str:
    """As long as a real one; the names of made-up customers need no secret."""
    return hashlib.sha256(f"{require_tenant_id()}:{customer}".encode()).hexdigest()[:32]


def goods_by_order(history: History) -> dict[str, Decimal]:
    """What the lines of each order brought in, without shipping."""
    goods: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in history.lines:
        goods[line.order] += line.unit_price * line.quantity - line.discount
    return goods


def load_orders(history: History, today: date, currency: str, country: str) -> int:
    goods = goods_by_order(history)
    customers = {order.number: customer_hash(order.customer) for order in history.orders}
    sold = (
        _order_row(order, customers[order.number], goods[order.number], today)
        for order in history.orders
    )
    returned = (_return_row(line, customers) for line in history.lines if line.returns)
    constants = {"currency": currency, "country": country, "simulated": True}
    return insert_rows(OrderRow, ORDER_COLUMNS, chain(sold, returned), constants)


def _order_row(order: Order, customer: str, goods: Decimal, today: date) -> tuple:
    total = goods + order.shipping
    is_sent = order.placed_at.date() <= today - timedelta(days=UNSENT_DAYS)
    return (
        order.number,
        order.placed_at,
        customer,
        False,
        "paid",
        "fulfilled" if is_sent else "unfulfilled",
        order.discount_code,
        order.discount,
        order.shipping,
        (total / VAT_DIVISOR).quantize(PENNY, ROUND_HALF_UP),
        total,
    )


def _return_row(line: Line, customers: dict[str, str]) -> tuple:
    """What it gave back stands in its line; an order's own amounts are never negative."""
    facts = (line.order, line.placed_at, customers[line.returns], True, "refunded", "fulfilled")
    return (*facts, "", None, None, None, None)


def load_lines(history: History, shelves: dict[str, Shelf]) -> int:
    ids = dict(OrderRow.objects.filter(simulated=True).values_list("number", "id"))
    rows = (_line_row(line, ids[line.order], shelves[line.sku]) for line in history.lines)
    return insert_rows(OrderLine, LINE_COLUMNS, rows, {})


def _line_row(line: Line, order_id: int, shelf: Shelf) -> tuple:
    return (
        order_id,
        line.position,
        shelf.variant_id,
        shelf.title,
        line.placed_at.date(),
        RETURN if line.returns else SALE,
        line.quantity,
        line.unit_price,
        line.discount,
    )
