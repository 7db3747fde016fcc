"""What a template's council does: yes in advance, with bounds; no more; all clear."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Invalid, NotAllowed
from templates_catalog import queries, services, showing
from templates_catalog.forms import BoundsForm, ReasonForm, SwitchesForm
from templates_catalog.opening import on_template, require_member
from templates_catalog.views import panels

ASK = ["GET", "POST"]


@require_GET
def standing(request):
    """Live approvals in advance of the councils this person sits on, the next to end first."""
    require_member(request)
    given = list(queries.standing_of_councils(request.actor.council_ids))
    currency = panels.currency_of(request)
    rows = [
        (one, showing.bounds_words(one.bounds, one.template.workflow_type_id, currency))
        for one in given
    ]
    mine = request.actor.council_ids
    context = {
        "rows": rows,
        "suspended": list(queries.suspended_for(mine)),
        "earned": list(queries.earned_for(mine)),
        "blocks": list(queries.blocks_for(mine)),
        "sits": bool(mine),
    }
    return render(request, "templates_catalog/standing.html", context)


@require_http_methods(ASK)
@on_template
def pre_approve(request, found):
    """Give it, or give it with other bounds; to the version that was looked at and no other."""
    if not request.actor.has_perm("templates.pre_approve_template", found):
        raise NotAllowed(perm="templates.pre_approve_template")
    version = queries.version_in_force(found)
    given = queries.standing(version)
    form = BoundsForm(
        request.POST if request.method == "POST" else None,
        type_id=found.workflow_type_id,
        initial=_initial(found, given),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.pre_approve(
                template_id=found.pk,
                bounds=form.bounds(),
                until=form.until_at(),
                version_number=_number(request.POST.get("version", "")),
                actor=request.actor,
            )
        except Invalid as refused:
            _put(form, refused)
        else:
            messages.success(request, _("It runs at once from now on, inside these bounds."))
            return redirect(found)
    context = {
        "template": found,
        "version": version,
        "form": form,
        "given": given,
        "clean": queries.clean_reviewed_runs(found),
        "needed": queries.clean_runs_needed(),
    }
    status = 422 if form.errors else 200
    return render(request, "templates_catalog/pre_approve.html", context, status=status)


@require_http_methods(ASK)
@on_template
def revoke(request, found):
    return _with_reason(
        request,
        found,
        services.revoke,
        title=_("Revoke the approval in advance?"),
        text=_(
            "“{name}” goes to review again from now on. What waits for its start on this approval"
            " is stopped; what has begun is not."
        ).format(name=found.name),
        yes=_("Revoke"),
        done=_("Revoked. Nothing of it starts any more."),
        danger=True,
    )


@require_http_methods(ASK)
@on_template
def clear(request, found):
    return _with_reason(
        request,
        found,
        services.clear_suspension,
        title=_("Let it run at once again?"),
        text=_("What broke until now counts no more against “{name}”.").format(name=found.name),
        yes=_("Lift the suspension"),
        done=_("The suspension is lifted."),
    )


def _with_reason(request, found, service, *, done: str, **question):
    """Ask why on a page of its own; the reason is kept with the event."""
    if not request.actor.has_perm("templates.revoke_template", found):
        raise NotAllowed(perm="templates.revoke_template")
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        service(template_id=found.pk, actor=request.actor, reason=form.cleaned_data["reason"])
        messages.success(request, done)
        return redirect(found)
    asked = {
        "action": request.path,
        "back": found.get_absolute_url(),
        "note_label": _("Reason"),
        "note_name": "reason",
        "note_required": True,
        "note": form["reason"].value() or "",
        "note_error": " ".join(map(str, form.errors.get("reason", []))),
        **question,
    }
    status = 422 if form.errors else 200
    return render(request, "confirm.html", {"question": asked}, status=status)


@require_POST
@on_template
def lift(request, found, block_id: str):
    block = services.lift_block(block_id=block_id, actor=request.actor)
    messages.success(request, _("{who} may run at once again.").format(who=block.user))
    return redirect(found)


@require_http_methods(ASK)
def switches(request):
    """Settings, Instant run: this tenant's own."""
    require_member(request)
    present = queries.switches()
    manages = request.actor.has_perm("templates.change_switches", request.tenant)
    names = ("asks_to_confirm", "clean_runs_needed")
    form = SwitchesForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(present, name) for name in names},
    )
    if request.method == "POST" and form.is_valid():
        services.change_switches(actor=request.actor, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("templates_catalog:switches")
    context = {"form": form, "present": present, "manages": manages}
    status = 422 if form.errors else 200
    return render(request, "templates_catalog/switches.html", context, status=status)


def _initial(found, given) -> dict[str, object]:
    family = found.workflow_type_id.partition(".")[0]
    bounds = given.bounds if given else {"families": [family]}
    return BoundsForm.initial_of(bounds, given.until if given else None)


def _put(form: BoundsForm, refused: Invalid) -> None:
    for name, texts in refused.fields.items():
        place = name.removeprefix("bounds.").split(".")[0]
        form.add_error(place if place in form.fields else None, [str(text) for text in texts])


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0
