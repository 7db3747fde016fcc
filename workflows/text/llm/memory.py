"""What was asked and answered, and what it cost: so that the same question gives the same text.

A plan is made in a transaction that may not write, and the cache may be a table. So the cache is
reached from a thread of its own, which has its own connection.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connections
from django.utils import timezone

from core.canonical import canonical_json

T = TypeVar("T")
KEEP = 90 * 24 * 3600
MONTH = 35 * 24 * 3600


class Memory:
    def __init__(self, tenant_id: str) -> None:
        self.tenant_id = tenant_id
        self._aside = ThreadPoolExecutor(max_workers=1)

    def key(self, question: Any) -> str:
        digest = sha256(canonical_json(question)).hexdigest()
        return f"llm:{self.tenant_id}:{digest}"

    def recall(self, key: str) -> Any:
        return self._run(lambda: cache.get(key))

    def keep(self, key: str, answer: Any) -> None:
        self._run(lambda: cache.set(key, answer, KEEP))

    @property
    def spent(self) -> int:
        """Tokens of this tenant in this month."""
        return self._run(lambda: cache.get(self._purse, 0))

    def spend(self, tokens: int) -> None:
        def add() -> None:
            cache.add(self._purse, 0, MONTH)
            cache.incr(self._purse, tokens)

        self._run(add)

    @property
    def _purse(self) -> str:
        return f"llm-spent:{self.tenant_id}:{timezone.now():%Y-%m}"

    def _run(self, work: Callable[[], T]) -> T:
        def alone() -> T:
            try:
                return work()
            finally:
                connections.close_all()

        return self._aside.submit(alone).result()

    def close(self) -> None:
        self._aside.shutdown()
