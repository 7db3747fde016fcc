"""What an imported shop's files cannot hold: costs, market prices and visits, made up and labelled.

Real orders are read and never changed. Nothing is planted here: the market lies a little above
the shop with an ordinary spread, and the visits of a day agree with the orders of that day.
Whatever the tenant has of its own stays, and is not added to.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from core.actors import Actor
from core.errors import Invalid
from core.lifecycle import record
from core.scope import require_tenant_id
from stores.demo.bulk import insert_rows
from stores.demo.orders import PENNY
from stores.demo.seasons import Floats, generator
from stores.demo.story import CHANNELS, Story
from stores.loading.planner import gather_statistics, hash_joins
from stores.models import MarketPrice, StoreProfile, TrafficDay, Variant
from stores.queries import today
from stores.states import Breakdown

Ints = NDArray[np.int64]

# Cost as a share of the price, by a hash of the SKU, so that a variant's cost never depends
# on which others there are.
COST_SHARES = (0.40, 0.62)
MARKET_MEAN, MARKET_SPREAD = 0.03, 0.08
CONVERSION = 0.031
PRODUCT_PAGES = 150
HOME, OTHER = "/", "/collections/all"
HOME_SHARE = 0.2

FILL_COSTS = """
    UPDATE stores_variant SET cost_simulated = true, updated_at = now(), cost = round(price * (
        %(low)s + (%(high)s - %(low)s)
        * (('x' || substr(md5(%(seed)s || external_key), 1, 8))::bit(32)::bigint / 4294967296.0)
    )::numeric, 2)
    WHERE tenant_id = %(tenant)s AND price > 0 AND (cost IS NULL OR cost_simulated)
"""

# One product stands for each order: the page it was landed on. Which one is settled by a hash.
LANDINGS = """
    SELECT day, product_id, count(*), sum(brought)
    FROM (
        SELECT DISTINCT ON (line.order_id) line.placed_on AS day, variant.product_id,
               sum(line.amount) OVER (PARTITION BY line.order_id) AS brought
        FROM stores_orderline line
        LEFT JOIN stores_variant variant
               ON variant.tenant_id = line.tenant_id AND variant.id = line.variant_id
        WHERE line.tenant_id = %s AND line.kind = 'sale'
        ORDER BY line.order_id, md5(line.order_id::text || line.ordinal::text)
    ) AS landed
    GROUP BY day, product_id
"""


class Landings(NamedTuple):
    """Orders and what they brought, days by pages."""

    days: list[date]
    pages: list[str]
    orders: Ints
    revenue: Floats


def simulate_missing(*, tenant_id: str, actor: Actor, story: Story | None = None) -> dict[str, int]:
    """Complete the scope's tenant; a second call writes the same again.

    Visits follow orders, so a shop without orders gets none.
    """
    if tenant_id != require_tenant_id():
        raise Invalid({"tenant_id": ["is not the tenant of this scope"]})
    story = story or Story()
    profile = StoreProfile.objects.get()
    gather_statistics()
    made = {
        "costs": _fill_costs(story),
        "market prices": _fill_market(today(tenant_id), profile.currency, story),
        "days of traffic": _fill_traffic(_landings(), story),
    }
    gather_statistics()
    record("store.simulated", profile, actor=actor, data=made)
    return made


def _fill_costs(story: Story) -> int:
    low, high = COST_SHARES
    values: dict[str, float | str] = {
        "low": low,
        "high": high,
        "seed": str(story.seed),
        "tenant": require_tenant_id(),
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL_COSTS, values)
        return cursor.rowcount


def _fill_market(day: date, currency: str, story: Story) -> int:
    """One price of each competitor for what has a price and no real market price."""
    _delete(MarketPrice)
    known = MarketPrice.objects.values("variant_id")
    priced = Variant.objects.filter(price__gt=0).exclude(id__in=known).order_by("external_key")
    rows = [(key, price) for key, price in priced.values_list("id", "price") if price]
    rng = generator(story.seed, "missing market")
    level = np.exp(rng.normal(MARKET_MEAN, MARKET_SPREAD, len(rows)))
    columns = ("variant_id", "seller", "price", "observed_on")
    found = []
    for name, bias, coverage in story.competitors:
        ratios = level * (1 + bias) * np.exp(rng.normal(0, 0.015, len(rows)))
        carried = rng.random(len(rows)) < coverage
        found += [
            (variant_id, name, _times(price, ratio), day)
            for (variant_id, price), ratio, here in zip(rows, ratios, carried, strict=True)
            if here
        ]
    constants = {"currency": currency, "url": "", "simulated": True}
    return insert_rows(MarketPrice, columns, found, constants)


def _times(price: Decimal, ratio: float) -> Decimal:
    asked = price * Decimal(str(round(ratio, 4)))
    return max(asked.quantize(PENNY, ROUND_HALF_UP), PENNY)


def _fill_traffic(landings: Landings, story: Story) -> int:
    _delete(TrafficDay)
    if TrafficDay.objects.exists() or not landings.days:
        return 0
    rng = generator(story.seed, "missing traffic")
    sessions = _sessions(landings.orders, rng)
    columns = ("date", "breakdown", "name", "sessions", "key_events", "revenue")
    rows = [
        *_total_rows(landings, sessions),
        *_channel_rows(landings, sessions, story, rng),
        *_page_rows(landings, sessions),
    ]
    return insert_rows(TrafficDay, columns, rows, {"simulated": True})


def _delete(model: type[MarketPrice] | type[TrafficDay]) -> None:
    rows = model.objects.filter(simulated=True)
    rows._raw_delete(rows.db)


def _landings() -> Landings:
    """The best-known products have a page of their own; all other orders began elsewhere."""
    with hash_joins(), connection.cursor() as cursor:
        cursor.execute(LANDINGS, [require_tenant_id()])
        rows = cursor.fetchall()
    if not rows:
        return Landings([], [], np.zeros((0, 0), int), np.zeros((0, 0)))
    days = _days(min(row[0] for row in rows), max(row[0] for row in rows))
    pages = _product_pages(rows)
    paths = [HOME, OTHER, *pages.values()]
    column = {product_id: place for place, product_id in enumerate(pages, 2)}
    orders = np.zeros((len(days), len(paths)), int)
    revenue = np.zeros((len(days), len(paths)))
    for day, product_id, count, brought in rows:
        at = (day - days[0]).days, column.get(product_id, 1)
        orders[at] += count
        revenue[at] += float(brought)
    return _with_home(Landings(days, paths, orders, revenue))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _product_pages(rows: Sequence[tuple]) -> dict[str, str]:
    """Landing page by product id, for the products most orders began with."""
    often: dict[str, int] = {}
    for _, product_id, count, _ in rows:
        if product_id:
            often[product_id] = often.get(product_id, 0) + count
    best = sorted(often, key=lambda key: (-often[key], key))[:PRODUCT_PAGES]
    names = Variant.objects.filter(product_id__in=best).values_list(
        "product_id", "product__handle", "product__external_key"
    )
    paths = {product_id: f"/products/{handle or key}" for product_id, handle, key in names}
    return {product_id: paths[product_id] for product_id in best}


def _with_home(landings: Landings) -> Landings:
    """A fifth of the orders that began elsewhere began at the home page."""
    orders, revenue = landings.orders, landings.revenue
    moved = np.floor(orders[:, 1] * HOME_SHARE).astype(int)
    brought = revenue[:, 1] * moved / np.maximum(orders[:, 1], 1)
    orders[:, 0], orders[:, 1] = moved, orders[:, 1] - moved
    revenue[:, 0], revenue[:, 1] = brought, revenue[:, 1] - brought
    return landings


def _sessions(orders: Ints, rng: np.random.Generator) -> Ints:
    """Visits that bought and visits that did not: a page's share of the day's, with chance.

    The level of a day is smoothed over a week, as people look on days when the shop is shut.
    """
    daily = orders.sum(axis=1)
    level = np.convolve(np.pad(daily.astype(float), 3, mode="edge"), np.ones(7) / 7, mode="valid")
    share = orders.sum(axis=0) / max(orders.sum(), 1)
    idle = np.outer(level, share) * (1 - CONVERSION) / CONVERSION
    return orders + rng.poisson(idle)


def _total_rows(landings: Landings, sessions: Ints) -> list[tuple]:
    return [
        (day, Breakdown.TOTAL.value, "", seen, bought, _pounds(brought))
        for day, seen, bought, brought in zip(
            landings.days,
            sessions.sum(axis=1).tolist(),
            landings.orders.sum(axis=1).tolist(),
            landings.revenue.sum(axis=1).tolist(),
            strict=True,
        )
    ]


def _channel_rows(
    landings: Landings, sessions: Ints, story: Story, rng: np.random.Generator
) -> list[tuple]:
    """Orders and idle visits are dealt out to the channels separately; their sums stay."""
    bought = landings.orders.sum(axis=1)
    idle = rng.multinomial(sessions.sum(axis=1) - bought, story.channel_share)
    buying = rng.multinomial(bought, story.channel_share)
    each = landings.revenue.sum(axis=1) / np.maximum(bought, 1)
    return [
        (
            day,
            Breakdown.CHANNEL.value,
            name,
            int(idle[place, channel] + buying[place, channel]),
            int(buying[place, channel]),
            _pounds(each[place] * buying[place, channel]),
        )
        for place, day in enumerate(landings.days)
        for channel, name in enumerate(CHANNELS)
    ]


def _page_rows(landings: Landings, sessions: Ints) -> list[tuple]:
    return [
        (
            landings.days[day],
            Breakdown.PAGE.value,
            landings.pages[page],
            int(sessions[day, page]),
            int(landings.orders[day, page]),
            _pounds(landings.revenue[day, page]),
        )
        for day, page in zip(*np.nonzero(sessions), strict=True)
    ]


def _pounds(amount: float) -> Decimal:
    return Decimal(str(round(max(amount, 0.0), 2)))
