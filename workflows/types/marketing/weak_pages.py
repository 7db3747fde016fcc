"""Pages on which fewer visitors buy than elsewhere in the shop: pure functions over sums."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from statistics import NormalDist
from typing import Any


@dataclass(frozen=True, slots=True)
class WeakPage:
    """``lost``: money in hundredths that visits here would have brought at the shop's own rate."""

    name: str
    sessions: int
    orders: int
    rate: Decimal
    usual: Decimal
    lost: int


def rate(orders: int, sessions: int) -> Decimal:
    """Orders per hundred visits."""
    return Decimal(orders * 100) / sessions if sessions else Decimal(0)


def upper_bound(orders: int, sessions: int, confidence: Decimal) -> float:
    """The highest rate that chance could explain (Wilson, one side)."""
    z = NormalDist().inv_cdf(float(confidence) / 100)
    share = orders / sessions
    centre = share + z * z / (2 * sessions)
    spread = z * sqrt(share * (1 - share) / sessions + z * z / (4 * sessions * sessions))
    return (centre + spread) / (1 + z * z / sessions)


def weak_pages(
    pages: Iterable[Any], *, least: int, confidence: Decimal, value: Decimal
) -> list[WeakPage]:
    """Those surely below the rate of all other pages together; worst loss first.

    ``value`` is what an order brings on average.
    """
    listed = list(pages)
    sessions, orders = sum(p.sessions for p in listed), sum(p.orders for p in listed)
    found = []
    for page in listed:
        others, bought = sessions - page.sessions, orders - page.orders
        if page.sessions < least or others <= 0:
            continue
        if upper_bound(page.orders, page.sessions, confidence) < bought / others:
            missed = Decimal(bought * page.sessions) / others - page.orders
            found.append(
                WeakPage(
                    page.name,
                    page.sessions,
                    page.orders,
                    rate(page.orders, page.sessions),
                    rate(bought, others),
                    int(missed * value * 100),
                )
            )
    return sorted(found, key=lambda page: (-page.lost, page.name))


@dataclass(frozen=True, slots=True)
class Change:
    """A rate now and in the period before it; ``sure`` when chance hardly explains it."""

    name: str
    sessions: int
    now: Decimal
    before: Decimal
    sure: bool
    lost: int


def changes(
    now: Sequence[Any], before: Sequence[Any], *, least: int, confidence: Decimal, value: Decimal
) -> list[Change]:
    """Channels whose visitors buy less than they did; worst loss first."""
    earlier = {visits.name: visits for visits in before}
    found = []
    for visits in now:
        past = earlier.get(visits.name)
        if past is None or min(visits.sessions, past.sessions) < least or not past.orders:
            continue
        was = past.orders / past.sessions
        missed = Decimal(past.orders * visits.sessions) / past.sessions - visits.orders
        if missed <= 0:
            continue
        sure = upper_bound(visits.orders, visits.sessions, confidence) < was
        found.append(
            Change(
                visits.name,
                visits.sessions,
                rate(visits.orders, visits.sessions),
                rate(past.orders, past.sessions),
                sure,
                int(missed * value * 100),
            )
        )
    return sorted((c for c in found if c.sure), key=lambda c: (-c.lost, c.name))
