"""Freeze windows: who sets them, and what they answer to somebody who wants to run something."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Invalid, NotAllowed
from core.lifecycle import moving, record
from tenants.models import Tenant
from workflows import restraints
from workflows.models import FreezeWindow, Workflow
from workflows.states import Repeats, RunState
from workflows.types import registry

PERM = "workflows.manage_freezes"
FIELDS = (
    "name",
    "families",
    "repeats",
    "starts_on",
    "starts_at",
    "ends_on",
    "ends_at",
    "weekdays",
    "until",
)
WEEK, MOST_OF_A_YEAR = 6, 300
MOST_WINDOWS = 100


@transaction.atomic
def add_freeze(*, tenant_id: str, actor: Actor, **facts: Any) -> FreezeWindow:
    tenant = Tenant.objects.get(pk=tenant_id)
    if not actor.has_perm(PERM, tenant):
        raise NotAllowed(perm=PERM)
    if restraints.freezes().count() >= MOST_WINDOWS:
        raise Invalid({"name": [_("At most {n} freezes.").format(n=MOST_WINDOWS)]})
    window = FreezeWindow(tenant=tenant, created_by_id=actor.user_id)
    _write(window, facts)
    window.save(force_insert=True)
    record("freeze.added", window, actor=actor, data=freeze_facts(window))
    _look_again()
    return window


def trial_freeze(tenant: Tenant, **facts: Any) -> FreezeWindow:
    """What ``add_freeze`` would keep, kept nowhere: to see when it would be on."""
    window = FreezeWindow(tenant=tenant)
    _write(window, facts)
    return window


def change_freeze(*, freeze_id: str, actor: Actor, **facts: Any) -> FreezeWindow:
    data: dict[str, object] = {}
    with moving(
        FreezeWindow, freeze_id, actor=actor, perm=PERM, event="freeze.changed", data=data
    ) as window:
        data["before"] = freeze_facts(window)
        _write(window, facts)
        data["after"] = freeze_facts(window)
        _look_again()
    return window


@transaction.atomic
def remove_freeze(*, freeze_id: str, actor: Actor) -> None:
    window = restraints.freeze(freeze_id)
    if not actor.has_perm(PERM, window):
        raise NotAllowed(perm=PERM)
    record("freeze.removed", window, actor=actor, data=freeze_facts(window))
    window.delete()
    _look_again()


def freeze_facts(window: FreezeWindow) -> dict[str, Any]:
    """As JSON, for the audit and for programs."""
    found = {name: getattr(window, name) for name in FIELDS}
    times = {"starts_at": f"{window.starts_at:%H:%M}", "ends_at": f"{window.ends_at:%H:%M}"}
    days = {
        name: value.isoformat() if value else None
        for name, value in found.items()
        if name in ("starts_on", "ends_on", "until")
    }
    return {**found, **days, **times, "repeats": str(window.repeats)}


def require_free(tenant_id: str, workflow_type_id: str, at: datetime) -> None:
    """A time somebody chose for a run must lie outside every freeze; the next free one is told."""
    frozen = restraints.freeze_at(tenant_id, workflow_type_id, at)
    if frozen is None:
        return
    local = frozen.until.astimezone(restraints.zone_of(tenant_id))
    text = _("Frozen then by “{name}”. The next free time is {slot}.")
    said = text.format(name=frozen.window.name, slot=date_format(local, "j F Y, H:i"))
    raise Invalid({"run_at": [said]}, next_free_slot=frozen.until.isoformat())


def _look_again() -> None:
    """Runs held by a freeze are judged anew by the next sweep."""
    held = Workflow.objects.filter(status=RunState.PENDING, held_until__isnull=False)
    held.update(held_until=None, nudged_at=None)


def _write(window: FreezeWindow, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if name not in FIELDS:
            raise Invalid({name: [_("There is no such field.")]})
        setattr(window, name, value)
    window.name = window.name.strip()
    window.families = sorted(set(window.families))
    window.weekdays = sorted(set(window.weekdays)) if window.repeats == Repeats.WEEKLY else []
    window.until = window.until if window.repeats != Repeats.NEVER else None
    errors = _faults(window)
    if errors:
        raise Invalid(errors)


def _faults(window: FreezeWindow) -> dict[str, list[object]]:
    errors: dict[str, list[object]] = {}
    try:
        window.clean_fields(exclude=["tenant", "created_by"])
    except ValidationError as found:
        return {name: list(texts) for name, texts in found.message_dict.items()}
    known = {kind.family for kind in registry.all()}
    if not set(window.families) <= known:
        errors["families"] = [_("There is no such family of workflows.")]
    if not set(window.weekdays) <= set(range(7)):
        errors["weekdays"] = [_("Days are counted from 0, Monday, to 6, Sunday.")]
    return errors | _faults_of_time(window)


def _faults_of_time(window: FreezeWindow) -> dict[str, list[object]]:
    start, end = (window.starts_on, window.starts_at), (window.ends_on, window.ends_at)
    if end <= start:
        return {"ends_at": [_("It has to end after its start.")]}
    days = (window.ends_on - window.starts_on).days
    if window.repeats == Repeats.WEEKLY and days > WEEK:
        return {"ends_on": [_("A weekly freeze lasts less than a week.")]}
    if window.repeats == Repeats.YEARLY and days > MOST_OF_A_YEAR:
        return {"ends_on": [_("A yearly freeze lasts at most {n} days.").format(n=MOST_OF_A_YEAR)]}
    if window.until and window.until < window.starts_on:
        return {"until": [_("It can't be before the first day.")]}
    return _no_years_before_ours(window.starts_on)


def _no_years_before_ours(day: date) -> dict[str, list[object]]:
    return {} if day.year >= 2000 else {"starts_on": [_("Give the year in four digits.")]}
