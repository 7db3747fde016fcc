"""What was asked and answered, and what it cost: so that the same question gives the same text.

A plan is made in a transaction that may not write. So both are reached from a thread of their own,
which has its own connection: what was spent stays counted when the plan fails.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256
from typing import Any, Protocol, TypeVar

import structlog
from django.core.cache import cache
from django.db import OperationalError, connection, connections
from django.utils import timezone

from core.canonical import canonical_json
from core.scope import scope
from workflows.models.texts import TextSpending

log = structlog.get_logger(__name__)
T = TypeVar("T")
KEEP = 90 * 24 * 3600
# The plan's own transaction may hold the tenant's row; waiting for it would be for ever.
PATIENCE = "SET LOCAL lock_timeout = '2s'"
COUNT_UP = """
INSERT INTO workflow_text_spending (tenant_id, month, tokens, texts) VALUES (%s, %s, %s, %s)
ON CONFLICT (tenant_id, month) DO UPDATE
SET tokens = workflow_text_spending.tokens + excluded.tokens,
    texts = workflow_text_spending.texts + excluded.texts
"""


def aside(work: Callable[[], T]) -> T:
    """Does it on another connection, outside the transaction that is open here."""

    def alone() -> T:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(alone).result()


class Answers:
    """Checked texts by question, per tenant."""

    def __init__(self, tenant_id: str) -> None:
        self.tenant_id = tenant_id

    def key(self, question: Any) -> str:
        digest = sha256(canonical_json(question)).hexdigest()
        return f"llm:{self.tenant_id}:{digest}"

    def recall(self, key: str) -> Any:
        return aside(lambda: cache.get(key))

    def keep(self, key: str, answer: Any) -> None:
        aside(lambda: cache.set(key, answer, KEEP))


class Purse(Protocol):
    """What a month's texts have cost, in tokens."""

    def spent(self) -> int: ...

    def spend(self, tokens: int, texts: int = 0) -> None: ...


class TenantPurse:
    """Counted in the tenant's own row, so that no restart and no cache forgets it.

    ``is_aside``: on another connection, because a plan's transaction is open on this one.
    """

    def __init__(self, tenant_id: str, *, is_aside: bool = True) -> None:
        self.tenant_id, self.is_aside = tenant_id, is_aside

    def spent(self) -> int:
        return aside(self._spent) if self.is_aside else self._spent()

    def spend(self, tokens: int, texts: int = 0) -> None:
        if self.is_aside:
            aside(lambda: self._count_up(tokens, texts))
        else:
            self._count_up(tokens, texts)

    def _spent(self) -> int:
        with scope(tenant_id=self.tenant_id):
            rows = TextSpending.objects.filter(month=this_month())
            return rows.values_list("tokens", flat=True).first() or 0

    def _count_up(self, tokens: int, texts: int) -> None:
        try:
            with scope(tenant_id=self.tenant_id), connection.cursor() as cursor:
                cursor.execute(PATIENCE)
                cursor.execute(COUNT_UP, [self.tenant_id, this_month(), tokens, texts])
        except OperationalError:
            log.warning("text_spending_not_counted", tenant_id=self.tenant_id, tokens=tokens)


def this_month() -> date:
    return timezone.now().date().replace(day=1)
