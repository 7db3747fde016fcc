"""Notices, what people want of them, and the addresses a shop has them sent to."""

from notifications.models.endpoints import Attempt, Delivery, Endpoint, Occasion
from notifications.models.notices import Notice
from notifications.models.preferences import Digest, DigestTime, Preference

__all__ = [
    "Attempt",
    "Delivery",
    "Digest",
    "DigestTime",
    "Endpoint",
    "Notice",
    "Occasion",
    "Preference",
]
