"""What people typed into a search engine before they saw the shop."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from stores.demo.rows import Item, Search
from stores.demo.seasons import generator
from stores.demo.story import Story

# The usual share of people who click a result at positions 1 to 10.
CLICKED_AT = (0.27, 0.15, 0.10, 0.07, 0.052, 0.040, 0.031, 0.025, 0.021, 0.018)
QUERIES = 60
# Every sixth query is seen near the top and hardly clicked: its title sells nothing.
POOR_EVERY, POOR_SHARE, POOR_POSITION = 6, 0.12, 3.2


def simulate_searches(items: Sequence[Item], today: date, story: Story) -> list[Search]:
    """Whole weeks ending yesterday, for the best-known products."""
    rng = generator(story.seed, "searches")
    products = [item for item in {i.handle: i for i in items}.values() if item.active]
    known = sorted(products, key=lambda item: (-item.popularity, item.handle))[:QUERIES]
    found = []
    for place, item in enumerate(known):
        poor = place % POOR_EVERY == POOR_EVERY - 1
        position = POOR_POSITION if poor else float(rng.uniform(1.2, 9.5))
        for back in range(story.search_weeks, 0, -1):
            week = today - timedelta(days=7 * back)
            found.append(_search(item, week, position, poor, rng))
    return sorted(found, key=lambda row: (row.week, row.query))


def query_of(title: str) -> str:
    """The first words of a title, as somebody would type them."""
    words = title.lower().replace(",", "").replace("'", "").split()
    return " ".join(words[:4])


def _search(
    item: Item, week: date, position: float, poor: bool, rng: np.random.Generator
) -> Search:
    here = float(np.clip(position + rng.normal(0, 0.25), 1, 10))
    usual = CLICKED_AT[round(here) - 1]
    impressions = int(rng.poisson(40 + 14 * item.popularity))
    clicks = int(rng.binomial(impressions, usual * POOR_SHARE if poor else usual))
    page = f"/products/{item.handle}"
    return Search(query_of(item.title), page, week, impressions, clicks, round(here, 1))
