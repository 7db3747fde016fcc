"""Asking somebody in by mail: a signed link, good once, for a week, for that address."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from core.lifecycle import record
from core.scope import scope
from tenants import queries
from tenants.models import Invitation, Membership, Role, Tenant, User
from tenants.services.people import create_user

LIFE = timedelta(days=7)
SALT = "codex.invitation"


class InvitationOver(DomainError):
    status = 410
    code = "invitation_over"
    title = _("This invitation is over")


def invite(*, tenant_id: str, email: str, role: str, actor: Actor) -> Invitation:
    """Mail a link that makes its reader a member; a later one to the address replaces it."""
    tenant = queries.tenant(tenant_id)
    if not actor.has_perm("tenants.manage_members", tenant):
        raise NotAllowed(perm="tenants.manage_members")
    email = email.strip().lower()
    _check(tenant_id, email, role)
    Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
    invitation = Invitation.objects.create(
        tenant_id=tenant_id,
        email=email,
        role=role,
        invited_by_id=actor.user_id,
        expires_at=timezone.now() + LIFE,
    )
    record("member.invited", invitation, actor=actor, after=role, data={"email": email})
    transaction.on_commit(lambda: _mail(invitation, tenant, actor))
    return invitation


def withdraw(*, invitation_id: str, actor: Actor) -> Invitation:
    invitation = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFound
    if not actor.has_perm("tenants.manage_members", invitation):
        raise NotAllowed(perm="tenants.manage_members")
    if not invitation.is_open:
        raise InvitationOver
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record("member.invitation_withdrawn", invitation, actor=actor, data={"email": invitation.email})
    return invitation


def open_invitation(secret: str) -> Invitation:
    """The invitation behind a link; ``InvitationOver`` when it was used, withdrawn or expired."""
    try:
        named = signing.loads(secret, salt=SALT, max_age=LIFE)
    except signing.BadSignature as error:
        raise InvitationOver from error
    with scope(tenant_id=named["tenant"]):
        found = (
            Invitation.objects.select_for_update(of=("self",))
            .select_related("tenant")
            .filter(pk=named["invitation"])
            .first()
        )
        if found is None or not found.is_open:
            raise InvitationOver
        return found


@transaction.atomic
def accept_invitation(
    *, secret: str, user: User | None, name: str = "", password: str = ""
) -> Membership:
    """Make the reader a member: ``user`` when they are signed in, otherwise a new person.

    The link came to their mail box, so the address counts as verified.
    """
    invitation = open_invitation(secret)
    with scope(tenant_id=invitation.tenant_id):
        person = user or _newcomer(invitation, name, password)
        if person.email != invitation.email:
            raise Conflict(_("This invitation is for another e-mail address."))
        membership, _created = Membership.objects.get_or_create(
            tenant_id=invitation.tenant_id, user=person, defaults={"role": invitation.role}
        )
        invitation.accepted_at = timezone.now()
        invitation.save(update_fields=["accepted_at"])
        actor = _Invited(person)
        record("member.joined", membership, actor=actor, after=membership.role)
    return membership


class _Invited:
    """Somebody who acts before they have a role."""

    def __init__(self, user: User) -> None:
        self.id = self.user_id = str(user.pk)
        self.label = str(user)

    def has_perm(self, perm: str, subject: object = None) -> bool:
        return False


def _newcomer(invitation: Invitation, name: str, password: str) -> User:
    if User.objects.filter(email=invitation.email).exists():
        raise Conflict(_("You have an account already: sign in first, then open the link again."))
    return create_user(email=invitation.email, name=name, password=password)


def _check(tenant_id: str, email: str, role: str) -> None:
    errors: dict[str, list[str]] = {}
    try:
        validate_email(email)
    except ValidationError as error:
        errors["email"] = list(error.messages)
    if role not in Role.values or role == Role.OWNER:
        errors["role"] = [_("Choose admin, editor or viewer.")]
    if not errors and Membership.objects.filter(tenant_id=tenant_id, user__email=email).exists():
        errors["email"] = [_("They are a member already.")]
    if errors:
        raise Invalid(errors)


def _mail(invitation: Invitation, tenant: Tenant, actor: Actor) -> None:
    named = {"tenant": invitation.tenant_id, "invitation": invitation.pk}
    path = reverse("invited", args=[signing.dumps(named, salt=SALT)])
    context = {"tenant": tenant, "by": actor.label, "link": f"{settings.SITE_URL}{path}"}
    send_mail(
        subject=_("{name} invites you to {shop}").format(name=actor.label, shop=tenant.name),
        message=render_to_string("tenants/invitation.txt", context),
        from_email=None,
        recipient_list=[invitation.email],
    )
