"""Categories of the catalog, ways of using a template, reasons to suspend one."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    MARKETING = "Marketing", _("Marketing")
    ECOMMERCE = "E-commerce", _("E-commerce")
    AUTOMATION = "Automation", _("Automation")
    CONTENT = "Content", _("Content")


class UseKind(models.TextChoices):
    USE = "use", _("Used")
    INSTANT = "instant", _("Instant run")


class Suspended(models.TextChoices):
    """Why instant run is off for a template in a tenant."""

    UNDONE = "undone", _("A run was undone")
    FAILED = "failed", _("A run failed")
    BREACH = "breach", _("A plan left the bounds")


SYSTEM = "system"
ELIGIBLE_AFTER = 3  # clean reviewed runs before a council may pre-approve, unless a tenant says
