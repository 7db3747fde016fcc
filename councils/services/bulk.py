"""Many small yeses at once: low risk alone, each judged by itself, each with its own answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.answers import problem
from core.errors import Conflict, DomainError, Invalid
from councils.services.deciding import decide
from councils.states import Decision
from drafts.models import Draft
from drafts.queries import opened
from tenants.actors import Person

AT_MOST = 50
LOW = "low"


class NotLowRisk(Conflict):
    code = "not_low_risk"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of them; ``problem`` is a refusal as the API tells it."""

    draft_id: str
    name: str = ""
    state: str = ""
    problem: dict[str, object] | None = None


def approve_many(
    *, items: Sequence[tuple[str, int]], actor: Person, comment: str = ""
) -> list[Outcome]:
    """Approve these drafts, each by the revision that was read; one refusal stops no other."""
    if len(items) > AT_MOST:
        raise Invalid({"items": [_("At most {n} at once.").format(n=AT_MOST)]})
    return [
        _approve(draft_id, revision, actor, comment) for draft_id, revision in dict.fromkeys(items)
    ]


def _approve(draft_id: str, revision: int, actor: Person, comment: str) -> Outcome:
    name = ""
    try:
        with transaction.atomic(), opened(actor, draft_id) as draft:
            name = draft.name
            _require_low_risk(draft, actor)
            done = decide(
                draft_id=draft_id,
                verdict=Decision.APPROVE,
                actor=actor,
                comment=comment,
                revision_number=revision,
            )
            return Outcome(draft_id, name, str(done.status))
    except DomainError as refused:
        return Outcome(draft_id, name, problem=problem(refused))


def _require_low_risk(draft: Draft, actor: Actor) -> None:
    risk = (draft.plan.summary.get("risk") or {}).get("level") if draft.plan else None
    if risk != LOW and actor.has_perm("drafts.decide_draft", draft):
        raise NotLowRisk(_("Only drafts of low risk are approved together. Open this one."))
