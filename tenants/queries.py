"""Who is where."""

from django.db.models import QuerySet
from django.utils import timezone

from tenants.models import ApiToken, Invitation, Membership, Tenant, User


def memberships_of(user: User) -> QuerySet[Membership]:
    """A person's places, for the switcher; needs a scope that names the user."""
    return (
        Membership.objects.filter(user=user)
        .select_related("tenant")
        .order_by("tenant__name", "tenant_id")
    )


def membership(user: User, tenant_id: str) -> Membership | None:
    return (
        Membership.objects.filter(user=user, tenant_id=tenant_id).select_related("tenant").first()
    )


def members(tenant_id: str) -> QuerySet[Membership]:
    return (
        Membership.objects.filter(tenant_id=tenant_id)
        .select_related("user")
        .order_by("user__name", "user_id")
    )


def member_ids(tenant_id: str, *, roles: tuple[str, ...] = ()) -> list[str]:
    rows = Membership.objects.filter(tenant_id=tenant_id)
    if roles:
        rows = rows.filter(role__in=roles)
    return list(rows.values_list("user_id", flat=True).order_by("user_id"))


def open_invitations(tenant_id: str) -> QuerySet[Invitation]:
    return Invitation.objects.filter(
        tenant_id=tenant_id, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    ).order_by("email")


def tokens(tenant_id: str, *, user_id: str | None = None) -> QuerySet[ApiToken]:
    """Tokens of a tenant; of one person when ``user_id`` names them."""
    rows = ApiToken.objects.filter(tenant_id=tenant_id).select_related("user")
    return (rows.filter(user_id=user_id) if user_id else rows).order_by("-created")


def tenant(tenant_id: str) -> Tenant:
    return Tenant.objects.get(pk=tenant_id)
