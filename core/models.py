"""Tables every floor uses: the audit trail, answered requests, slots of jobs."""

import pgtrigger
from django.db import models
from django.db.models.functions import Now
from django_fsm import FSMModelMixin

from core.ids import IdField
from core.rls import USER


class TimeStamped(models.Model):
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class StatefulModel(FSMModelMixin, models.Model):
    """A model with a protected django-fsm state that can still be refreshed from its row."""

    class Meta:
        abstract = True

    def refresh_from_db(self, using=None, fields=None, **options):
        # A protected state refuses to be set twice; forgetting it first lets the row set it.
        for field in self._meta.concrete_fields:
            if getattr(field, "protected", False) and (fields is None or field.attname in fields):
                self.__dict__.pop(field.attname, None)
        super().refresh_from_db(using=using, fields=fields, **options)


class Event(models.Model):
    """One move or decision: who, what, when, before, after. Written once, never changed.

    No foreign keys: the trail outlives what it speaks of. ``draft_id`` ties an event to the draft
    whose story it belongs to, so that a review's guest sees that story and no other.
    """

    rls = "tenant"
    guest_path = "draft_id"
    append_only = True

    id = IdField(prefix="event")
    tenant_id = models.CharField(max_length=64, db_collation="C", blank=True)
    kind = models.CharField(max_length=64)
    subject_type = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=64, db_collation="C")
    draft_id = models.CharField(max_length=64, db_collation="C", blank=True)
    actor_id = models.CharField(max_length=64)
    actor_label = models.CharField(max_length=200)
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["tenant_id", "-at", "-id"], name="event_tenant_at"),
            models.Index(fields=["tenant_id", "subject_id", "at"], name="event_subject"),
            models.Index(
                fields=["tenant_id", "draft_id", "at"],
                name="event_draft",
                condition=~models.Q(draft_id=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"


class Seal(models.Model):
    """A batch of events bound into its tenant's chain: see ``core.audit``. Written once."""

    rls = "tenant"
    append_only = True

    id = IdField(prefix="seal")
    tenant_id = models.CharField(max_length=64, db_collation="C")
    number = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    root = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    sealed_at = models.DateTimeField()
    key = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=88)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "number"], name="seal_number_once"),
            models.UniqueConstraint(fields=["tenant_id", "previous"], name="seal_follows_once"),
            models.CheckConstraint(
                condition=models.Q(number__gte=1, count__gte=1), name="seal_holds_something"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} {self.number}"


class SealedEvent(models.Model):
    """Which place an event has in which seal, with a signature of its own for that place."""

    rls = "tenant"
    append_only = True

    event_id = models.CharField(max_length=64, db_collation="C", primary_key=True)
    tenant_id = models.CharField(max_length=64, db_collation="C")
    seal_number = models.PositiveIntegerField()
    position = models.PositiveIntegerField()
    mark = models.CharField(max_length=88)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "seal_number", "position"], name="sealed_event_place"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.event_id


class Tombstone(models.Model):
    """What stays of an erased tenant's trail: how long it was, its last seal, who erased it."""

    rls = "tenant"
    append_only = True

    id = IdField(prefix="tombstone")
    tenant_id = models.CharField(max_length=64, db_collation="C", unique=True)
    seals = models.PositiveIntegerField()
    head = models.CharField(max_length=64)
    events = models.PositiveBigIntegerField()
    erased_at = models.DateTimeField()
    erased_by = models.CharField(max_length=200)
    key = models.CharField(max_length=64)
    signature = models.CharField(max_length=88)

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.tenant_id


class AnsweredRequest(models.Model):
    """What a POST with an ``Idempotency-Key`` was answered, to be said again word for word."""

    rls = "own"
    rls_using = f"user_id = {USER}"

    id = models.BigAutoField(primary_key=True)
    tenant_id = models.CharField(max_length=64, db_collation="C", blank=True)
    user_id = models.CharField(max_length=64, db_collation="C")
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "user_id", "key"], name="answered_request_once"
            )
        ]
        indexes = [models.Index(fields=["created_at"], name="answered_request_age")]

    def __str__(self) -> str:
        return self.key


class JobSlot(models.Model):
    """That a job has run for a tenant and a slot; the unique row makes a second beat harmless."""

    id = models.BigAutoField(primary_key=True)
    job = models.CharField(max_length=100)
    tenant_id = models.CharField(max_length=64, db_collation="C", blank=True)
    slot = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "tenant_id", "slot"], name="job_slot_once")
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.tenant_id} {self.slot}"
