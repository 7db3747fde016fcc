"""Posts."""

from workflows.types.social import calendar

__all__ = ["calendar"]
