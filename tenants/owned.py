"""What every row of tenant data has: its tenant, a manager that insists on it, keys within it."""

from django.db import models
from django.db.models import Q

from core.routing import active_alias
from core.scope import require_tenant_id


class TenantManager(models.Manager):
    """Rows of the scope's tenant; outside a scope it raises. Staff see all, on their own login."""

    def get_queryset(self):
        rows = super().get_queryset()
        return rows if active_alias() == "staff" else rows.filter(tenant_id=require_tenant_id())


class TenantOrPlatformManager(models.Manager):
    """The scope's tenant's rows and the shared ones."""

    def get_queryset(self):
        rows = super().get_queryset()
        if active_alias() == "staff":
            return rows
        return rows.filter(Q(tenant_id=require_tenant_id()) | Q(tenant_id=None))


class TenantOwned(models.Model):
    rls = "tenant"

    tenant = models.ForeignKey("tenants.Tenant", on_delete=models.CASCADE, related_name="+")

    objects = TenantManager()

    class Meta:
        abstract = True


class TenantOrPlatform(models.Model):
    """A tenant's own row, or, without a tenant, one the platform shares with all."""

    rls = "tenant_or_platform"

    tenant = models.ForeignKey(
        "tenants.Tenant", on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )

    objects = TenantOrPlatformManager()

    class Meta:
        abstract = True


class TenantKey(models.ForeignKey):
    """A foreign key that stays inside the tenant.

    The database's own check of a plain foreign key does not see row-level security; ``core.rls``
    adds one over (tenant, id) instead, or a trigger where the target may be shared.
    """

    tenant_key = True

    def __init__(self, to, on_delete, **options):
        options["db_constraint"] = False
        super().__init__(to, on_delete, **options)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_constraint", None)
        return name, path, args, kwargs
