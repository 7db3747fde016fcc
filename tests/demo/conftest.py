"""One history of the demo shop for all tests that only read it."""

from datetime import date

import pytest

from stores.demo.catalogue import DEMO_SHOP, read_items
from stores.demo.simulator import simulate

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="session")
def items():
    return read_items(DEMO_SHOP)


@pytest.fixture(scope="session")
def history(items):
    return simulate(items, TODAY)
