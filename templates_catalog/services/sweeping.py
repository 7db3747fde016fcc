"""The watch: what time, runs and councils did to templates while nobody clicked."""

from collections.abc import Callable

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.jobs import once
from core.lifecycle import record
from core.scope import require_tenant_id, scope
from templates_catalog import queries
from templates_catalog.models import StandingApproval, TemplateTrack
from templates_catalog.services.standing import WATCH, stop_waiting, watch
from templates_catalog.services.telling import tell_council

log = structlog.get_logger(__name__)


def sweep() -> dict[str, int]:
    """Every few minutes, over all tenants; each finding in a scope and transaction of its own."""
    return {finder: _each(finder, move) for finder, move in MOVES.items()}


def _each(finder: str, move: Callable[[str], bool]) -> int:
    done = 0
    for tenant_id, found in queries.found_by(finder):
        try:
            with scope(tenant_id=tenant_id), transaction.atomic():
                done += move(found)
        except DomainError as refused:
            log.warning("template_watch_refused", finder=finder, id=found, said=str(refused))
    return done


def _stop(draft_id: str) -> bool:
    """A run that slipped in while its standing approval was being revoked."""
    return bool(stop_waiting(draft_id))


def _suspend(template_id: str) -> bool:
    found = watch(queries.template(template_id))
    return found is not None and found.suspended_at is not None


def tell_earned(template_id: str) -> bool:
    """The council hears, once, that it may say yes in advance."""
    template = queries.template(template_id)
    clean = queries.clean_reviewed_runs(template)
    track, _made = TemplateTrack.objects.select_for_update().get_or_create(
        tenant_id=require_tenant_id(), template=template
    )
    if track.eligible_at is not None or clean < queries.clean_runs_needed():
        return False
    track.eligible_at = timezone.now()
    track.save(update_fields=["eligible_at"])
    record("template.eligible", track, actor=WATCH, data={"clean": clean})
    tell_council(
        template,
        kind="template.eligible",
        subject=_("“{template}” may be approved in advance").format(template=template.name),
        text=_("{clean} reviewed runs went exactly as planned.").format(clean=clean),
        key=f"{track.pk}:eligible:{track.eligible_at.isoformat()}",
    )
    return True


def tell_ending(standing_id: str) -> bool:
    """A week before it ends, and when it has: instant run stops without anybody doing anything."""
    given = StandingApproval.objects.select_related("template").get(pk=standing_id)
    is_over = given.until <= timezone.now()
    stage = "ended" if is_over else "ending"
    if not once(f"standing-{stage}", require_tenant_id(), given.pk):
        return False
    texts = {
        "ended": _("“{template}” no longer runs at once: its approval in advance has ended"),
        "ending": _("The approval in advance of “{template}” ends soon"),
    }
    day = date_format(timezone.localtime(given.until), "j F Y, H:i")
    if is_over:
        record("template.standing_ended", given, actor=WATCH, data={"template": given.template_id})
    tell_council(
        given.template,
        kind=f"template.standing_{stage}",
        subject=texts[stage].format(template=given.template.name),
        text=_("It holds until {day}. Look at its runs and give it again if all is well.").format(
            day=day
        ),
        key=f"{given.pk}:{stage}",
    )
    return True


MOVES: dict[str, Callable[[str], bool]] = {
    "codex_revoked_but_waiting": _stop,
    "codex_templates_broken": _suspend,
    "codex_templates_earned": tell_earned,
    "codex_standing_ending": tell_ending,
}
