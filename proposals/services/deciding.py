"""What people (and time) do with a proposal: accept, dismiss, snooze, restore, expire."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor, SystemActor
from core.errors import Conflict, IllegalMove, Invalid, NotAllowed
from core.lifecycle import locked, moving, record
from drafts.models import Draft
from drafts.services import create_draft
from proposals.models import Mute, Proposal
from proposals.services.starting import template_of
from proposals.states import ProposalState, Reason
from templates_catalog.services.using import use_template

EXPIRY = SystemActor("expiry", grants=frozenset({"proposals.expire_proposal"}))
# How many times as severe it has to become before it is said again, by reason.
WORSE = {
    Reason.ON_PURPOSE: 1.5,
    Reason.ALREADY_DONE: 2.0,
    Reason.NOT_WORTH_IT: 1.5,
    Reason.NOT_TRUE: 2.0,
    Reason.OTHER: 1.5,
}
AFTER_SNOOZE = timedelta(days=7)
AFTER_RESTORE = timedelta(days=14)
LONGEST_SNOOZE = timedelta(days=180)
SHARE = "share"


def may(perm: str, proposal: Proposal, *, actor: Actor) -> bool:
    """Whether to offer the button; the service asks again under the lock."""
    return actor.has_perm(f"proposals.{perm}_proposal", proposal)


@transaction.atomic
def accept_proposal(*, proposal_id: str, actor: Actor) -> tuple[Proposal, Draft]:
    """Make the draft it suggests. A second accept, and one too late, are refused."""
    data: dict[str, object] = {}
    with moving(
        Proposal,
        proposal_id,
        actor=actor,
        perm="proposals.accept_proposal",
        event="proposal.accepted",
        data=data,
    ) as proposal:
        _require_open(proposal)
        draft = _make_draft(proposal, actor)
        proposal.mark_accepted(draft.pk, actor.user_id)
        data["draft_id"] = draft.pk
    return proposal, draft


def _make_draft(proposal: Proposal, actor: Actor) -> Draft:
    """From a template where one fits, which counts as a use of it; else a plain one."""
    template = template_of(proposal)
    if template is not None:
        draft, _template = use_template(
            template_id=template.pk,
            actor=actor,
            inputs=proposal.suggested_inputs,
            name=proposal.title,
            purpose=proposal.description,
            token=f"proposal:{proposal.pk}",
            proposal_id=proposal.pk,
        )
        return draft
    return create_draft(
        tenant_id=proposal.tenant_id,
        workflow_type_id=proposal.workflow_type_id,
        name=proposal.title,
        purpose=proposal.description,
        inputs=proposal.suggested_inputs,
        actor=actor,
        proposal_id=proposal.pk,
    )


@transaction.atomic
def dismiss_proposal(
    *, proposal_id: str, actor: Actor, reason: str = "", reason_code: str = ""
) -> Proposal:
    """Not wanted, and why: it stays away until the evidence is clearly worse."""
    code = _checked_reason(reason, reason_code)
    data = {"reason_code": code, "reason": reason.strip()}
    with moving(
        Proposal,
        proposal_id,
        actor=actor,
        perm="proposals.dismiss_proposal",
        event="proposal.dismissed",
        data=data,
    ) as proposal:
        proposal.mark_dismissed(actor.user_id)
        _mute(proposal, code, reason.strip(), actor)
    return proposal


@transaction.atomic
def snooze_proposal(
    *, proposal_id: str, actor: Actor, days: int | None = None, until: datetime | None = None
) -> Proposal:
    """Out of sight until a day; it is still open, and nothing new of its kind is proposed."""
    proposal = locked(Proposal, proposal_id)
    if not actor.has_perm("proposals.snooze_proposal", proposal):
        raise NotAllowed(perm="proposals.snooze_proposal")
    _require_open(proposal)
    until = until or timezone.now() + timedelta(days=days or 0)
    if not timezone.now() < until <= timezone.now() + LONGEST_SNOOZE:
        raise Invalid({"until": [_("Say a day within the next half year.")]})
    _keep_open_until(proposal, until)
    proposal.snoozed_until = until
    proposal.save()
    state = str(proposal.status)
    data = {"until": until.isoformat()}
    record("proposal.snoozed", proposal, actor=actor, before=state, after=state, data=data)
    return proposal


@transaction.atomic
def restore_proposal(*, proposal_id: str, actor: Actor) -> Proposal:
    """Back to open: what was dismissed, and at once what was snoozed."""
    proposal = locked(Proposal, proposal_id)
    if proposal.status == ProposalState.PENDING and proposal.is_snoozed:
        return _wake(proposal, actor)
    with moving(
        Proposal,
        proposal_id,
        actor=actor,
        perm="proposals.restore_proposal",
        event="proposal.restored",
    ) as proposal:
        proposal.mark_pending()
        _require_room(proposal)
        _renew(proposal)
        Mute.objects.filter(proposal=proposal, ended_at__isnull=True).update(
            ended_at=timezone.now(), ended_by_id=actor.user_id
        )
    return proposal


@transaction.atomic
def expire_proposal(*, proposal_id: str, actor: Actor = EXPIRY) -> bool:
    """Its time is over. False when there is nothing to expire."""
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id).first()
    if proposal is None or proposal.status != ProposalState.PENDING:
        return False
    if proposal.expires_at > timezone.now():
        return False
    with moving(
        Proposal,
        proposal_id,
        actor=actor,
        perm="proposals.expire_proposal",
        event="proposal.expired",
    ) as proposal:
        proposal.mark_expired()
    return True


def expire_overdue() -> int:
    """In the tenant's scope: everything pending whose time is over."""
    overdue = Proposal.objects.filter(
        status=ProposalState.PENDING, expires_at__lte=timezone.now()
    ).values_list("pk", flat=True)
    return sum(expire_proposal(proposal_id=pk) for pk in list(overdue))


def _require_open(proposal: Proposal) -> None:
    if proposal.status != ProposalState.PENDING:
        raise IllegalMove(
            _("This is not possible while it is “{state}”.").format(
                state=proposal.get_status_display()
            ),
            state=str(proposal.status),
        )
    if proposal.expires_at <= timezone.now():
        raise IllegalMove(_("The time of this proposal is over."), state=str(proposal.status))


def _checked_reason(reason: str, code: str) -> str:
    """A code, words, or both; words alone are another reason."""
    code = code or (Reason.OTHER if reason.strip() else "")
    if code not in Reason.values:
        raise Invalid({"reason": [_("Say why you do not want this.")]})
    if code == Reason.OTHER and not reason.strip():
        raise Invalid({"reason": [_("Say why in a few words.")]})
    return code


def _mute(proposal: Proposal, code: str, reason: str, actor: Actor) -> Mute:
    now, factor = timezone.now(), WORSE[Reason(code)]
    Mute.objects.filter(
        detector=proposal.detector, target=proposal.target, ended_at__isnull=True
    ).update(ended_at=now, ended_by_id=actor.user_id)
    told = proposal.based_on
    returns = bool(told.get("returns", True))
    return Mute.objects.create(
        tenant_id=proposal.tenant_id,
        proposal=proposal,
        detector=proposal.detector,
        target=proposal.target,
        suppression_key=proposal.suppression_key,
        reason_code=code,
        reason=reason,
        severity=proposal.severity,
        returns_at_severity=proposal.severity * factor if returns else None,
        value=told.get("value"),
        returns_at=_in_its_unit(told, factor) if returns else None,
        unit=told.get("unit", ""),
        muted_by_id=actor.user_id,
    )


def _in_its_unit(told: dict, factor: float) -> float | None:
    """At which value it is that much worse; None where no value can be."""
    value = told.get("value")
    if value is None:
        return None
    worse = value / factor if told.get("falls") else value * factor
    return None if told.get("unit") == SHARE and worse > 1 else worse


def _keep_open_until(proposal: Proposal, until: datetime) -> None:
    """A snooze outlives the proposal's time, unless a date in the shop's year ends it."""
    if until < proposal.expires_at:
        return
    if not proposal.based_on.get("returns", True):
        raise Invalid({"until": [_("By then it is too late for this.")]})
    proposal.expires_at = until + AFTER_SNOOZE


def _wake(proposal: Proposal, actor: Actor) -> Proposal:
    if not actor.has_perm("proposals.restore_proposal", proposal):
        raise NotAllowed(perm="proposals.restore_proposal")
    proposal.snoozed_until = None
    proposal.save()
    state = str(proposal.status)
    record("proposal.restored", proposal, actor=actor, before=state, after=state)
    return proposal


def _require_room(proposal: Proposal) -> None:
    others = Proposal.objects.filter(
        detector=proposal.detector, status=ProposalState.PENDING
    ).exclude(pk=proposal.pk)
    if others.exists():
        raise Conflict(_("A newer proposal of this kind is open already."))


def _renew(proposal: Proposal) -> None:
    if proposal.expires_at > timezone.now():
        return
    if not proposal.based_on.get("returns", True):
        raise Conflict(_("The time of this proposal is over."))
    proposal.expires_at = timezone.now() + AFTER_RESTORE
