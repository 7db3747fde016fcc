"""The request as views of the portal get it: ``codex.middleware`` has found who asks, and where."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from typing import Any

    from django_htmx.middleware import HtmxDetails


class PortalRequest(HttpRequest):
    """For annotations only; nobody makes one."""

    actor: "Any"  # tenants.actors.Person; core knows no higher floor
    tenant: "Any"  # tenants.models.Tenant, or None for a council member of no tenant
    htmx: "HtmxDetails"
