"""Who stays, in which role, and whose the tenant is."""

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.lifecycle import moving, record
from core.money import is_currency
from tenants.models import ApiToken, Membership, Role, Tenant

FACTS = ("name", "country", "currency", "locale", "timezone")


def update_tenant(*, tenant_id: str, actor: Actor, **facts: str) -> Tenant:
    """Change the shop's name, country, currency, language or time zone."""
    errors = {name: [message] for name, value in facts.items() if (message := _refuse(name, value))}
    if errors:
        raise Invalid(errors)
    data: dict[str, Any] = {}
    with moving(
        Tenant,
        tenant_id,
        actor=actor,
        perm="tenants.change_tenant",
        event="tenant.changed",
        data=data,
    ) as tenant:
        for name, value in facts.items():
            if getattr(tenant, name) != value:
                data[name] = {"before": getattr(tenant, name), "after": value}
                setattr(tenant, name, value)
    return tenant


def _refuse(name: str, value: str) -> str:
    checks = {
        "name": (bool(value.strip()) and len(value) <= 200, _("A name of at most 200 letters.")),
        "country": (value.isalpha() and value.isupper() and len(value) == 2, _("Two letters: GB.")),
        "currency": (is_currency(value), _("Three letters of a currency: GBP.")),
        "locale": (value in dict(settings.LANGUAGES), _("This language is not there yet.")),
        "timezone": (value in available_timezones(), _("A time zone such as Europe/London.")),
    }
    if name not in checks:
        return _("Unknown field.")
    good, message = checks[name]
    return "" if good else message


def change_role(*, tenant_id: str, user_id: str, role: str, actor: Actor) -> Membership:
    """Owners are made by ``transfer_ownership`` alone, so that there is always one."""
    if role not in Role.values or role == Role.OWNER:
        raise Invalid({"role": [_("Choose admin, editor or viewer.")]})
    tenant, membership = _held(tenant_id, user_id)
    _require(actor, "tenants.manage_members", tenant)
    _refuse_owner(membership)
    return _set_role(membership, role, actor=actor)


def remove_member(*, tenant_id: str, user_id: str, actor: Actor) -> None:
    tenant, membership = _held(tenant_id, user_id)
    _require(actor, "tenants.manage_members", tenant)
    _refuse_owner(membership)
    _end(membership, actor=actor, event="member.removed")


def leave_tenant(*, tenant_id: str, actor: Actor) -> None:
    """Everybody may leave but the owner, who has to hand the tenant over first."""
    _tenant, membership = _held(tenant_id, actor.user_id or "")
    _refuse_owner(membership)
    _end(membership, actor=actor, event="member.left")


def transfer_ownership(*, tenant_id: str, user_id: str, actor: Actor) -> Membership:
    """The owner makes another member the owner and becomes an admin."""
    tenant, heir = _held(tenant_id, user_id)
    _require(actor, "tenants.own_tenant", tenant)
    if heir.role == Role.OWNER:
        raise Conflict(_("They own the shop already."))
    own = Membership.objects.select_for_update().get(tenant_id=tenant_id, user_id=actor.user_id)
    _set_role(own, Role.ADMIN, actor=actor)
    return _set_role(heir, Role.OWNER, actor=actor)


def _held(tenant_id: str, user_id: str) -> tuple[Tenant, Membership]:
    """The tenant's row is the lock of its list of members."""
    tenant = Tenant.objects.select_for_update().filter(pk=tenant_id).first()
    membership = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(tenant_id=tenant_id, user_id=user_id)
        .first()
    )
    if tenant is None or membership is None:
        raise NotFound
    return tenant, membership


def _require(actor: Actor, perm: str, tenant: Tenant) -> None:
    if not actor.has_perm(perm, tenant):
        raise NotAllowed(perm=perm)


def _refuse_owner(membership: Membership) -> None:
    if membership.role == Role.OWNER:
        raise Conflict(_("The owner has to hand the shop over first."))


def _set_role(membership: Membership, role: str, *, actor: Actor) -> Membership:
    before, membership.role = membership.role, role
    if before != role:
        membership.save(update_fields=["role", "updated_at"])
        data = {"user_id": membership.user_id}
        record("member.role_changed", membership, actor=actor, before=before, after=role, data=data)
    return membership


def _end(membership: Membership, *, actor: Actor, event: str) -> None:
    data = {"user_id": membership.user_id, "name": str(membership.user)}
    record(event, membership, actor=actor, before=membership.role, data=data)
    ApiToken.objects.filter(tenant_id=membership.tenant_id, user_id=membership.user_id).delete()
    membership.delete()
