"""Posts, mailings and promotions, with the gaps that a watchful person would notice."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np

from stores.demo.rows import Campaign, Item, Post, Promotion
from stores.demo.seasons import generator
from stores.demo.story import SHOP_ZONE, Story

CAPTIONS = (
    "{title}, back on the shelf.",
    "On the packing table this morning: {title}.",
    "{title}. Made in small runs, so have a look while it is here.",
    "What we would give: {title}.",
    "A closer look at {title}.",
)
MAILINGS = (
    ("New on the shelves", "Five things that came in this week", "everybody"),
    ("From the press", "Fresh from the letterpress", "card_buyers"),
    ("Thank you", "Something for people who came back", "loyal"),
    ("Long time no see", "We kept your favourites in stock", "lapsed"),
    ("Under ten pounds", "Small things for small occasions", "everybody"),
)
PROMOTED = ("Mugs and stoneware", "Stationery", "Garden", "Textiles", "Candles", "Toys")
PROMOTION_DAYS, PROMOTION_PERCENT = 8, 15
POST_HOURS = (8, 12, 17, 19)
REACH = {"instagram": 950, "facebook": 420, "pinterest": 610}


def simulate_posts(items: Sequence[Item], days: Sequence[date], story: Story) -> list[Post]:
    """A steady rhythm on each platform until the day it fell silent."""
    rng = generator(story.seed, "posts")
    products = [item for item in {i.handle: i for i in items}.values() if item.active]
    weights = np.array([item.popularity for item in products])
    found = []
    for platform, silent_days, per_week in story.platforms:
        for day in _posting_days(days, silent_days, per_week, rng):
            item = products[int(rng.choice(len(products), p=weights / weights.sum()))]
            found.append(_post(platform, day, item, rng))
    return sorted(found, key=lambda post: post.published_at)


def _posting_days(
    days: Sequence[date], silent_days: int, per_week: int, rng: np.random.Generator
) -> list[date]:
    """The last posting day is exactly ``silent_days`` before the last day."""
    last = len(days) - 1 - silent_days
    picked = rng.random(last) < per_week / 7
    return [days[index] for index in np.flatnonzero(picked).tolist()] + [days[last]]


def _post(platform: str, day: date, item: Item, rng: np.random.Generator) -> Post:
    hour = POST_HOURS[int(rng.integers(len(POST_HOURS)))]
    caption = CAPTIONS[int(rng.integers(len(CAPTIONS)))].format(title=item.title)
    reach = int(REACH.get(platform, 500) * rng.lognormal(0, 0.35))
    moment = datetime.combine(day, time(hour), tzinfo=SHOP_ZONE)
    return Post(platform, moment, caption, item.handle, reach, int(rng.binomial(reach, 0.035)))


def simulate_campaigns(days: Sequence[date], story: Story) -> list[Campaign]:
    """One mailing every few weeks, and then none."""
    rng = generator(story.seed, "campaigns")
    back = range(story.last_campaign_days_ago, len(days), story.campaign_every_days)
    sent = [days[len(days) - 1 - offset] for offset in sorted(back, reverse=True)]
    return [_campaign(place, day, rng) for place, day in enumerate(sent)]


def _campaign(place: int, day: date, rng: np.random.Generator) -> Campaign:
    name, subject, audience = MAILINGS[place % len(MAILINGS)]
    recipients = int(
        rng.integers(1400, 2100) if audience == "everybody" else rng.integers(220, 600)
    )
    opens = int(rng.binomial(recipients, 0.38))
    clicks = int(rng.binomial(opens, 0.11))
    orders = int(rng.binomial(clicks, 0.14))
    revenue = Decimal(orders) * Decimal(str(round(float(rng.uniform(27, 39)), 2)))
    sent_at = datetime.combine(day, time(9, 30), tzinfo=SHOP_ZONE)
    title = f"{name}, {day:%d %b %Y}"
    return Campaign(title, subject, audience, sent_at, recipients, opens, clicks, orders, revenue)


def simulate_promotions(today: date, story: Story) -> list[Promotion]:
    """A week of one product type each, all of them over."""
    found = []
    for type_, back in zip(PROMOTED, story.promotions_days_ago, strict=True):
        starts = today - timedelta(days=back)
        word = type_.split()[0]
        found.append(
            Promotion(
                f"{word} week",
                f"{word.upper()}{PROMOTION_PERCENT}",
                type_,
                PROMOTION_PERCENT,
                starts,
                starts + timedelta(days=PROMOTION_DAYS - 1),
            )
        )
    return found
