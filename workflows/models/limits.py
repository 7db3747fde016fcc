"""What a tenant never wants exceeded, whoever asks and whoever would approve it."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.ids import IdField
from tenants.models import TenantOwned

PERCENT: dict[str, Any] = {"max_digits": 6, "decimal_places": 2, "null": True, "blank": True}


def within(field: str, lowest: int, highest: int) -> models.CheckConstraint:
    bounds = {f"{field}__gte": lowest, f"{field}__lte": highest}
    return models.CheckConstraint(
        name=f"limit_{field}_range", condition=Q(**{field: None}) | Q(**bounds)
    )


class LimitSet(TenantOwned):
    """One version of the limits for everything, or, with ``family``, for one family beside them.

    Written once: whoever changes a limit writes the next version. A limit that is NULL is off.
    """

    append_only = True

    id = IdField(prefix="limits")
    family = models.CharField(max_length=32, blank=True, db_collation="C")
    number = models.PositiveIntegerField()
    max_items = models.PositiveIntegerField(_("Most items in one plan"), null=True, blank=True)
    max_step_percent = models.DecimalField(_("Largest price move, in %"), **PERCENT)
    max_discount_percent = models.DecimalField(_("Largest discount, in %"), **PERCENT)
    max_money_at_risk = models.DecimalField(
        _("Most money at risk"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    max_revenue_percent = models.DecimalField(
        _("Largest share of revenue touched, in %"), **PERCENT
    )
    max_recipients = models.PositiveIntegerField(
        _("Most customers written to"), null=True, blank=True
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "workflow_limit_sets"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "family", "number"], name="limit_set_version_once"
            ),
            models.CheckConstraint(name="limit_set_counts_from_one", condition=Q(number__gte=1)),
            within("max_items", 1, 10_000_000),
            within("max_step_percent", 0, 1_000),
            within("max_discount_percent", 0, 100),
            within("max_money_at_risk", 0, 999_999_999_999),
            within("max_revenue_percent", 0, 100),
            within("max_recipients", 0, 1_000_000_000),
        ]
        triggers = [
            pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.family or 'all'} {self.number}"


LIMITS = (
    "max_items",
    "max_step_percent",
    "max_discount_percent",
    "max_money_at_risk",
    "max_revenue_percent",
    "max_recipients",
)
