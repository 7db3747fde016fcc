"""Repeatable choices: a seed and a product draw the same, whatever else is in the plan."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


class Draw:
    """Choices for one product. Each question has its own answer, so adding one moves no other."""

    def __init__(self, seed: str, key: str) -> None:
        self._base = f"{seed}\x1f{key}\x1f".encode()

    def number(self, question: str, below: int) -> int:
        digest = blake2b(self._base + question.encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") % below

    def one(self, question: str, items: Sequence[T]) -> T:
        return items[self.number(question, len(items))]

    def order(self, question: str, items: Sequence[T]) -> list[T]:
        """All items in an order of this product's own."""
        left, found = list(items), []
        number = self.number(question, 2**63)
        while left:
            number, at = divmod(number, len(left))
            found.append(left.pop(at))
        return found
