"""Who reviews what: councils, their seats, who sits there, and which drafts come to them.

Each belongs to one tenant, or, without a tenant, is shared and serves all; what belongs to a
shared council is shared too. The staff's login alone writes shared rows.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import IdField
from core.models import TimeStamped
from core.rls import APP, DRAFT, TENANT
from councils.models import guards
from councils.states import Origin
from tenants.models import Role, TenantKey, TenantOrPlatform

LONGEST_HOURS = 24 * 90


class Council(TimeStamped, TenantOrPlatform):
    """``hours_…`` is how long a review of that priority may take; then it is escalated.

    It is escalated to ``escalates_to``, whose people may then fill the open seats as well, or,
    without one, to the tenant's owners. ``is_choosable``: authors may name it when they submit.
    """

    # Who opened one draft as a guest reads the name of the council that reviews it.
    rls_more = {
        "app_of_the_draft": (
            f"FOR SELECT TO {APP} USING (tenant_id = {TENANT} AND {DRAFT} <> '' AND id IN"  # noqa: S608
            f" (SELECT council_id FROM councils_reviewround WHERE draft_id = {DRAFT}))"
        )
    }

    id = IdField(prefix="council")
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    approval_days = models.PositiveSmallIntegerField(_("days an approval lasts"), default=14)
    is_choosable = models.BooleanField(_("authors may choose it"), default=False)
    assignee_only = models.BooleanField(_("only people assigned decide"), default=False)
    hours_urgent = models.PositiveSmallIntegerField(_("hours for an urgent review"), default=4)
    hours_high = models.PositiveSmallIntegerField(_("hours for a high one"), default=24)
    hours_normal = models.PositiveSmallIntegerField(_("hours for a normal one"), default=48)
    hours_low = models.PositiveSmallIntegerField(_("hours for a low one"), default=120)
    claim_minutes = models.PositiveSmallIntegerField(_("minutes a claim lasts"), default=30)
    after_review_hours = models.PositiveSmallIntegerField(
        _("hours to look at a break-glass run"), default=72
    )
    escalates_to = TenantKey(
        "councils.Council",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("escalates to"),
    )

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"], name="council_name_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="council_approval_lasts_a_while",
                condition=Q(approval_days__gte=1, approval_days__lte=365),
            ),
            models.CheckConstraint(
                name="council_more_urgent_is_sooner",
                condition=Q(
                    hours_urgent__gte=1,
                    hours_urgent__lte=models.F("hours_high"),
                    hours_high__lte=models.F("hours_normal"),
                    hours_normal__lte=models.F("hours_low"),
                    hours_low__lte=LONGEST_HOURS,
                ),
            ),
            models.CheckConstraint(
                name="council_claims_and_after_reviews_end",
                condition=Q(claim_minutes__gte=5, claim_minutes__lte=1440)
                & Q(after_review_hours__gte=1, after_review_hours__lte=LONGEST_HOURS),
            ),
            models.CheckConstraint(
                name="council_escalates_to_another",
                condition=Q(escalates_to__isnull=True) | ~Q(escalates_to=models.F("id")),
            ),
        ]
        triggers = [guards.ESCALATES_TO_ITS_KIND]

    def __str__(self) -> str:
        return self.name


class Seat(TenantOrPlatform):
    """A say that has to be heard: ``needed`` people, named holders or members of these roles.

    Seats of a higher ``stage`` open when all lower ones are filled.
    """

    id = IdField(prefix="seat")
    council = TenantKey(Council, on_delete=models.CASCADE, related_name="seats")
    name = models.CharField(_("name"), max_length=80)
    needed = models.PositiveSmallIntegerField(_("people needed"), default=1)
    stage = models.PositiveSmallIntegerField(_("stage"), default=1)
    roles = ArrayField(
        models.CharField(max_length=16, choices=Role.choices),
        verbose_name=_("roles that may sit here"),
        default=list,
        blank=True,
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["stage", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["council", "name"], name="seat_name_once"),
            models.CheckConstraint(
                name="seat_needs_someone", condition=Q(needed__gte=1, needed__lte=20, stage__gte=1)
            ),
            models.CheckConstraint(
                name="seat_roles_are_a_tenants", condition=Q(tenant__isnull=False) | Q(roles=[])
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SeatHolder(TenantOrPlatform):
    """A person on a seat. Only people sit: there is no way to seat a machine."""

    id = IdField(prefix="holder")
    seat = TenantKey(Seat, on_delete=models.CASCADE, related_name="holders")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="council_seats"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "user"], name="seat_holder_once")]
        indexes = [models.Index(fields=["user", "seat"], name="seat_holder_user")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.seat_id}"


class RoutingRule(TimeStamped, TenantOrPlatform):
    """The first active rule that fits sends the draft to its councils; a tenant's own come first.

    Empty conditions fit everything, so a default is the last rule without any. A figure that is
    not known fits only a rule that says so (``when_unknown``). With several councils all of them
    have to say yes, at the same time or, ``in_turn``, one after the other.
    """

    id = IdField(prefix="rule")
    position = models.PositiveIntegerField(_("position"), default=100)
    name = models.CharField(_("name"), max_length=120)
    family = models.CharField(_("workflow family"), max_length=64, blank=True)
    workflow_type_id = models.CharField(_("workflow type"), max_length=100, blank=True)
    template_id = models.CharField(_("template"), max_length=64, blank=True)
    author_role = models.CharField(
        _("role of the author"), max_length=16, choices=Role.choices, blank=True
    )
    origin = models.CharField(
        _("where it came from"), max_length=16, choices=Origin.choices, blank=True
    )
    risk_at_least = models.PositiveSmallIntegerField(_("risk of at least"), null=True, blank=True)
    money_at_least = models.DecimalField(
        _("money at risk of at least"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    items_at_least = models.PositiveIntegerField(_("items of at least"), null=True, blank=True)
    when_unknown = models.BooleanField(_("also when a figure is not known"), default=False)
    council = TenantKey(Council, on_delete=models.CASCADE, related_name="rules")
    in_turn = models.BooleanField(_("one council after the other"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="rule_names_family_or_type",
                condition=Q(family="") | Q(workflow_type_id=""),
            ),
            models.CheckConstraint(
                name="rule_figures_make_sense",
                condition=(Q(risk_at_least__isnull=True) | Q(risk_at_least__lte=100))
                & (Q(money_at_least__isnull=True) | Q(money_at_least__gte=0)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_figures(self) -> bool:
        figures = (self.risk_at_least, self.money_at_least, self.items_at_least)
        return any(figure is not None for figure in figures)

    @property
    def councils(self) -> list[Council]:
        """All that have to say yes, in order."""
        return [self.council, *(one.council for one in self.further.all())]


class FurtherCouncil(TenantOrPlatform):
    """One more council of a rule. All of a rule's councils are shared, or all the tenant's own:

    a member of a shared council does not see a tenant's own seats, and could not count them.
    """

    id = IdField(prefix="further")
    rule = TenantKey(RoutingRule, on_delete=models.CASCADE, related_name="further")
    council = TenantKey(Council, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "council"], name="further_council_once")
        ]
        triggers = [guards.FURTHER_OF_ITS_KIND]

    def __str__(self) -> str:
        return f"{self.council_id} of {self.rule_id}"
