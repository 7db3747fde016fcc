"""Orders and their lines. One pass over the file, a few statements per chunk.

What makes it fast, each measured on 541,909 lines: COPY into a staging table and one INSERT per
chunk, a thread that parses ahead, references judged per statement (see ``stores.models.bulk``), and
no conflict handling where the shop had no orders before.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from stores.imports.records import LineRow, OrderChunk, OrderHead
from stores.imports.shopify_orders import as_utc
from stores.loading.made_up import MadeUp
from stores.loading.planner import hash_joins
from stores.loading.prefetch import prefetched
from stores.loading.tally import Tally
from stores.loading.variants import NAMED, NULL, VariantFinder

# What an export says of an order later on; its number, day and customer never change.
MOVING = (
    "financial_status",
    "fulfillment_status",
    "discount_code",
    "discount",
    "shipping",
    "taxes",
    "total",
    "refunded",
    "cancelled_at",
    "extra",
)
TYPES = (
    "number text, placed_at timestamptz, customer_hash text, currency text, country text,"
    " is_return boolean, financial_status text, fulfillment_status text, discount_code text,"
    " discount numeric, shipping numeric, taxes numeric, total numeric, refunded numeric,"
    " cancelled_at timestamptz, extra jsonb"
)
NAMES = ", ".join(part.split()[0] for part in TYPES.split(", "))
INSERT_ORDERS = f"""
INSERT INTO stores_order (tenant_id, simulated, {NAMES})
SELECT %(tenant)s, false, {NAMES}
FROM jsonb_to_recordset(%(heads)s::jsonb) AS head({TYPES})
ON CONFLICT (tenant_id, number) DO {{action}}
RETURNING (xmax = 0)
"""  # noqa: S608 -- constants
KEEP = "NOTHING"
UPDATE = (
    f"UPDATE SET ({', '.join(MOVING)}) = ({', '.join(f'EXCLUDED.{n}' for n in MOVING)})"
    f" WHERE ({', '.join(f'stores_order.{n}' for n in MOVING)})"
    f" IS DISTINCT FROM ({', '.join(f'EXCLUDED.{n}' for n in MOVING)})"
)
ORDER_IDS = "SELECT number, id FROM stores_order WHERE tenant_id = %s AND number = ANY(%s)"

STAGING = """
CREATE TEMP TABLE staged_line (o bigint, n int, v bigint, t text, d date, k text, q int, p numeric,
                               c numeric) ON COMMIT DROP
"""
COPY = "COPY staged_line (o, n, v, t, d, k, q, p, c) FROM STDIN"
INSERT_LINES = """
INSERT INTO stores_orderline (tenant_id, order_id, ordinal, variant_id, title, placed_on, kind,
                              quantity, unit_price, discount)
SELECT %(tenant)s, o, n, v, t, d, k, q, p, c FROM staged_line
"""
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
VALUES = "variant_id, title, placed_on, kind, quantity, unit_price, discount"
AGAIN = f"""
ON CONFLICT (tenant_id, order_id, ordinal) DO UPDATE
SET ({VALUES}) = ({", ".join(f"EXCLUDED.{n}" for n in VALUES.split(", "))})
WHERE ({", ".join(f"stores_orderline.{n}" for n in VALUES.split(", "))})
  IS DISTINCT FROM ({", ".join(f"EXCLUDED.{n}" for n in VALUES.split(", "))})
RETURNING (xmax = 0)
"""


class OrderLoader:
    """Loads chunks for one tenant. ``tells_orders`` says the file knows payment, totals and so on,
    and may tell an order again with what has changed since."""

    def __init__(self, tally: Tally, *, tells_orders: bool) -> None:
        self.tally, self.tenant_id = tally, tally.tenant_id
        self.tells_orders = tells_orders
        self.made_up = MadeUp(self.tenant_id, judges_goods=not tells_orders)
        self.finder = VariantFinder(self.tenant_id, self.made_up)
        self.is_fresh = not _has_orders(self.tenant_id)

    def load(self, chunks: Iterable[OrderChunk], progress: Callable[[int], None]) -> None:
        with hash_joins(), connection.cursor() as cursor:
            cursor.execute(STAGING)
            for chunk in prefetched(chunks):
                self._store(chunk)
                self.tally.read += chunk.rows
                self.tally.refuse(chunk.refused)
                progress(self.tally.read)
            self.tally.write()
            cursor.execute("DROP TABLE staged_line")
            created = self.made_up.finish()
        self.tally.count("products", created=created, updated=0, seen=created)

    def _store(self, chunk: OrderChunk) -> None:
        if not chunk.lines:
            return
        with connection.cursor() as cursor:
            orders = self._orders(cursor, chunk)
            variants = self.finder.find(cursor, chunk.lines)
            with cursor.copy(COPY) as copy:
                copy.write(_copied(chunk.lines, orders, variants))
            insert = INSERT_LINES + ("" if self.is_fresh else AGAIN)
            cursor.execute(insert, {"tenant": self.tenant_id})
            created, updated = _told(cursor, self.is_fresh)
            cursor.execute("TRUNCATE staged_line")
        self.tally.count("lines", created=created, updated=updated, seen=len(chunk.lines))

    def _orders(self, cursor, chunk: OrderChunk) -> dict[str, str]:
        kept = {line[0] for line in chunk.lines}
        heads = [head for number, head in chunk.heads.items() if number in kept]
        cursor.execute(
            INSERT_ORDERS.format(action=UPDATE if self.tells_orders else KEEP),
            {"tenant": self.tenant_id, "heads": json.dumps([_head(head) for head in heads])},
        )
        created, updated = _told(cursor, is_fresh=False)
        self.tally.count("orders", created=created, updated=updated, seen=created + updated)
        cursor.execute(ORDER_IDS, [self.tenant_id, list(kept)])
        return {number: str(row_id) for number, row_id in cursor.fetchall()}


TEXTS = ("financial_status", "fulfillment_status", "discount_code")
AMOUNTS = ("discount", "shipping", "taxes", "total", "refunded")


def _head(head: OrderHead) -> dict[str, Any]:
    facts = head.facts
    amounts = {name: facts.get(name) for name in AMOUNTS}
    cancelled: Any = facts.get("cancelled_at")
    return {
        "number": head.number,
        "placed_at": as_utc(head.placed_at),
        "customer_hash": head.customer,
        "currency": head.currency,
        "country": head.country,
        "is_return": head.is_return,
        **{name: facts.get(name) or "" for name in TEXTS},
        **{name: None if amount is None else str(amount) for name, amount in amounts.items()},
        "cancelled_at": as_utc(cancelled) if cancelled else None,
        "extra": facts.get("extra") or None,
    }


def _copied(lines: list[LineRow], orders: dict[str, str], variants: dict[str, str]) -> str:
    """COPY's text form. Digits, dates and plain words need no escapes; a line keeps its own name,
    which does, only where no variant tells it."""
    rows = []
    for number, ordinal, sku, name, day, kind, quantity, price, discount in lines:
        variant = variants[sku or NAMED + name]
        title = NULL if variant != NULL else name[:500].translate(ESCAPES)
        rows.append(
            f"{orders[number]}\t{ordinal}\t{variant}\t{title}\t{day}\t{kind}\t{quantity}\t{price}"
            f"\t{discount}\n"
        )
    return "".join(rows)


def _told(cursor, is_fresh: bool) -> tuple[int, int]:
    """(created, updated); rows that stayed as they were are not returned."""
    if is_fresh:
        return cursor.rowcount, 0
    fresh = [is_new for (is_new,) in cursor.fetchall()]
    return sum(fresh), len(fresh) - sum(fresh)


def _has_orders(tenant_id: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM stores_order WHERE tenant_id = %s)", [tenant_id])
        return bool(cursor.fetchone()[0])
