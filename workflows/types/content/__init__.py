"""Texts of products."""

from workflows.types.content import descriptions

__all__ = ["descriptions"]
