"""The shop as a type sees it while planning: every read of ``stores.queries``, and no write.

Which data was read, and how old it is, is noted on the way: people see it beside the plan.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any

from stores import queries
from tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class ReadMark:
    key: str
    label: str
    as_of: date | datetime | None


class StoreReader:
    """``store.variant_rows(…)`` is ``stores.queries.variant_rows(tenant_id, …)``.

    A function of ``stores.queries`` that says ``reads = ("market_prices", …)`` is noted by itself.
    """

    def __init__(self, tenant: Tenant, seed: str) -> None:
        self.tenant_id = tenant.pk
        self.currency = tenant.currency
        self.country = tenant.country
        self.locale = tenant.locale
        self.timezone = tenant.timezone
        self.seed = seed
        self.marks: dict[str, ReadMark] = {}

    @cached_property
    def today(self) -> date:
        """The day "the last 90 days" count back from."""
        return queries.today(self.tenant_id)

    def random(self) -> random.Random:
        """Chance that falls the same way for the same draft."""
        return random.Random(self.seed)  # noqa: S311 -- for variety, not for secrets

    def read_mark(self, key: str, label: str, as_of: date | datetime | None = None) -> None:
        self.marks.setdefault(key, ReadMark(key, str(label), as_of))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        read: Any = getattr(queries, name, None)
        if name.startswith("_") or getattr(read, "__module__", "").partition(".")[0] != "stores":
            raise AttributeError(f"stores.queries has no read named {name}")
        for key in getattr(read, "reads", ()):
            if key not in self.marks:
                label, as_of = queries.freshness(self.tenant_id, key)
                self.read_mark(key, label, as_of)
        return partial(read, self.tenant_id)
