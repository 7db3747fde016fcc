"""How a tenant uses templates: each use, what it adds up to, and the tenant's own switches."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.ids import IdField
from templates_catalog.models.template import Template, TemplateVersion
from templates_catalog.states import ELIGIBLE_AFTER, Suspended, UseKind
from tenants.models import TenantKey, TenantOwned


class TemplateUse(TenantOwned):
    """One use. ``token`` comes from the form that asked, so that fifty clicks are one use.

    ``at_once_at`` is when a yes in advance let its draft run, by whichever door it was asked.
    """

    id = IdField(prefix="use")
    template = TenantKey(Template, on_delete=models.CASCADE, related_name="uses")
    version = TenantKey(TemplateVersion, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=UseKind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token = models.CharField(max_length=64)
    draft = TenantKey("drafts.Draft", on_delete=models.CASCADE, related_name="+")
    standing_approval = TenantKey(
        "templates_catalog.StandingApproval",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reviewed_instead = models.JSONField(default=list)
    clicked_at = models.DateTimeField()
    at_once_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user", "token"], name="use_once"),
            models.UniqueConstraint(fields=["draft"], name="use_makes_one_draft"),
            models.CheckConstraint(
                name="use_at_once_has_its_yes",
                condition=Q(at_once_at=None) | Q(standing_approval__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "template", "-created_at"], name="use_of_template"),
            models.Index(fields=["tenant", "user", "-created_at"], name="use_by_person"),
            models.Index(
                fields=["tenant", "template", "-at_once_at"],
                name="use_at_once",
                condition=Q(at_once_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.template_id}"


class TemplateTrack(TenantOwned):
    """What uses add up to in one tenant, and whether instant run is suspended there.

    ``cleared_at`` is when a council last lifted a suspension: earlier runs count no more.
    ``eligible_at`` is when it had earned its clean runs and the council was told.
    """

    id = IdField(prefix="track")
    template = TenantKey(Template, on_delete=models.CASCADE, related_name="tracks")
    usage_count = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_why = models.CharField(max_length=16, choices=Suspended.choices, blank=True)
    suspended_detail = models.CharField(max_length=500, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    eligible_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "template"], name="track_once"),
            models.CheckConstraint(
                name="track_suspended_says_why",
                condition=Q(suspended_at=None, suspended_why="")
                | Q(suspended_at__isnull=False) & ~Q(suspended_why=""),
            ),
            models.CheckConstraint(
                name="track_used_has_a_date",
                condition=Q(usage_count=0) | Q(last_used_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} {self.usage_count}"


class TemplateSettings(TenantOwned):
    """Whether instant run asks for a confirmation in this tenant, and how much a template has to
    have shown before a council may say yes in advance."""

    id = IdField(prefix="settings")
    asks_to_confirm = models.BooleanField(default=True)
    clean_runs_needed = models.PositiveSmallIntegerField(default=ELIGIBLE_AFTER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="template_settings_once"),
            models.CheckConstraint(
                name="template_settings_ask_for_some_runs",
                condition=Q(clean_runs_needed__gte=1, clean_runs_needed__lte=50),
            ),
        ]

    def __str__(self) -> str:
        return self.tenant_id
