"""Who orders: people who come once, come back, come often, or stopped coming."""

from typing import NamedTuple

import numpy as np

# Shares of new customers, and how many tickets each kind holds in the draw of who returns.
KINDS = ("once", "occasional", "loyal", "lapsing")
KIND_SHARE = (0.52, 0.30, 0.07, 0.11)
KIND_TICKETS = {"once": 0, "occasional": 1, "loyal": 6, "lapsing": 5}
LAPSED_FOR_DAYS = 130
LAPSING_SPAN = (40, 110)


class Customer(NamedTuple):
    name: str
    kind: str
    gone_after: int


class Customers:
    """Draws the customer of each order in the order of time."""

    def __init__(self, *, returning: float, days: int, rng: np.random.Generator) -> None:
        self._returning = returning
        self._days = days
        self._rng = rng
        self._count = 0
        self._tickets: list[Customer] = []

    def pick(self, day: int) -> tuple[str, bool]:
        """The customer of an order on that day, and whether it is their first."""
        if self._tickets and self._rng.random() < self._returning:
            known = self._draw(day)
            if known:
                return known.name, False
        return self._welcome(day).name, True

    def _draw(self, day: int) -> Customer | None:
        while self._tickets:
            slot = int(self._rng.integers(len(self._tickets)))
            customer = self._tickets[slot]
            if day <= customer.gone_after:
                return customer
            self._tickets[slot] = self._tickets[-1]
            self._tickets.pop()
        return None

    def _welcome(self, day: int) -> Customer:
        kind = KINDS[int(self._rng.choice(len(KINDS), p=KIND_SHARE))]
        self._count += 1
        customer = Customer(f"sim-{self._count:06d}", kind, self._gone_after(kind, day))
        self._tickets.extend([customer] * KIND_TICKETS[kind])
        return customer

    def _gone_after(self, kind: str, day: int) -> int:
        """The last day somebody may order; lapsing people are long gone at the end."""
        if kind != "lapsing":
            return self._days
        leaves = day + int(self._rng.integers(*LAPSING_SPAN))
        return min(leaves, max(self._days - LAPSED_FOR_DAYS, day))
