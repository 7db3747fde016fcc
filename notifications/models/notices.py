"""What a person should know, once, with a link to where they can act on it."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.ids import IdField
from core.rls import DRAFT, TENANT, USER
from notifications.models.outbox import Outgoing, sent_has_a_time, states_are_known
from notifications.states import Group, Sending


class Notice(Outgoing):
    """One message to one person. They see their own, whichever tenant it comes from.

    ``dedupe_key`` names the occasion, so that a repeated task tells nobody twice. The outbox
    columns speak of its mail. ``details`` is what the mail shows beside the text: the effect,
    figures, changes, who is asked and until when (``notifications.letters``).
    """

    rls = "own"
    rls_using = f"user_id = {USER} AND {DRAFT} = ''"
    rls_check = f"(tenant_id = {TENANT} OR user_id = {USER})"

    id = IdField(prefix="notice")
    tenant = models.ForeignKey(
        "tenants.Tenant", on_delete=models.CASCADE, related_name="+", null=True
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=64)
    group = models.CharField(_("group"), max_length=16, choices=Group.choices, default=Group.SHOP)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    url = models.CharField(_("link"), max_length=300, blank=True)
    details = models.JSONField(default=dict, blank=True)
    dedupe_key = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    read_at = models.DateTimeField(null=True, blank=True)
    digest = models.ForeignKey(
        "notifications.Digest", on_delete=models.SET_NULL, null=True, related_name="notices"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "dedupe_key"], name="notice_once"),
            states_are_known("notice_mail_state_is_known", *Sending),
            sent_has_a_time("notice_mailed_has_a_time"),
            models.CheckConstraint(
                name="notice_group_is_known", condition=models.Q(group__in=Group.values)
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notice_of_user"),
            models.Index(
                fields=["user", "group"],
                name="notice_unread",
                condition=models.Q(read_at__isnull=True),
            ),
            models.Index(
                fields=["due_at"],
                name="notice_to_mail",
                condition=models.Q(state=Sending.PENDING),
            ),
            models.Index(
                fields=["user"], name="notice_to_digest", condition=models.Q(state=Sending.DIGEST)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
