"""What a person can choose, and where a thing to be sent stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """Kinds of notices as people think of them; preferences are per group."""

    REVIEWS = "reviews", _("Your review is asked for")
    DECISIONS = "decisions", _("Decisions")
    COMMENTS = "comments", _("Comments and mentions")
    RUNS = "runs", _("Runs")
    TEMPLATES = "templates", _("Templates")
    PROPOSALS = "proposals", _("Proposals")
    SHOP = "shop", _("The shop and its settings")
    ALARMS = "alarms", _("Alarms")


class MailChoice(models.TextChoices):
    NOW = "now", _("At once")
    DIGEST = "digest", _("In the digest")
    NONE = "none", _("Never")


class Sending(models.TextChoices):
    PENDING = "pending", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    DIGEST = "digest", _("Waits for the digest")
    SKIPPED = "skipped", _("Not wanted")


class EndpointKind(models.TextChoices):
    WEBHOOK = "webhook", _("Webhook")
    CHAT = "chat", _("Chat channel (Slack and compatible)")
