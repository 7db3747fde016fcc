"""The narrow row a queue is read from, also by members of a shared council in no tenant."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from core.ids import IdField
from core.rls import COUNCILS, DRAFT, TENANT
from councils.states import Priority, RoundState
from tenants.models import TenantKey

SHARED = f"council_id = ANY({COUNCILS}) OR further_council_ids && {COUNCILS}::varchar[]"


class EntryManager(models.Manager):
    """No tenant filter here: the policy admits the tenant's entries and the person's councils'."""


class ReviewEntry(models.Model):
    """One round as the queue shows it. Everything in it is a copy; the round decides.

    ``waiting_for`` are the people whose verdict could count now. Members of a shared council read
    the row without being in the tenant; to see more they open the draft (``codex.draft_id``).
    """

    rls = "own"
    rls_using = f"(tenant_id = {TENANT} AND ({DRAFT} = '' OR draft_id = {DRAFT})) OR {SHARED}"
    rls_check = f"tenant_id = {TENANT} AND ({DRAFT} = '' OR draft_id = {DRAFT})"

    id = IdField(prefix="review")
    tenant = models.ForeignKey("tenants.Tenant", on_delete=models.CASCADE, related_name="+")
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="+")
    round = TenantKey("councils.ReviewRound", on_delete=models.CASCADE, related_name="entries")
    council = TenantKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=RoundState.choices, default=RoundState.OPEN)
    tenant_name = models.CharField(max_length=200)
    council_name = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    workflow_type_id = models.CharField(max_length=100)
    author_id = models.CharField(max_length=64, db_collation="C")
    author_name = models.CharField(max_length=200)
    revision_number = models.PositiveIntegerField()
    effect = models.TextField(blank=True)
    risk = models.CharField(max_length=16, blank=True)
    facts = models.JSONField(default=dict)
    seats = models.JSONField(default=list)
    waiting_for = ArrayField(models.CharField(max_length=64), default=list)
    spoke = ArrayField(models.CharField(max_length=64), default=list)
    further_council_ids = ArrayField(
        models.CharField(max_length=64, db_collation="C"), default=list, blank=True
    )
    priority = models.CharField(max_length=8, choices=Priority.choices, default=Priority.NORMAL)
    due_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    claimed_by_id = models.CharField(max_length=64, db_collation="C", blank=True)
    claimed_by_name = models.CharField(max_length=200, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EntryManager()

    class Meta:
        ordering = ["opened_at", "id"]
        constraints = [models.UniqueConstraint(fields=["round"], name="review_entry_of_round_once")]
        indexes = [
            models.Index(
                fields=["council", "opened_at"],
                name="review_open_by_council",
                condition=Q(state=RoundState.OPEN),
            ),
            models.Index(fields=["tenant", "state", "-opened_at"], name="review_by_tenant"),
            GinIndex(fields=["further_council_ids"], name="review_by_further_council"),
        ]

    def __str__(self) -> str:
        return self.name
