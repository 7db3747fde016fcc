"""Addresses of a shop's own programs and chat channels, and the log of what went to them."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.ids import IdField
from notifications.models.outbox import Outgoing, sent_has_a_time, states_are_known
from notifications.states import EndpointKind, Sending
from tenants.models import TenantKey, TenantOwned


class Occasion(TenantOwned):
    """Something that happened, for the shop's endpoints; written by ``notify`` with its notices.

    ``spread_at`` is set when its deliveries have been made; until then the sweep finds it.
    """

    guest_may_insert = True

    id = IdField(prefix="occasion")
    kind = models.CharField(_("kind"), max_length=64)
    subject = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    details = models.JSONField(default=dict, blank=True)
    dedupe_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    spread_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "dedupe_key"], name="occasion_once")
        ]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="occasion_to_spread",
                condition=Q(spread_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.kind


class Endpoint(TenantOwned):
    """``kinds`` empty means every kind. Address and signing keys lie sealed (``core.sealed``).

    ``failing_since`` is the first failure after the last success; ``failures`` counts them.
    """

    id = IdField(prefix="endpoint")
    kind = models.CharField(_("kind"), max_length=8, choices=EndpointKind.choices)
    name = models.CharField(_("name"), max_length=100)
    sealed_url = models.TextField()
    kinds = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    sealed_secret = models.TextField(blank=True)
    sealed_old_secret = models.TextField(blank=True)
    old_secret_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(_("on"), default=True)
    why_off = models.CharField(max_length=300, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="endpoint_kind_is_known", condition=Q(kind__in=EndpointKind.values)
            ),
            models.CheckConstraint(name="endpoint_has_a_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(
                name="endpoint_webhook_has_a_secret",
                condition=~Q(kind=EndpointKind.WEBHOOK) | ~Q(sealed_secret=""),
            ),
            models.CheckConstraint(
                name="endpoint_removed_is_off", condition=Q(removed_at=None) | Q(is_active=False)
            ),
            models.CheckConstraint(
                name="endpoint_failures_since",
                condition=Q(failing_since=None, failures=0)
                | Q(failing_since__isnull=False, failures__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(Outgoing, TenantOwned):
    """One occasion for one endpoint. The body is kept as signed, so that a replay says the same."""

    id = IdField(prefix="delivery")
    endpoint = TenantKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    occasion = TenantKey(Occasion, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=64)
    body = models.TextField()
    tries = models.PositiveSmallIntegerField(default=0)
    last_status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "occasion"], name="delivery_once"),
            states_are_known(
                "delivery_state_is_known", Sending.PENDING, Sending.SENT, Sending.FAILED
            ),
            sent_has_a_time("delivery_sent_has_a_time"),
        ]
        indexes = [
            models.Index(fields=["tenant", "endpoint", "-created_at", "-id"], name="delivery_log"),
            models.Index(
                fields=["due_at"], name="delivery_to_send", condition=Q(state=Sending.PENDING)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.endpoint_id}"


class Attempt(TenantOwned):
    """One call and what came of it. ``status`` is empty when no answer came."""

    append_only = True

    id = IdField(prefix="attempt")
    delivery = TenantKey(Delivery, on_delete=models.CASCADE, related_name="calls")
    number = models.PositiveSmallIntegerField()
    at = models.DateTimeField(db_default=Now(), editable=False)
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    snippet = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="attempt_number_once")
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.delivery_id} #{self.number}"
