"""Prices."""

from workflows.types.pricing import dynamic

__all__ = ["dynamic"]
