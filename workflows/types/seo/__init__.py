"""What search engines see."""

from workflows.types.seo import audit

__all__ = ["audit"]
