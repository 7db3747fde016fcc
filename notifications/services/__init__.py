"""Telling people and programs, and what they want to hear."""

from notifications.services.delivering import deliver, ping, replay, spread
from notifications.services.endpoints import (
    NewSecret,
    create_endpoint,
    remove_endpoint,
    rotate_secret,
    update_endpoint,
)
from notifications.services.mailing import mail_digest, mail_notice
from notifications.services.preferring import set_digest_time, set_preferences
from notifications.services.reading import read_all_notices, read_notice
from notifications.services.sweeping import sweep
from notifications.services.telling import notify

__all__ = [
    "NewSecret",
    "create_endpoint",
    "deliver",
    "mail_digest",
    "mail_notice",
    "notify",
    "ping",
    "read_all_notices",
    "read_notice",
    "remove_endpoint",
    "replay",
    "rotate_secret",
    "set_digest_time",
    "set_preferences",
    "spread",
    "sweep",
    "update_endpoint",
]
