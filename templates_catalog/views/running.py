"""From a template to a draft, and, where a council has said yes, from a click to a run."""

from datetime import datetime

from django.contrib import messages
from django.core import signing
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.api import limits
from core.errors import Invalid, NotFound
from core.ids import new_id
from drafts.queries import draft_for
from templates_catalog import queries, services, showing
from templates_catalog.forms import ask_form
from templates_catalog.opening import on_template
from templates_catalog.services.allowing import breaches_of, require_allowed
from templates_catalog.services.instant import Instant
from templates_catalog.views import panels
from workflows.restraints import freeze_at

SINCE, HOUR = "templates.clicked", 3600
LONGEST_TOKEN, A_MINUTE = 64, 20


@require_POST
@on_template
def use(request, found):
    """A draft that starts from it, in the editor; sent twice, the same draft."""
    draft, _template = services.use_template(
        template_id=found.pk, actor=request.actor, token=_token(request)
    )
    return redirect("drafts:draft", draft.pk)


@require_http_methods(["GET", "POST"])
@on_template
def instant(request, found):
    """Ask for what is missing, and nothing else; then plan, and run where no question is asked."""
    version = queries.version_in_force(found)
    form = ask_form(
        version,
        data=request.POST if request.method == "POST" else None,
        tenant_id=request.actor.tenant_id,
        currency=panels.currency_of(request),
    )
    if request.method == "GET":
        require_allowed(found, request.actor)
        return _ask(request, found, version, form)
    _slow_down(request)
    try:
        ran = services.instant_run(
            template_id=found.pk,
            actor=request.actor,
            inputs=form.to_inputs(),
            token=_token(request),
            confirmed=not queries.asks_to_confirm(),
            clicked_at=_clicked_at(request),
        )
    except Invalid as refused:
        form.add_errors(refused.fields)
        if not form.wrong_fields and not form.non_field_errors:
            raise
        return _ask(request, found, version, form, status=422)
    return _answer(request, ran)


@require_GET
@on_template
def ready(request, found, draft_id: str):
    """The effect, the bounds, and one button."""
    draft = draft_for(request.actor, draft_id)
    if draft.created_from_template_id != found.pk:
        raise NotFound
    if not draft.is_editing or draft.plan is None:
        return redirect(draft.converted_to_workflow or draft)
    version, given = require_allowed(found, request.actor)
    context = {
        "template": found,
        "draft": draft,
        "given": given,
        "bounds": showing.bounds_words(
            given.bounds, found.workflow_type_id, panels.currency_of(request)
        ),
        "outside": breaches_of(draft, given),
        "version": version,
        "frozen": freeze_at(draft.tenant_id, draft.workflow_type_id),
        **panels.plan_rows(request, draft.plan, most=20),
    }
    return render(request, "templates_catalog/ready.html", context)


@require_POST
@on_template
def confirm(request, found, draft_id: str):
    ran = services.confirm_instant_run(
        draft_id=draft_id, actor=request.actor, seen=request.POST.get("seen") or "nothing"
    )
    return _answer(request, ran)


def _answer(request, ran: Instant):
    if ran.workflow is not None:
        return redirect(ran.workflow)
    if ran.outside:
        text = _("It left the bounds of its approval in advance, so it went to review: {why}")
        messages.warning(request, text.format(why=" ".join(ran.outside)))
        return redirect("drafts:draft", ran.draft.pk)
    if ran.moved:
        messages.warning(
            request, _("The shop moved since you looked. This is what it would do now.")
        )
    return redirect("templates_catalog:ready", ran.template.pk, ran.draft.pk)


def _ask(request, found, version, form, status: int = 200):
    context = {
        "template": found,
        "version": version,
        "form": form,
        "token": _token(request) or new_id("click"),
        "since": request.POST.get("since") or signing.dumps(timezone.now().isoformat(), salt=SINCE),
        "asks_to_confirm": queries.asks_to_confirm(),
    }
    return render(request, "templates_catalog/instant.html", context, status=status)


def _slow_down(request) -> None:
    """Each click plans; a person needs no more of them in a minute."""
    allowance = limits.take(f"instant-run:{request.actor.id}", limit=A_MINUTE)
    if allowance.is_used_up:
        raise allowance.refusal()


def _clicked_at(request) -> datetime:
    """When the button was pressed: before the questions, if there were any."""
    try:
        told = signing.loads(request.POST.get("since", ""), salt=SINCE, max_age=HOUR)
        return datetime.fromisoformat(told)
    except (signing.BadSignature, ValueError):
        return timezone.now()


def _token(request) -> str:
    return request.POST.get("token", "")[:LONGEST_TOKEN]
