"""What differs between an earlier plan and a later one, kept row by row."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.ids import IdField
from tenants.models import TenantKey, TenantOwned
from workflows.models.plans import Plan
from workflows.states import Difference


class PlanDelta(TenantOwned):
    """Both plans are written once, so this is computed once. Kept, because whoever reviews as a
    guest may read the later plan's draft alone, and because a list of a hundred thousand pages.

    ``counts`` has a number for each ``Difference`` and ``same``; ``totals`` compares sums.
    """

    guest_path = "draft_id"

    id = IdField(prefix="delta")
    earlier = TenantKey(Plan, on_delete=models.CASCADE, related_name="+")
    plan = TenantKey(Plan, on_delete=models.CASCADE, related_name="deltas")
    draft = TenantKey(
        "drafts.Draft", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    counts = models.JSONField()
    totals = models.JSONField()
    computed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "workflow_plan_deltas"
        constraints = [
            models.UniqueConstraint(fields=["plan", "earlier"], name="delta_once"),
            models.CheckConstraint(name="delta_of_two_plans", condition=~Q(earlier=F("plan"))),
        ]

    def __str__(self) -> str:
        return f"{self.earlier_id} → {self.plan_id}"

    @property
    def differs(self) -> int:
        return sum(self.counts.get(kind, 0) for kind in Difference.values)


class DeltaRow(TenantOwned):
    """One change that is in only one of the two plans, or in both and not the same.

    ``was_before`` and ``was_after`` are the earlier plan's values, ``before`` and ``after`` the
    later one's; ``place`` is the reading order.
    """

    guest_path = "delta__draft_id"

    pk = models.CompositePrimaryKey("delta_id", "place")
    tenant = models.ForeignKey(
        "tenants.Tenant",
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    delta = TenantKey(PlanDelta, on_delete=models.CASCADE, related_name="rows", db_index=False)
    place = models.PositiveIntegerField()
    difference = models.CharField(max_length=8, db_collation="C", choices=Difference.choices)
    kind = models.CharField(max_length=8)
    entity = models.CharField(max_length=32, db_collation="C")
    target_id = models.CharField(max_length=64, db_collation="C")
    label = models.CharField(max_length=500)
    field = models.CharField(max_length=64, db_collation="C", blank=True)
    was_before = models.JSONField(null=True)
    was_after = models.JSONField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    note = models.JSONField(null=True)

    class Meta:
        db_table = "workflow_plan_delta_rows"
        indexes = [
            models.Index(fields=["delta", "difference", "place"], name="delta_row_by_difference")
        ]

    def __str__(self) -> str:
        return f"{self.difference} {self.label}: {self.field or self.kind}"
