"""The request as views get it: with who asks, where, and how."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """For annotations: the middleware sets these before any portal or API view runs."""

    actor: Any  # tenants.actors.Person
    tenant: Any  # tenants.models.Tenant, None for a council member without one
    htmx: "HtmxDetails"
