"""The blueprint of a draft, and each way it ever read."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.ids import IdField
from core.models import TimeStamped
from templates_catalog.states import SYSTEM, Category
from tenants.models import TenantKey, TenantOrPlatform


class Template(TimeStamped, TenantOrPlatform):
    """What it says stands in its versions; ``version`` numbers the one in force.

    Whether it is active or pre-approved is no column: the first follows from ``retired_at``, the
    second from a standing approval of the version in force.

    One ``in_library`` is there to be installed, not used: ``published_from`` names the tenant's
    template it was made of. A copy is pinned to ``origin_version`` of its ``origin``. One that came
    in a file of an unknown signer is not verified, and never approved in advance.
    """

    id = IdField(prefix="template")
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    category = models.CharField(_("category"), max_length=32, choices=Category.choices)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    workflow_type_id = models.CharField(_("workflow type"), max_length=100)
    version = models.PositiveIntegerField(default=1)
    council = TenantKey(
        "councils.Council", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by_user_id = models.CharField(max_length=64, default=SYSTEM)
    origin = TenantKey(
        "templates_catalog.Template",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="copies",
    )
    origin_version = models.PositiveIntegerField(null=True, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    offered_version = models.PositiveIntegerField(null=True, blank=True)
    in_library = models.BooleanField(default=False)
    published_from = models.CharField(max_length=64, blank=True)
    is_verified = models.BooleanField(default=True)
    signed_by = models.CharField(max_length=120, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_why = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "workflow_templates"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(name="template_has_a_name", condition=Q(name__regex=r"\S")),
            models.CheckConstraint(
                name="template_category_is_known", condition=Q(category__in=Category.values)
            ),
            models.CheckConstraint(
                name="template_offer_names_its_version",
                condition=Q(offered_at=None, offered_version=None)
                | Q(offered_at__isnull=False, offered_version__isnull=False),
            ),
            models.CheckConstraint(
                name="template_library_is_the_platforms",
                condition=Q(in_library=False, published_from="") | Q(in_library=True, tenant=None),
            ),
            models.UniqueConstraint(
                fields=["published_from"],
                name="template_published_once",
                condition=~Q(published_from=""),
            ),
            models.UniqueConstraint(
                fields=["tenant", "origin"],
                name="template_one_live_copy",
                condition=Q(origin__isnull=False, retired_at=None),
            ),
            models.CheckConstraint(
                name="template_copy_names_its_version",
                condition=Q(origin=None, origin_version=None)
                | Q(origin__isnull=False, origin_version__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "category"], name="template_by_category")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("templates_catalog:template", args=[self.pk])

    @property
    def is_active(self) -> bool:
        return self.retired_at is None

    @property
    def is_shared(self) -> bool:
        return self.tenant_id is None


class TemplateVersion(TenantOrPlatform):
    """Written once. A standing approval is given to one of these, never to a template."""

    append_only = True

    id = IdField(prefix="version")
    template = TenantKey(Template, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    workflow_type_id = models.CharField(max_length=100)
    default_inputs = models.JSONField(default=dict)
    required_fields = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    optional_fields = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    approved_copy_blocks = models.JSONField(default=list)
    created_by_user_id = models.CharField(max_length=64, default=SYSTEM)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="template_version_once"),
            models.CheckConstraint(
                name="template_version_counts_from_one", condition=Q(number__gte=1)
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
