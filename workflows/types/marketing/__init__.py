"""Campaigns and the pages they lead to."""

from workflows.types.marketing import conversion, launch, seasonal

__all__ = ["conversion", "launch", "seasonal"]
