"""How far a new plan may be from an approved one and still be covered by its approval."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import IdField
from core.models import TimeStamped
from tenants.models import TenantOwned

PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


class Tolerance(TenantOwned, TimeStamped):
    """One row a tenant; none means off. ``is_automatic`` carries over with the preview itself."""

    id = IdField(prefix="tolerance")
    is_on = models.BooleanField(_("approvals may be carried over"), default=False)
    is_automatic = models.BooleanField(_("at once, with the preview"), default=False)
    items_percent = models.DecimalField(
        _("number of changes, %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(5),
        validators=PERCENT,
    )
    value_percent = models.DecimalField(
        _("amounts moved, %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(5),
        validators=PERCENT,
    )
    money_percent = models.DecimalField(
        _("money at risk, %"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(5),
        validators=PERCENT,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="tolerance_one_a_tenant"),
            models.CheckConstraint(
                name="tolerance_is_percent",
                condition=Q(items_percent__range=(0, 100))
                & Q(value_percent__range=(0, 100))
                & Q(money_percent__range=(0, 100)),
            ),
            models.CheckConstraint(
                name="tolerance_automatic_is_on",
                condition=Q(is_automatic=False) | Q(is_on=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id}: {'on' if self.is_on else 'off'}"
