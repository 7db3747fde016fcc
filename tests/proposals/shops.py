"""Random shops for the detectors, with and without the effect each looks for.

They are made as the facts a detector reads, a thousand at a time, with numpy.
"""

from datetime import date, timedelta

import numpy as np

from proposals.detectors.base import Shop
from proposals.detectors.campaigns import Facts as CampaignFacts
from proposals.detectors.campaigns import Sent
from proposals.detectors.conversion import Facts as ConversionFacts
from proposals.detectors.conversion import Page
from proposals.detectors.descriptions import Facts as DescriptionFacts
from proposals.detectors.pricing import Priced
from proposals.detectors.season import Facts as SeasonFacts
from proposals.detectors.social import Platform
from proposals.detectors.traffic import Facts as TrafficFacts

TODAY = date(2026, 9, 30)
SHOP = Shop("tenant_x", TODAY)
WEEK = np.array([1.08, 1.02, 1.0, 0.99, 0.94, 0.90, 1.07])


def traffic(rng, *, loss=0.0, noise=None):
    """56 days with a weekly rhythm, and noise that lingers from day to day."""
    base, days = float(rng.uniform(60, 3000)), np.arange(56)
    spread = noise if noise is not None else float(rng.uniform(0.04, 0.20))
    linger = 0.0 if noise is not None else float(rng.uniform(0, 0.5))
    shocks = rng.normal(0, spread * np.sqrt(1 - linger**2), 56)
    noise_of_day = np.zeros(56)
    for day in range(56):
        noise_of_day[day] = linger * (noise_of_day[day - 1] if day else 0) + shocks[day]
    rhythm = WEEK[(days + rng.integers(7)) % 7] * np.exp(noise_of_day)
    level = base * np.where(days < 28, 1.0, 1 - loss)
    return TrafficFacts(sessions=tuple(int(n) for n in rng.poisson(level * rhythm)))


def conversion(rng, *, poor=False):
    """Thirty pages that sell to just the 2 % asked for: the hardest shop to leave alone."""
    sessions = rng.integers(20, 4000, 30)
    rates = np.full(30, 0.02) if not poor else np.full(30, 0.03)
    if poor:
        sessions[0], rates[0] = rng.integers(1500, 4000), 0.008
    orders = rng.binomial(sessions, rates)
    pages = [
        Page(f"/p{n}", int(s), int(o))
        for n, (s, o) in enumerate(zip(sessions, orders, strict=True))
    ]
    large = [page for page in pages if page.sessions >= 300]
    return ConversionFacts(
        sessions=int(sessions.sum()),
        orders=int(orders.sum()),
        tested=len(large),
        pages=tuple(page for page in large if page.rate < 0.02),
        order_value=30.0,
    )


def pricing(rng, *, gap=0.0, spread=0.08):
    count = int(rng.integers(8, 120))
    price, revenue = rng.uniform(3, 60, count), rng.lognormal(5, 1.0, count)
    market = price * (1 + gap + rng.normal(0, spread, count))
    return tuple(
        Priced(n, f"product_{n}", f"Thing {n}", p, p * 0.5, max(m, 0.1), 3, max(int(r / p), 1), r)
        for n, (p, m, r) in enumerate(zip(price, market, revenue, strict=True))
    )


def descriptions(rng, *, share=None):
    products = int(rng.integers(10, 900))
    share = float(rng.uniform(0, 0.28)) if share is None else share
    without = int(np.floor(products * share))
    return DescriptionFacts(products, without, (("Things", products, without),))


def campaigns(rng, *, silent=None):
    """A rhythm of one to four weeks, kept until today; or ``silent`` days since the last."""
    gap = int(rng.integers(5, 29))
    last = TODAY - timedelta(days=int(rng.integers(0, gap)) if silent is None else silent)
    days = [last - timedelta(days=gap * n) for n in range(12)][::-1]
    sent = tuple(
        Sent(f"campaign_{n}", f"No. {n}", day, 900, 4, float(rng.uniform(50, 300)))
        for n, day in enumerate(days)
    )
    return CampaignFacts(sent=sent, planned=None, customers=int(rng.integers(60, 9000)))


def social(rng, *, silent=None):
    found = []
    for name in ("instagram", "facebook", "pinterest"):
        days = int(rng.integers(0, 13))
        if name == "pinterest" and silent is not None:
            days = silent
        usual = int(rng.integers(8, 60))
        found.append(Platform(name, TODAY - timedelta(days=days), usual, 0, (3,) * 12))
    return tuple(found)


def season(rng, *, factor=1.0):
    """Two years of days; before Christmas they sell ``factor`` times as much."""
    days = [TODAY - timedelta(days=back) for back in range(790, -1, -1)]
    busy = [factor if (11, 28) <= (day.month, day.day) <= (12, 25) else 1.0 for day in days]
    rhythm = WEEK[[day.weekday() for day in days]] * rng.lognormal(0, 0.25, len(days))
    amounts = float(rng.uniform(100, 3000)) * rhythm * np.array(busy)
    return SeasonFacts(dict(zip(days, amounts.tolist(), strict=True)))
