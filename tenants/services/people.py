"""Making tenants and people, adding them to each other, and their tokens."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.actors import Actor, SystemActor
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.ids import new_id
from core.lifecycle import record
from core.requests import Request
from core.scope import scope
from tenants import queries
from tenants.models import ApiToken, Membership, Role, Tenant, User
from tenants.states import TokenScope

SETUP = SystemActor("setup", grants=frozenset({"tenants.manage_members", "tenants.manage_tokens"}))
TOKEN_LIFE = timedelta(days=90)


def create_tenant(
    *, name: str, owner: User, actor: Actor = SETUP, tenant_id: str | None = None, **facts: str
) -> Tenant:
    """A tenant with its first owner; ``facts`` are country, currency, locale, timezone."""
    tenant_id = tenant_id or new_id("tenant")
    with scope(tenant_id=tenant_id):
        if Tenant.objects.filter(pk=tenant_id).exists():
            raise Conflict(_("A tenant with this id exists already."))
        tenant = Tenant.objects.create(pk=tenant_id, name=name, **facts)
        record("tenant.created", tenant, actor=actor, data={"name": name})
        _add(tenant_id=tenant_id, user=owner, role=Role.OWNER, actor=actor)
    return tenant


def create_user(*, email: str, name: str, password: str | None = None, **fields: object) -> User:
    """A person who can sign in; the address counts as verified, since an operator gave it."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid({"email": error.messages}) from error
    if User.objects.filter(email=email).exists():
        raise Conflict(_("There is already a person with this e-mail address."))
    user = User.objects.create_user(email, password, name=name, **fields)
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    return user


def add_member(*, tenant_id: str, user: User, role: str, actor: Actor) -> Membership:
    """Give a person a role in the scope's tenant; a second call changes the role."""
    if role not in Role.values:
        raise Invalid({"role": [_("“{role}” is not a role.").format(role=role)]})
    with scope(tenant_id=tenant_id, user_id=actor.user_id or ""):
        tenant = queries.tenant(tenant_id)
        if not actor.has_perm("tenants.manage_members", tenant):
            raise NotAllowed(perm="tenants.manage_members")
        return _add(tenant_id=tenant_id, user=user, role=role, actor=actor)


def _add(*, tenant_id: str, user: User, role: str, actor: Actor) -> Membership:
    found = Membership.objects.select_for_update().filter(tenant_id=tenant_id, user=user).first()
    before = found.role if found else ""
    membership = found or Membership(tenant_id=tenant_id, user=user)
    if before != role:
        membership.role = role
        membership.save()
        data = {"user_id": user.pk}
        record("member.added", membership, actor=actor, before=before, after=role, data=data)
    return membership


def issue_token(
    *,
    user: User,
    tenant_id: str | None,
    actor: Actor = SETUP,
    name: str = "",
    scopes: tuple[str, ...] = tuple(TokenScope.values),
    life: timedelta | None = TOKEN_LIFE,
) -> tuple[ApiToken, str]:
    """The token's row and its secret, which is shown this once and kept as a hash only."""
    unknown = sorted(set(scopes) - set(TokenScope.values))
    if unknown or not scopes:
        raise Invalid({"scopes": [_("Scopes are: read, write, review.")]})
    with scope(tenant_id=tenant_id or "", user_id=str(user.pk)):
        membership = queries.membership(user, tenant_id) if tenant_id else None
        if tenant_id and membership is None:
            raise NotFound
        token, secret = ApiToken.objects.create(
            user=user, expiry=life, tenant_id=tenant_id, name=name, scopes=list(scopes)
        )
        if membership:
            data = {"token_key": token.token_key, "scopes": list(scopes), "user_id": user.pk}
            record("token.issued", membership, actor=actor, data=data)
    return token, secret


def revoke_token(*, tenant_id: str, token_key: str, actor: Actor) -> None:
    """End a token: one's own, or, as owner or admin, anybody's in this tenant."""
    tenant = queries.tenant(tenant_id)
    token = ApiToken.objects.filter(tenant_id=tenant_id, token_key=token_key).first()
    mine = token is not None and token.user_id == actor.user_id
    if token is None or not (mine or actor.has_perm("tenants.manage_tokens", tenant)):
        raise NotFound
    record(
        "token.revoked",
        tenant,
        actor=actor,
        data={"token_key": token_key, "user_id": token.user_id},
    )
    token.delete()


def switch_tenant(request: Request, tenant_id: str) -> Membership:
    """Remember in the session which tenant the portal shows; not a member = not found."""
    membership = queries.membership(request.actor.user, tenant_id)
    if membership is None:
        raise NotFound
    request.session["tenant_id"] = tenant_id
    return membership
