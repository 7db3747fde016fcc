"""Reviews are tested on the drafts' shop, type and people."""

from tests.drafts.conftest import bring, council, draft, raise_prices, shop  # noqa: F401
