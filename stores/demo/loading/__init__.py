"""A whole simulated history into a tenant's shop, in place of the one that was there."""

from collections.abc import Callable
from datetime import date

from django.db import connection

from core.scope import require_tenant_id
from stores.demo.loading.market import load_market, load_searches
from stores.demo.loading.marketing import load_campaigns, load_posts, load_promotions
from stores.demo.loading.orders import load_lines, load_orders
from stores.demo.loading.shelves import SIMULATOR, shelves_by_sku
from stores.demo.loading.traffic import load_traffic
from stores.demo.rows import History
from stores.loading.planner import gather_statistics
from stores.models import (
    Campaign,
    MarketPrice,
    Order,
    Post,
    Promotion,
    PromotionProduct,
    SearchQuery,
    TrafficDay,
)

__all__ = ["SIMULATOR", "clear_history", "load_history"]

Progress = Callable[[str, int], None]

# The ORM cannot delete by a join, and lines come by the ten thousand.
CLEAR_LINES = """
    DELETE FROM stores_orderline line USING stores_order o
    WHERE o.tenant_id = %s AND o.simulated AND line.tenant_id = o.tenant_id
      AND line.order_id = o.id
"""


def quiet(what: str, count: int) -> None:
    """Progress nobody watches."""


def load_history(
    history: History, *, today: date, currency: str, country: str, progress: Progress = quiet
) -> dict[str, int]:
    """Replace the simulated history of the scope's tenant; returns rows by kind.

    Rows that came from files, and what workflows made, stay.
    """
    clear_history()
    shelves = shelves_by_sku()
    steps: dict[str, Callable[[], int]] = {
        "orders": lambda: load_orders(history, today, currency, country),
        "order lines": lambda: load_lines(history, shelves),
        "days of traffic": lambda: load_traffic(history),
        "market prices": lambda: load_market(history, shelves, currency),
        "posts": lambda: load_posts(history, shelves),
        "campaigns": lambda: load_campaigns(history),
        "promotions": lambda: load_promotions(history, shelves),
        "searches": lambda: load_searches(history),
    }
    loaded = {}
    for what, load in steps.items():
        loaded[what] = load()
        progress(what, loaded[what])
    gather_statistics()
    return loaded


def clear_history() -> None:
    """Delete what a simulator wrote for the scope's tenant, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(CLEAR_LINES, [require_tenant_id()])
    for model in (Order, TrafficDay, MarketPrice, SearchQuery):
        rows = model.objects.filter(simulated=True)
        rows._raw_delete(rows.db)
    made = {"simulated": True, "created_by": SIMULATOR}
    PromotionProduct.objects.filter(promotion__in=Promotion.objects.filter(**made)).delete()
    for made_by_us in (Promotion, Post, Campaign):
        made_by_us.objects.filter(**made).delete()
