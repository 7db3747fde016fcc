"""What the simulator yields, one tuple a row, independent of any table."""

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple


class Item(NamedTuple):
    """One sellable variant, as the simulator sees it."""

    sku: str
    handle: str
    title: str
    type: str
    tags: frozenset[str]
    price: Decimal
    cost: Decimal | None
    popularity: float
    market: float
    active: bool

    @property
    def comparable(self) -> bool:
        """Whether another shop can sell the same thing."""
        return self.cost is not None and not self.tags & {"service", "made-to-order", "gift-card"}


class Order(NamedTuple):
    number: str
    placed_at: datetime
    customer: str
    channel: str
    landing_page: str
    discount_code: str
    discount: Decimal
    shipping: Decimal


class Line(NamedTuple):
    """A sale, or, with a negative quantity, what came back of the order named in ``returns``."""

    order: str
    position: int
    placed_at: datetime
    sku: str
    quantity: int
    unit_price: Decimal
    discount: Decimal
    returns: str


class Traffic(NamedTuple):
    day: date
    channel: str
    landing_page: str
    handle: str
    sessions: int
    orders: int


class MarketPrice(NamedTuple):
    sku: str
    competitor: str
    price: Decimal
    observed_on: date


class Post(NamedTuple):
    platform: str
    published_at: datetime
    caption: str
    handle: str
    reach: int
    engagements: int


class Campaign(NamedTuple):
    name: str
    subject: str
    audience: str
    sent_at: datetime
    recipients: int
    opens: int
    clicks: int
    orders: int
    revenue: Decimal


class Promotion(NamedTuple):
    name: str
    code: str
    type: str
    percent: int
    starts_on: date
    ends_on: date


class Search(NamedTuple):
    """One query in one week, as a search console would report it."""

    query: str
    page: str
    week: date
    impressions: int
    clicks: int
    position: float


class History(NamedTuple):
    """Everything that happened in the shop, oldest first."""

    orders: list[Order]
    lines: list[Line]
    traffic: list[Traffic]
    market_prices: list[MarketPrice]
    posts: list[Post]
    campaigns: list[Campaign]
    promotions: list[Promotion]
    searches: list[Search]
