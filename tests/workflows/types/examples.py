"""Examples that hypothesis makes up, each rolled back when it is over."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

CALM = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def some(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=CALM)


class Over(Exception):
    pass


@contextmanager
def rolled_back() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
            raise Over
    except Over:
        pass


def money(most: str = "200.00", least: str = "0.00") -> st.SearchStrategy:
    return st.decimals(least, most, places=2)
