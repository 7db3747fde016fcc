"""How much data a run makes. ``--quick`` shows the same ratios roughly, within three minutes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    tenants: int
    drafts_each: int
    drafts_large: int
    products: int
    scan_tenants: int
    scan_days: int
    order_lines: int
    rounds: int
    long_rounds: int


FULL = Size(
    tenants=1_000,
    drafts_each=900,
    drafts_large=100_000,
    products=100_000,
    scan_tenants=10_000,
    scan_days=365,
    order_lines=541_909,
    rounds=200,
    long_rounds=5,
)
QUICK = Size(
    tenants=50,
    drafts_each=900,
    drafts_large=20_000,
    products=10_000,
    scan_tenants=200,
    scan_days=365,
    order_lines=40_000,
    rounds=60,
    long_rounds=3,
)
