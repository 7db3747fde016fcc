"""On a thousand shops without an effect the detectors stay silent; on planted ones they speak.

Each detector states its own rates (``false_alarms``, ``power``); they are counted here.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from proposals.detectors import registry
from tests.proposals import shops

pytestmark = pytest.mark.slow

SHOPS = 1000
# Without the effect; with the one each detector says is planted.
SILENT = {
    "declining_traffic": lambda rng: shops.traffic(rng),
    "low_conversion": lambda rng: shops.conversion(rng),
    "no_recent_campaigns": lambda rng: shops.campaigns(rng),
    "pricing_opportunity": lambda rng: shops.pricing(rng),
    "products_without_descriptions": lambda rng: shops.descriptions(rng),
    "social_gaps": lambda rng: shops.social(rng),
}
PLANTED = {
    "declining_traffic": lambda rng: shops.traffic(rng, loss=0.25, noise=0.10),
    "low_conversion": lambda rng: shops.conversion(rng, poor=True),
    "no_recent_campaigns": lambda rng: shops.campaigns(rng, silent=41),
    "pricing_opportunity": lambda rng: shops.pricing(rng, gap=0.20),
    "products_without_descriptions": lambda rng: shops.descriptions(rng, share=0.40),
    "social_gaps": lambda rng: shops.social(rng, silent=19),
}


def share_that_speaks(detector, make, count=SHOPS):
    rng, settings = np.random.default_rng(20261123), detector.Settings()
    spoke = sum(bool(detector.judge(shops.SHOP, make(rng), settings)) for _ in range(count))
    return spoke / count


@pytest.mark.parametrize("name", sorted(SILENT))
def test_at_most_the_stated_share_of_false_alarms(name):
    detector = registry.get(name)
    assert share_that_speaks(detector, SILENT[name]) <= detector.false_alarms


@pytest.mark.parametrize("name", sorted(PLANTED))
def test_at_least_the_stated_power(name):
    detector = registry.get(name)
    assert share_that_speaks(detector, PLANTED[name]) >= detector.power


def test_every_detector_is_counted():
    assert SILENT.keys() == PLANTED.keys() == {d.id for d in registry.all()} - {"upcoming_holiday"}


def christmas_is_found(rng, factor):
    """In November, is Christmas said to sell more than the weeks around it?"""
    detector = registry.get("upcoming_holiday")
    shop = replace(shops.SHOP, today=date(2026, 9, 30))
    found = detector.judge(shop, shops.season(rng, factor=factor), detector.Settings(threshold=90))
    (christmas,) = [f for f in found if f.facts["holiday"] == "christmas"] or [None]
    return christmas is not None and christmas.interval is not None and christmas.interval.low > 1


def test_a_season_is_measured_where_there_is_one_and_not_where_there_is_none():
    detector, rng = registry.get("upcoming_holiday"), np.random.default_rng(7)
    false = sum(christmas_is_found(rng, 1.0) for _ in range(SHOPS)) / SHOPS
    true = sum(christmas_is_found(rng, 2.0) for _ in range(200)) / 200
    assert false <= detector.false_alarms
    assert true >= detector.power


def test_a_date_that_sold_less_than_usual_is_not_proposed():
    detector, rng = registry.get("upcoming_holiday"), np.random.default_rng(8)
    shop = replace(shops.SHOP, today=date(2026, 9, 30))
    found = detector.judge(shop, shops.season(rng, factor=0.5), detector.Settings(threshold=90))
    assert "christmas" not in [f.facts["holiday"] for f in found]
