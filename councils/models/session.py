"""A meeting of a council: an agenda from its queue, one item at a time, minutes at the end."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.ids import IdField
from core.rls import COUNCILS, DRAFT

MINE = f"{DRAFT} = '' AND council_id = ANY({COUNCILS})"


class SessionManager(models.Manager):
    """No tenant filter: a shared council meets over drafts of many tenants. The policy admits the
    councils of whoever asks."""


class Session(models.Model):
    """Held by the members of one council. It decides nothing itself: in it people decide."""

    rls = "own"
    rls_using = MINE

    id = IdField(prefix="session")
    council = models.ForeignKey("councils.Council", on_delete=models.CASCADE, related_name="+")
    council_name = models.CharField(max_length=120)
    led_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    minutes_each = models.PositiveSmallIntegerField(default=5)
    at_item = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SessionManager()

    class Meta:
        ordering = ["-started_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="session_item_has_time", condition=Q(minutes_each__gte=1, minutes_each__lte=60)
            ),
            models.CheckConstraint(
                name="session_ends_after_it_began",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("started_at")),
            ),
        ]
        indexes = [models.Index(fields=["council", "-started_at"], name="session_of_council")]

    def __str__(self) -> str:
        return f"{self.council_name}, {self.started_at:%Y-%m-%d}"


class SessionItem(models.Model):
    """One draft on the agenda. ``outcome`` is written when the meeting leaves it or closes: what
    was decided meanwhile, copied, so that minutes can be read by whoever was there."""

    rls = "own"
    rls_using = MINE

    id = IdField(prefix="item")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="items")
    council = models.ForeignKey("councils.Council", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    draft_id = models.CharField(max_length=64, db_collation="C")
    name = models.CharField(max_length=200)
    author_name = models.CharField(max_length=200)
    tenant_name = models.CharField(max_length=200)
    effect = models.TextField(blank=True)
    risk = models.CharField(max_length=16, blank=True)
    revision_number = models.PositiveIntegerField()
    reached_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(default=0)
    outcome = models.JSONField(default=dict)

    objects = SessionManager()

    class Meta:
        ordering = ["session", "position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="session_position_once"),
            models.UniqueConstraint(fields=["session", "draft_id"], name="session_draft_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"
