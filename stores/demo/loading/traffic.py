"""Each day for the whole shop, by channel and by landing page, with what orders brought."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from stores.demo.bulk import insert_rows
from stores.demo.loading.orders import goods_by_order
from stores.demo.rows import History, Traffic
from stores.models import TrafficDay
from stores.states import Breakdown

COLUMNS = ("date", "breakdown", "name", "sessions", "key_events", "revenue")
TOTAL, CHANNEL, PAGE = (kind.value for kind in (Breakdown.TOTAL, Breakdown.CHANNEL, Breakdown.PAGE))

Cell = tuple[date, str, str]


def load_traffic(history: History) -> int:
    brought = _revenue(history)
    counts: defaultdict[Cell, list] = defaultdict(lambda: [0, 0, Decimal(0)])
    for row in history.traffic:
        revenue = brought.get((row.day, row.channel, row.landing_page), 0)
        for key in _cells(row):
            cell = counts[key]
            cell[0] += row.sessions
            cell[1] += row.orders
            cell[2] += revenue
    rows = ((*key, *cell) for key, cell in counts.items())
    return insert_rows(TrafficDay, COLUMNS, rows, {"simulated": True})


def _cells(row: Traffic) -> Iterator[Cell]:
    yield row.day, TOTAL, ""
    yield row.day, CHANNEL, row.channel
    yield row.day, PAGE, row.landing_page


def _revenue(history: History) -> dict[tuple[date, str, str], Decimal]:
    goods = goods_by_order(history)
    found: defaultdict[tuple[date, str, str], Decimal] = defaultdict(Decimal)
    for order in history.orders:
        found[order.placed_at.date(), order.channel, order.landing_page] += goods[order.number]
    return found
