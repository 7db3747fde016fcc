"""Guests: a link to one draft for somebody from outside, and the advice they give through it.

The link names tenant, draft and guest and carries a secret; it is signed, ends, can be revoked,
and only the secret's hash is kept. It goes to the address it is for and to nobody else, not even
to who asked for it: otherwise an author could write their guest's advice.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
from core.errors import Conflict, DomainError, IllegalMove, Invalid, NotAllowed, NotFound
from core.lifecycle import locked, record
from core.scope import scope
from councils import queries
from councils.models import Advice, Guest
from councils.services import notices
from councils.services.deciding import COMMENT_LIMIT, StaleRevision
from councils.states import Stance
from drafts.models import Draft
from drafts.queries import draft_for, visible_to
from drafts.states import DraftState
from tenants.models import Membership
from tenants.queries import tenant

SALT = "codex.guest"
DAYS, LONGEST, MOST_OPEN = 7, 30, 10
ADVISE = "councils.give_advice"


class GuestLinkOver(DomainError):
    """Forged, revoked, expired, or the review is not there any more: all look the same."""

    status = 410
    code = "guest_link_over"
    title = _("This link is over")


@dataclass(frozen=True, slots=True)
class GuestReader:
    """Who acts through a link: no person of ours, so no ``user_id``, no role and no seat."""

    guest: Guest
    tenant_id: str = ""
    role: str = ""
    council_ids: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"guest:{self.guest.pk}"

    @property
    def label(self) -> str:
        return _("{email} (guest)").format(email=self.guest.email)

    @property
    def user_id(self) -> None:
        return None

    def has_perm(self, perm: str, subject: object = None) -> bool:
        return perm == ADVISE and getattr(subject, "pk", None) == self.guest.draft_id

    def __str__(self) -> str:
        return self.id


@transaction.atomic
def invite_guest(*, draft_id: str, email: str, actor: Actor, days: int = DAYS) -> Guest:
    """Mail a link to this draft; a later one to the same address replaces it."""
    draft = locked(visible_to(actor), draft_id)
    if actor.user_id is None or not actor.has_perm("councils.invite_guest", draft):
        raise NotAllowed(perm="councils.invite_guest")
    if draft.status != DraftState.PENDING_REVIEW:
        raise IllegalMove(_("Guests are asked while a draft is in review."), state=draft.status)
    email = email.strip().lower()
    _check(draft, email, days)
    Guest.objects.filter(draft=draft, email=email, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    open_now = Guest.objects.filter(draft=draft, revoked_at=None, expires_at__gt=timezone.now())
    if open_now.count() >= MOST_OPEN:
        raise Conflict(_("At most {n} guests at a time.").format(n=MOST_OPEN))
    secret = secrets.token_urlsafe(32)
    guest = Guest.objects.create(
        tenant_id=draft.tenant_id,
        draft=draft,
        email=email,
        invited_by_id=actor.user_id,
        link_hash=_hashed(secret),
        expires_at=timezone.now() + timedelta(days=days),
    )
    record("review.guest_invited", guest, actor=actor, data={"email": email, "days": days})
    _mail_after_commit(guest, draft, secret, actor)
    return guest


@transaction.atomic
def revoke_guest(*, draft_id: str, guest_id: str, actor: Actor) -> Guest:
    """From then on the link opens nothing; what was said stays."""
    draft = draft_for(actor, draft_id)
    if not actor.has_perm("councils.invite_guest", draft):
        raise NotAllowed(perm="councils.invite_guest")
    guest = Guest.objects.select_for_update().filter(pk=guest_id, draft=draft).first()
    if guest is None:
        raise NotFound
    if guest.revoked_at is None:
        guest.revoked_at = timezone.now()
        guest.save(update_fields=["revoked_at"])
        record("review.guest_revoked", guest, actor=actor, data={"email": guest.email})
    return guest


@contextmanager
def guest_reading(token: str) -> Iterator[tuple[GuestReader, Draft]]:
    """The draft behind a link, in a scope that shows this draft alone, to nobody of ours."""
    tenant_id, draft_id, guest_id, secret = _read(token)
    with scope(tenant_id=tenant_id, draft_id=draft_id):
        guest = Guest.objects.filter(pk=guest_id, draft_id=draft_id).first()
        if guest is None or not guest.is_open:
            raise GuestLinkOver
        if not hmac.compare_digest(guest.link_hash, _hashed(secret)):
            raise GuestLinkOver
        reader = GuestReader(guest)
        draft = visible_to(reader).filter(pk=draft_id).first()
        if draft is None or draft.status in (DraftState.EDITING, DraftState.DISCARDED):
            raise GuestLinkOver
        yield reader, draft_for(reader, draft_id)


@transaction.atomic
def give_advice(*, token: str, revision_number: int | None, stance: str, text: str) -> Advice:
    """A guest's word on the revision they read: told to all who take part, counted by nobody."""
    with guest_reading(token) as (reader, found):
        draft = locked(visible_to(reader), found.pk)
        if not reader.has_perm(ADVISE, draft):
            raise NotAllowed(perm=ADVISE)
        round_ = queries.open_round(draft)
        if draft.status != DraftState.PENDING_REVIEW or round_ is None:
            raise IllegalMove(_("This draft is not in review any more."), state=draft.status)
        if revision_number != round_.revision_number:
            raise StaleRevision(
                _("The draft has changed since you read it. Read it again first."),
                revision=round_.revision_number,
            )
        said = _said(stance, text)
        made, created = Advice.objects.get_or_create(
            tenant_id=draft.tenant_id,
            draft=draft,
            guest=reader.guest,
            revision_number=round_.revision_number,
            defaults={"stance": stance, "text": said},
        )
        if not created:
            raise Conflict(_("You have said what you think of this revision."))
        data = {"stance": stance, "revision": round_.revision_number, "comment": said}
        record("review.advice", made, actor=reader, data=data)
        notices.advice_given(draft, round_, reader.label, made)
    return made


def _said(stance: str, text: str) -> str:
    if stance not in Stance.values:
        raise Invalid({"stance": [_("Say whether you are for it or against it.")]})
    said = text.strip()
    if len(said) > COMMENT_LIMIT or "\x00" in said:
        raise Invalid({"text": [_("At most {limit} characters.").format(limit=COMMENT_LIMIT)]})
    if stance != Stance.FOR and not said:
        raise Invalid({"text": [_("Say why, so that the reviewers can weigh it.")]})
    return said


def _check(draft: Draft, email: str, days: int) -> None:
    errors: dict[str, list[str]] = {}
    try:
        validate_email(email)
    except ValidationError as error:
        errors["email"] = list(error.messages)
    if not 1 <= days <= LONGEST:
        errors["days"] = [_("From 1 to {n} days.").format(n=LONGEST)]
    members = Membership.objects.filter(tenant_id=draft.tenant_id, user__email__iexact=email)
    if not errors and members.exists():
        errors["email"] = [_("They are a member: share the draft with them instead.")]
    if errors:
        raise Invalid(errors)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _read(token: str) -> list[str]:
    try:
        named = signing.loads(token, salt=SALT, max_age=timedelta(days=LONGEST))
    except signing.BadSignature as error:
        raise GuestLinkOver from error
    return [named["tenant"], named["draft"], named["guest"], named["secret"]]


def token_of(guest: Guest, secret: str) -> str:
    named = {
        "tenant": guest.tenant_id,
        "draft": guest.draft_id,
        "guest": guest.pk,
        "secret": secret,
    }
    return signing.dumps(named, salt=SALT)


def _mail_after_commit(guest: Guest, draft: Draft, secret: str, actor: Actor) -> None:
    shop = tenant(draft.tenant_id).name
    path = reverse("guest_review", args=[token_of(guest, secret)])
    context = {
        "by": actor.label,
        "shop": shop,
        "draft": draft,
        "guest": guest,
        "effect": draft.plan.summary.get("effect", "") if draft.plan else "",
        "link": f"{settings.SITE_URL}{path}",
    }
    subject = _("{name} asks what you think of “{draft}”").format(
        name=actor.label, draft=draft.name
    )
    body = render_to_string("councils/guest_mail.txt", context)
    transaction.on_commit(
        lambda: send_mail(" ".join(subject.split()), body, None, [guest.email]), robust=True
    )
