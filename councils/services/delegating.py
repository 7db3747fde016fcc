"""Lending one's say to somebody else for some days."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor, SystemActor
from core.errors import Conflict, Invalid, NotAllowed, NotFound
from core.lifecycle import record
from councils import queries
from councils.models import Delegation, ReviewRound
from councils.services import tidings
from councils.services.entries import sync_open_rounds
from councils.services.persons import require_person
from tenants.models import Membership
from tenants.queries import tenant

KEEPER = SystemActor("timekeeper")
LONGEST = timedelta(days=366)


@transaction.atomic
def delegate(
    *,
    tenant_id: str,
    from_user_id: str,
    to_user_id: str,
    starts_on: date,
    ends_on: date,
    actor: Actor,
    reason: str = "",
) -> Delegation:
    """From the first day's beginning to the last day's end, by the shop's clock.

    Set by the person or by an owner or admin. Nobody lends what was lent to them, and nobody
    lends twice at a time. Whoever wrote in a draft decides on it for nobody.
    """
    require_person(actor)
    asked = Delegation(tenant_id=tenant_id, from_user_id=from_user_id, to_user_id=to_user_id)
    if not actor.has_perm("councils.delegate", asked):
        raise NotAllowed(perm="councils.delegate")
    _require_members(tenant_id, from_user_id, to_user_id)
    starts_at, ends_at = _instants(tenant_id, starts_on, ends_on)
    _require_unchained(tenant_id, from_user_id, to_user_id, starts_at, ends_at)
    made = Delegation.objects.create(
        tenant_id=tenant_id,
        from_user_id=from_user_id,
        to_user_id=to_user_id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip()[:300],
        made_by_id=actor.user_id,
        begun_at=timezone.now() if starts_at <= timezone.now() else None,
    )
    record("delegation.made", made, actor=actor, data=_story(made))
    _sync(made)
    tidings.delegated(made, {from_user_id, to_user_id} - {str(actor.user_id)})
    return made


@transaction.atomic
def end_delegation(*, delegation_id: str, actor: Actor) -> Delegation:
    """Before its day; what was decided in its time stays decided."""
    found = Delegation.objects.select_for_update().filter(pk=delegation_id).first()
    if found is None or found.tenant_id is None:
        raise NotFound
    if not actor.has_perm("councils.delegate", found):
        raise NotAllowed(perm="councils.delegate")
    if found.ended_at or found.ends_at <= timezone.now():
        raise Conflict(_("This delegation is over already."))
    found.ended_at = found.over_at = timezone.now()
    found.save()
    record("delegation.ended", found, actor=actor, data=_story(found))
    _sync(found)
    tidings.delegation_over(found, {found.from_user_id, found.to_user_id} - {str(actor.user_id)})
    return found


@transaction.atomic
def keep_delegation(*, delegation_id: str) -> bool:
    """Tell the queues that it has begun, or is over; False when they know. Safe to run twice."""
    found = Delegation.objects.select_for_update().filter(pk=delegation_id).first()
    if found is None or found.over_at:
        return False
    now = timezone.now()
    if found.ends_at <= now:
        found.over_at, found.begun_at = now, found.begun_at or now
        kind = "delegation.over"
    elif found.starts_at <= now and found.begun_at is None:
        found.begun_at = now
        kind = "delegation.begun"
    else:
        return False
    found.save()
    record(kind, found, actor=KEEPER, data=_story(found))
    _sync(found)
    if kind == "delegation.over":
        tidings.delegation_over(found, {found.from_user_id, found.to_user_id})
    return True


def _require_members(tenant_id: str, *user_ids: str) -> None:
    """Both rows are held, so that two delegations of one person are made one after the other."""
    if len(set(user_ids)) < len(user_ids):
        raise Invalid({"to_user_id": [_("Choose somebody else.")]})
    rows = Membership.objects.select_for_update().filter(tenant_id=tenant_id, user_id__in=user_ids)
    if len(list(rows.order_by("user_id"))) < len(user_ids):
        raise Invalid({"to_user_id": [_("Both have to be members of this shop.")]})


def _instants(tenant_id: str, starts_on: date, ends_on: date) -> tuple[datetime, datetime]:
    zone = ZoneInfo(tenant(tenant_id).timezone)
    starts_at = datetime.combine(starts_on, time.min, zone)
    ends_at = datetime.combine(ends_on + timedelta(days=1), time.min, zone)
    if ends_on < starts_on:
        raise Invalid({"ends_on": [_("The last day is before the first.")]})
    if ends_at <= timezone.now():
        raise Invalid({"ends_on": [_("This day is over.")]})
    if ends_at - starts_at > LONGEST:
        raise Invalid({"ends_on": [_("At most a year.")]})
    return starts_at, ends_at


def _require_unchained(
    tenant_id: str, from_user_id: str, to_user_id: str, starts_at: datetime, ends_at: datetime
) -> None:
    same_time = Delegation.objects.filter(
        tenant_id=tenant_id, ended_at=None, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    if same_time.filter(from_user_id=from_user_id).exists():
        raise Conflict(_("They have lent their say to somebody in that time already."))
    chained = Q(from_user_id=to_user_id) | Q(to_user_id=from_user_id)
    if same_time.filter(chained).exists():
        raise Conflict(
            _("What was lent is not passed on: one of the two has a delegation in that time.")
        )


def _sync(made: Delegation) -> None:
    """The open reviews of the councils this person sits in wait for other people now."""
    role = Membership.objects.filter(tenant_id=made.tenant_id, user_id=made.from_user_id)
    councils = queries.council_ids_of(
        made.from_user_id, role.values_list("role", flat=True).first() or ""
    )
    theirs = Q(council_id__in=councils) | Q(further_council_ids__overlap=list(councils))
    sync_open_rounds(ReviewRound.objects.filter(theirs))


def _story(made: Delegation) -> dict[str, object]:
    return {
        "from_user_id": made.from_user_id,
        "to_user_id": made.to_user_id,
        "starts_at": made.starts_at.isoformat(),
        "ends_at": made.ends_at.isoformat(),
        "reason": made.reason,
    }
