"""What all rows of a shop share."""

from typing import Any

from django.db import models

from tenants.models import TenantOwned

# Catalogue prices have two digits after the point. Currencies that count in thousandths are
# refused on the profile rather than rounded behind the shopkeeper's back.
MONEY: dict[str, Any] = {"max_digits": 12, "decimal_places": 2}
THOUSANDTHS = ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")


class ShopRow(TenantOwned):
    """Detectors read these tables over many tenants, with the login that can only read."""

    scan_readable = True

    # Every table here has an index that leads with the tenant already.
    tenant = models.ForeignKey(
        "tenants.Tenant", on_delete=models.CASCADE, related_name="+", db_index=False
    )

    class Meta(TenantOwned.Meta):
        abstract = True


def not_negative(*fields: str, table: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            name=f"{table}_{field}_not_negative", condition=models.Q(**{f"{field}__gte": 0})
        )
        for field in fields
    ]


def one_of(choices: type[models.TextChoices], field: str, *, table: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{table}_{field}_is_known", condition=models.Q(**{f"{field}__in": choices.values})
    )
