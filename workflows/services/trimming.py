"""A part of a plan: what is left when a reviewer has unticked some of its changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Invalid, NotAllowed
from core.scope import scope
from workflows import queries
from workflows.models import Artifact, Plan, PlannedChange
from workflows.planning.parting import (
    Tally,
    copy_content,
    store_part,
    tally,
    with_what_hangs_on_it,
)
from workflows.presentation import field_label
from workflows.services.measuring import measure_again
from workflows.services.plans import stored_fingerprint
from workflows.types import registry

WHOLE = "whole-plan-"
FILTERS = {"field": "field", "group": "group", "q": "text"}  # ours → those of ``queries.changes``


@transaction.atomic
def trim_plan(
    *,
    plan: Plan,
    actor: Actor,
    without: Sequence[int] = (),
    matching: Sequence[Mapping[str, str]] = (),
    keeping: Sequence[int] = (),
) -> Plan:
    """A new plan of what is left: without these positions, without all changes that one of the
    filters ``matching`` finds (``field``, ``group``, ``q``), but with those of ``keeping``.

    What cannot stand alone goes too: a post of a campaign that is not made. Refused: leaving out
    nothing, leaving out everything, positions the plan does not have.
    """
    if not actor.has_perm("workflows.trim_plan", plan):
        raise NotAllowed(perm="workflows.trim_plan")
    asked = _asked(plan, without, matching, keeping)
    kind = registry.find(plan.workflow_type_id)
    out = with_what_hangs_on_it(plan, asked, kind.together if kind else ())
    if len(out) >= plan.change_count:
        raise _refused(_nothing_left(taken_along=len(asked) < len(out)))
    left = tally(plan, out)
    part = _part(plan, out, left, taken_along=len(out) - len(asked))
    if store_part(plan, part, out) != left.changes:
        raise RuntimeError(f"the plan {plan.pk} changed while it was trimmed")
    part.summary |= _measured(part)
    part.save(update_fields=["summary"])
    _copy_files(plan, part)
    return part


def _measured(part: Plan) -> dict[str, Any]:
    """On all of the tenant's orders, also when a guest trims, who sees one draft and no order."""
    with scope(tenant_id=part.tenant_id):
        return measure_again(part)


def _asked(
    plan: Plan,
    without: Sequence[int],
    matching: Sequence[Mapping[str, str]],
    keeping: Sequence[int],
) -> set[int]:
    rows = PlannedChange.objects.filter(plan=plan)
    wanted = set(without)
    known = set(rows.filter(position__in=wanted).values_list("position", flat=True))
    if unknown := sorted(wanted - known):
        raise _refused(_("This plan has no change {position}.").format(position=unknown[0]))
    for given in matching:
        found = queries.changes(plan, **_filter(given))
        known |= set(found.values_list("position", flat=True))
    known -= set(keeping)
    if not known:
        raise _refused(_("Nothing was left out. Approve the whole plan instead."))
    return known


def _filter(given: Mapping[str, str]) -> dict[str, str]:
    """An empty filter would mean all changes: said by nobody who meant a part."""
    asked = {FILTERS.get(name, ""): str(value) for name, value in given.items() if value}
    if not asked or "" in asked:
        raise Invalid({"matching": [_("A filter names a field, a group or a text to look for.")]})
    return asked


def _refused(text: str) -> Invalid:
    return Invalid({"without": [text]}, text)


def _nothing_left(*, taken_along: bool) -> str:
    if taken_along:
        return _(
            "What would be left cannot stand without what was left out, so nothing would be left."
            " Reject the draft instead."
        )
    return _("Nothing would be left to approve. Reject the draft instead.")


def _part(plan: Plan, out: list[int], left: Tally, *, taken_along: int) -> Plan:
    part = Plan(
        tenant_id=plan.tenant_id,
        draft_id=plan.draft_id,
        workflow_type_id=plan.workflow_type_id,
        type_version=plan.type_version,
        inputs=plan.inputs,
        seed=plan.seed,
        trimmed_from_id=plan.trimmed_from_id or plan.pk,
        fingerprint=stored_fingerprint(plan, out),
        change_count=left.changes,
        computed_at=plan.computed_at,
    )
    part.summary = part_summary(plan, left, taken_along=taken_along)
    part.save(force_insert=True)
    part.refresh_from_db(fields=["computed_at", "summary"])
    return part


def part_summary(plan: Plan, left: Tally, *, taken_along: int) -> dict[str, Any]:
    """What can be counted is counted anew; what the type said of the whole plan says so."""
    whole = plan.summary
    before = whole.get("part") or {}
    total = before.get("total", plan.change_count)
    said = {key: before.get(key, whole.get(key, "")) for key in ("effect", "effect_marked")}
    share = _("{kept} of {total} changes").format(kept=left.changes, total=total)
    rest = _("a part of this plan: {effect}")
    return whole | {
        "effect": f"{share}, {rest.format(effect=said['effect'])}",
        "effect_marked": f"**{share}**, {rest.format(effect=said['effect_marked'])}",
        "counts": _counts(whole.get("counts") or {}, left),
        "metrics": [_of_the_whole(metric) for metric in whole.get("metrics") or []],
        "histogram": None,
        "artifacts": [_whole_file(file) for file in whole.get("artifacts") or []],
        "undo": {"covered": left.changes, "total": left.changes},
        "part": said
        | {"kept": left.changes, "total": total, "left_out": total - left.changes}
        | {"taken_along": taken_along + before.get("taken_along", 0)},
    }


def _counts(whole: Mapping[str, Any], left: Tally) -> dict[str, Any]:
    return {
        "changes": left.changes,
        "targets": left.targets,
        "creates": left.creates,
        "fields": [
            {"entity": entity, "field": field, "label": field_label(entity, field), "count": count}
            for entity, field, count in left.fields
        ],
        "groups": [
            group | {"count": left.groups.get(group["key"], 0)}
            for group in whole.get("groups") or []
        ],
    }


def _of_the_whole(metric: Mapping[str, Any]) -> dict[str, Any]:
    return {**metric, "hint": _("of the whole plan"), "of_whole_plan": True}


def _whole_file(file: Mapping[str, Any]) -> dict[str, Any]:
    return {**file, "name": whole_name(file["name"]), "of_whole_plan": True}


def whole_name(name: str) -> str:
    """A calendar file of the whole plan must not pass for one of what was approved."""
    return name if name.startswith(WHOLE) else f"{WHOLE}{name}"[:120]


def _copy_files(plan: Plan, part: Plan) -> None:
    for file in Artifact.objects.filter(plan=plan):
        copy = Artifact.objects.create(
            tenant_id=part.tenant_id,
            plan=part,
            name=whole_name(file.name),
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
        )
        copy_content(file.pk, copy.pk, part)
