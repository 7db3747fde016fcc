"""What three made-up competitors ask for the same things, week by week."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from stores.demo.rows import Item, MarketPrice
from stores.demo.seasons import Floats, generator
from stores.demo.story import Story

NOISE = 0.01
STEP = Decimal("0.05")


def simulate_market(items: Sequence[Item], today: date, story: Story) -> list[MarketPrice]:
    """Weekly observations, the last one yesterday.

    The market stood at the shop's price and drifted to each product's position over the
    last weeks; a competitor carries only a share of the range.
    """
    rng = generator(story.seed, "market")
    drift = _drift(story)
    found: list[MarketPrice] = []
    for item in items:
        if item.comparable and item.active:
            found.extend(_observations(item, today, drift, story, rng))
    return sorted(found, key=lambda row: row.observed_on)


def _drift(story: Story) -> Floats:
    """Oldest week first: 0 while the market stood still, up to 1 in the last week."""
    weeks = np.arange(story.market_weeks)
    begins = story.market_weeks - 1 - story.market_drift_weeks
    return np.clip((weeks - begins) / story.market_drift_weeks, 0, 1)


def _observations(
    item: Item, today: date, drift: Floats, story: Story, rng: np.random.Generator
) -> list[MarketPrice]:
    found = []
    for name, bias, coverage in story.competitors:
        carried, noise = rng.random() < coverage, rng.normal(0, NOISE)
        if not carried:
            continue
        for week, share in enumerate(drift.tolist()):
            ratio = 1 + (item.market - 1) * share + bias + noise
            back = timedelta(days=1 + 7 * (story.market_weeks - 1 - week))
            found.append(MarketPrice(item.sku, name, _asked(item.price, ratio), today - back))
    return found


def _asked(price: Decimal, ratio: float) -> Decimal:
    """Rounded to five pence, and never nothing."""
    steps = (price * Decimal(str(round(ratio, 4))) / STEP).quantize(Decimal(1), ROUND_HALF_UP)
    return max(steps, Decimal(1)) * STEP
