"""The plan: exactly what would be done, stored row by row, and the files that go with it."""

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from core.ids import IdField
from tenants.models import TenantKey, TenantOwned
from workflows.states import Kind

# Another key of the row leads to the tenant; 100,000 rows need not be checked twice.
UNCHECKED = {"related_name": "+", "db_constraint": False, "db_index": False}


# For every table that takes a plan as something to be done.
REAL = """
    IF EXISTS (
        SELECT 1 FROM workflow_plans plan WHERE plan.tenant_id = NEW.tenant_id
            AND plan.id = NEW.plan_id AND plan.what_if IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'plan % is a what-if: it was made on a shop that is not there', NEW.plan_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_is_real';
    END IF;
    RETURN NEW;
"""


def of_a_real_plan() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="plan_is_real",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("plan_id"),
        condition=pgtrigger.Q(new__plan__isnull=False),
        func=REAL,
    )


class Plan(TenantOwned):
    """What a type would do with given inputs on the shop as it was at ``computed_at``.

    Written once by ``workflows.services.make_plan``; a new preview makes a new plan. With
    ``trimmed_from`` it is the part of that whole plan which a reviewer left standing. With
    ``what_if`` it was made on a shop that is not there (yet): nobody can submit or run it.
    """

    guest_path = "draft_id"

    id = IdField(prefix="plan")
    draft = TenantKey(
        "drafts.Draft", on_delete=models.CASCADE, null=True, blank=True, related_name="plans"
    )
    workflow_type_id = models.CharField(max_length=64)
    type_version = models.PositiveIntegerField()
    inputs = models.JSONField(encoder=DjangoJSONEncoder)
    seed = models.CharField(max_length=64)
    what_if = models.JSONField(null=True, blank=True)
    trimmed_from = TenantKey(
        "workflows.Plan", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    fingerprint = models.CharField(max_length=64)
    summary = models.JSONField(encoder=DjangoJSONEncoder)
    change_count = models.PositiveIntegerField()
    computed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "workflow_plans"
        constraints = [
            models.CheckConstraint(
                name="plan_fingerprint_is_sha256", condition=Q(fingerprint__regex="^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="plan_is_no_part_of_itself",
                condition=Q(trimmed_from=None) | ~Q(trimmed_from=F("id")),
            ),
            models.CheckConstraint(
                name="plan_part_keeps_something",
                condition=Q(trimmed_from=None) | Q(change_count__gt=0),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "draft", "-computed_at"], name="plan_of_draft")]

    def __str__(self) -> str:
        return f"{self.workflow_type_id} · {self.id}"


class PlannedChange(TenantOwned):
    """One change of a plan: ``set`` a field from before to after, or ``create`` a row.

    ``position`` counts from 1 in the order the engine applies them and people read them.
    """

    guest_path = "plan__draft_id"

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(
        "tenants.Tenant",
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    plan = TenantKey(Plan, on_delete=models.CASCADE, related_name="changes", db_index=False)
    position = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    entity = models.CharField(max_length=32, db_collation="C")
    target_id = models.CharField(max_length=64, db_collation="C")
    label = models.CharField(max_length=500)
    field = models.CharField(max_length=64, db_collation="C", blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    note = models.JSONField(null=True)

    class Meta:
        db_table = "workflow_planned_changes"
        constraints = [
            models.UniqueConstraint(fields=["plan", "position"], name="planned_change_position"),
            models.UniqueConstraint(
                fields=["plan", "entity", "target_id", "field"], name="planned_change_field_once"
            ),
            models.CheckConstraint(
                name="planned_change_set_moves_something",
                condition=Q(kind=Kind.CREATE)
                | ~(Q(before=F("after")) | Q(before__isnull=True, after__isnull=True)),
            ),
            models.CheckConstraint(
                name="planned_change_is_whole",
                condition=Q(kind=Kind.SET) & ~Q(field="")
                | Q(kind=Kind.CREATE, field="", before__isnull=True, after__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.label}: {self.field or self.kind}"


class Artifact(TenantOwned):
    """A file a plan made, kept in the database in parts: every machine sees it, and it lives and
    dies with its plan."""

    guest_path = "plan__draft_id"

    id = IdField(prefix="artifact")
    plan = TenantKey(Plan, on_delete=models.CASCADE, related_name="artifacts")
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "workflow_artifacts"
        constraints = [
            models.UniqueConstraint(fields=["plan", "name"], name="artifact_name_once"),
            models.CheckConstraint(
                name="artifact_name_is_plain",
                condition=Q(name__regex=r"^[a-z0-9][a-z0-9._-]{0,118}[a-z0-9]$"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ArtifactPart(TenantOwned):
    """One piece of a file, small enough to be streamed without holding the whole."""

    guest_path = "plan__draft_id"

    id = models.BigAutoField(primary_key=True)
    plan = TenantKey(Plan, on_delete=models.CASCADE, related_name="+")
    artifact = TenantKey(Artifact, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        db_table = "workflow_artifact_parts"
        constraints = [
            models.UniqueConstraint(fields=["artifact", "number"], name="artifact_part_number")
        ]

    def __str__(self) -> str:
        return f"{self.artifact_id} {self.number}"
