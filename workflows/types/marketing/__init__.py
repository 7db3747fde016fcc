"""Campaigns and the pages they lead to."""

from workflows.types.marketing import launch, seasonal

__all__ = ["launch", "seasonal"]
