"""The seven detectors, one module each. Importing this registers them."""

from proposals.detectors import (
    campaigns,
    conversion,
    descriptions,
    pricing,
    season,
    social,
    traffic,
)

__all__ = ["campaigns", "conversion", "descriptions", "pricing", "season", "social", "traffic"]
