"""Daily sessions by channel and landing page, and how many of them bought.

Orders arise from sessions: the orders of a day are exactly the conversions of its rows.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from stores.demo.rows import Item, Traffic
from stores.demo.seasons import (
    MONTH_CONVERSION,
    MONTH_SESSIONS,
    Floats,
    by_month,
    by_weekday,
    generator,
)
from stores.demo.story import CHANNELS, Story

HOME_SHARE, COLLECTIONS_SHARE, GUIDE_SHARE = 0.20, 0.34, 0.06
PARETO = 1.9
GUIDE = "/pages/gift-guide"
ORGANIC, PAID = CHANNELS.index("organic_search"), CHANNELS.index("paid_search")
BROAD = tuple(CHANNELS.index(name) for name in CHANNELS if name != "organic_search")
ADVERTISED = (PAID, CHANNELS.index("instagram"))
PAID_PRODUCTS = 25


class Page(NamedTuple):
    path: str
    handle: str
    type: str
    share: float
    channels: tuple[int, ...]


def slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def appeal(item: Item) -> float:
    """Steepened popularity, so that a fifth of the products make over half of the sales."""
    return item.popularity**PARETO


def pages(items: Sequence[Item], story: Story) -> list[Page]:
    """Landing pages with their share of all visits; shares sum to 1."""
    found = [
        Page("/", "", "", HOME_SHARE, tuple(range(len(CHANNELS)))),
        Page(GUIDE, "", "", GUIDE_SHARE, BROAD),
        *_collections(items),
        *_products(items),
    ]
    return _with_poor_pages(found, story)


def _popularity(items: Sequence[Item], key: str) -> dict[str, float]:
    """Summed over products, not variants: a product is one page however many colours."""
    product = {item.handle: item for item in items if item.active}
    totals: dict[str, float] = defaultdict(float)
    for item in product.values():
        totals[getattr(item, key)] += appeal(item)
    return dict(totals)


def _collections(items: Sequence[Item]) -> list[Page]:
    popularity = _popularity(items, "type")
    total = sum(popularity.values())
    return [
        Page(f"/collections/{slug(name)}", "", name, COLLECTIONS_SHARE * value / total, (0, *BROAD))
        for name, value in popularity.items()
    ]


def _products(items: Sequence[Item]) -> list[Page]:
    popularity = _popularity(items, "handle")
    total = sum(popularity.values())
    rest = 1 - HOME_SHARE - COLLECTIONS_SHARE - GUIDE_SHARE
    advertised = set(sorted(popularity, key=lambda handle: -popularity[handle])[:PAID_PRODUCTS])
    return [
        Page(
            f"/products/{handle}",
            handle,
            "",
            rest * value / total,
            (ORGANIC, PAID) if handle in advertised else (ORGANIC,),
        )
        for handle, value in popularity.items()
    ]


def _with_poor_pages(found: list[Page], story: Story) -> list[Page]:
    """Advertisements send many visits to the poor pages; the others share the rest."""
    sent = {page.path: story.poor_shares.get(page.path, 0.0) for page in found}
    rest = (1 - sum(sent.values())) / sum(page.share for page in found if not sent[page.path])
    return [
        page._replace(share=sent[page.path], channels=ADVERTISED)
        if sent[page.path]
        else page._replace(share=page.share * rest)
        for page in found
    ]


def level(days: Sequence[date], story: Story) -> Floats:
    """Sessions expected on each day over all channels, before the decline."""
    season = by_month(days, MONTH_SESSIONS)
    season[-story.level_days :] = season[-story.level_days]
    return story.sessions_per_day * season * by_weekday(days)


def decline(count: int, story: Story) -> Floats:
    """Days by channels: 1 until the decline begins, then a straight line down."""
    slide = np.clip(np.arange(count) - (count - 1 - story.decline_days), 0, None)
    return 1 - np.outer(slide / story.decline_days, 1 - np.array(story.decline_to))


def shares(found: Sequence[Page], story: Story) -> Floats:
    """Pages by channels: rows sum to a page's share, columns stay near a channel's."""
    table = np.zeros((len(found), len(CHANNELS)))
    for row, page in enumerate(found):
        table[row, list(page.channels)] = np.array(story.channel_share)[list(page.channels)]
        table[row] *= page.share / table[row].sum()
    return table


def rates(found: Sequence[Page], story: Story, rng: np.random.Generator) -> Floats:
    """Pages by channels: the chance that a session buys, in an average month."""
    page_rate = story.conversion * rng.uniform(0.92, 1.15, len(found))
    table = np.outer(page_rate, story.channel_conversion)
    for row, page in enumerate(found):
        if page.path in story.poor_rates:
            table[row] = story.poor_rates[page.path]
    return table


def simulate_traffic(items: Sequence[Item], days: Sequence[date], story: Story) -> list[Traffic]:
    rng = generator(story.seed, "traffic")
    found = pages(items, story)
    sessions = _sessions(found, days, story, rng)
    orders = rng.binomial(sessions, _chances(found, days, story, rng))
    return _rows(found, days, sessions, orders)


def _sessions(
    found: Sequence[Page], days: Sequence[date], story: Story, rng: np.random.Generator
) -> np.ndarray:
    daily = level(days, story) * rng.lognormal(0, story.daily_noise, len(days))
    by_channel = decline(len(days), story) * daily[:, None]
    return rng.poisson(by_channel[:, None, :] * shares(found, story)[None, :, :])


def _chances(
    found: Sequence[Page], days: Sequence[date], story: Story, rng: np.random.Generator
) -> Floats:
    season = by_month(days, MONTH_CONVERSION)[:, None, None]
    poor = np.array([page.path in story.poor_rates for page in found])[None, :, None]
    return np.where(poor, 1.0, season) * rates(found, story, rng)[None, :, :]


def _rows(
    found: Sequence[Page], days: Sequence[date], sessions: np.ndarray, orders: np.ndarray
) -> list[Traffic]:
    return [
        Traffic(days[day], CHANNELS[channel], found[page].path, found[page].handle, visits, bought)
        for day, page, channel, visits, bought in zip(
            *(axis.tolist() for axis in np.nonzero(sessions)),
            sessions[sessions > 0].tolist(),
            orders[sessions > 0].tolist(),
            strict=True,
        )
    ]
