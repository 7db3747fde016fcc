"""A council's yes in advance, and who may not use it for the time being."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import IdField
from templates_catalog.models.template import Template, TemplateVersion
from templates_catalog.states import SYSTEM
from tenants.models import TenantKey, TenantOrPlatform, TenantOwned

VOUCHED_FOR = """
IF EXISTS (SELECT FROM workflow_templates
           WHERE id = NEW.template_id AND (in_library OR NOT is_verified)) THEN
    RAISE EXCEPTION 'nobody vouches for template %', NEW.template_id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class StandingApproval(TenantOrPlatform):
    """Given to one version, inside ``bounds`` (``templates_catalog.bounds``), until a date.

    Other bounds are another approval: the row changes only once, when it is revoked.
    """

    id = IdField(prefix="standing")
    template = TenantKey(Template, on_delete=models.CASCADE, related_name="standing_approvals")
    version = TenantKey(TemplateVersion, on_delete=models.CASCADE, related_name="+")
    council = TenantKey("councils.Council", on_delete=models.PROTECT, related_name="+")
    bounds = models.JSONField()
    until = models.DateTimeField()
    given_by_user_id = models.CharField(max_length=64, default=SYSTEM)
    given_by_label = models.CharField(max_length=200, default=SYSTEM)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by_label = models.CharField(max_length=200, blank=True)
    revoked_why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["version"], name="standing_one_live", condition=Q(revoked_at=None)
            ),
            models.CheckConstraint(
                name="standing_revoked_says_why",
                condition=Q(revoked_at=None, revoked_why="")
                | Q(revoked_at__isnull=False) & ~Q(revoked_why=""),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="vouched_for",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func=VOUCHED_FOR,
            )
        ]

    def __str__(self) -> str:
        return f"{self.version_id} until {self.until:%Y-%m-%d}"


class InstantBlock(TenantOwned):
    """Somebody who ran far more than they used to; instant run is off for them until lifted."""

    id = IdField(prefix="block")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    template = TenantKey(
        Template, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    why = models.CharField(max_length=300)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user"], name="instant_block_once", condition=Q(lifted_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.why
