"""The draft's page: write, see what it would do, save."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Conflict, Invalid, NotAllowed
from core.htmx import render_page, wants_fragment
from drafts import queries, services
from drafts.forms import EditorForm, NewDraftForm
from drafts.views import panels
from workflows.queries import TypeRecord, type_records
from workflows.types import registry

PAGE = "drafts/draft.html"


@require_http_methods(["GET", "POST"])
def new(request):
    types = sorted(registry.all(), key=lambda kind: (kind.family, str(kind.title)))
    if not request.actor.tenant_id:
        raise NotAllowed(perm="drafts.create_draft")
    form = NewDraftForm(
        request.POST if request.method == "POST" else None,
        types=types,
        initial={"workflow_type_id": request.GET.get("type")},
    )
    if request.method == "POST" and form.is_valid():
        draft = services.create_draft(
            tenant_id=request.actor.tenant_id, actor=request.actor, **form.cleaned_data
        )
        return redirect("drafts:draft", draft.pk)
    status = 422 if form.is_bound else 200
    chosen = form["workflow_type_id"].value() or (types[0].id if types else "")
    records = type_records()
    shown = [(kind, records.get(kind.id, TypeRecord())) for kind in types]
    context = {"form": form, "types": shown, "chosen": chosen}
    return render_page(request, "drafts/new.html", context, status=status)


@require_GET
def draft(request, draft_id: str):
    found = queries.draft_for(request.actor, draft_id)
    return render_page(request, PAGE, panels.editor_page(request, found))


@require_POST
def save(request, draft_id: str):
    """Autosave and the Save button alike. A newer version of somebody else is answered with both
    texts, and refused values with the form as it was filled in: nothing typed is lost."""
    found = queries.draft_for(request.actor, draft_id)
    form = EditorForm(found, request.POST, currency=panels.currency_of(request))
    before = found.plan_id
    try:
        saved = services.edit_draft(
            draft_id=draft_id, actor=request.actor, version=form.version, **form.written()
        )
    except Conflict as conflict:
        if "theirs" not in conflict.extra:
            raise
        return _conflict(request, form, conflict)
    except Invalid as refused:
        form.add_errors(refused.fields)
        return _refused(request, form)
    return _saved(request, saved, inputs_changed=before is not None and saved.plan_id is None)


@require_POST
def preview(request, draft_id: str):
    """Make the preview, for the panel (htmx) or the page."""
    try:
        services.preview_draft(draft_id=draft_id, actor=request.actor)
    except Invalid as refused:
        found = queries.draft_for(request.actor, draft_id)
        context = panels.preview_panel(request, found, problem=refused)
        if wants_fragment(request):
            return render(request, f"{PAGE}#preview", context)
        messages.warning(request, str(context["missing"]))
        return redirect("drafts:draft", draft_id)
    if wants_fragment(request):
        return preview_panel(request, draft_id)
    return redirect("drafts:draft", draft_id)


def preview_panel(request, draft_id: str):
    """The panel alone; asked for while a worker makes a large preview."""
    found = queries.draft_for(request.actor, draft_id)
    return render(request, f"{PAGE}#preview", panels.preview_panel(request, found))


def _saved(request, draft, *, inputs_changed: bool) -> HttpResponse:
    if not wants_fragment(request):
        if request.POST.get("then") == "submit":
            return redirect("councils:submit", draft.pk)
        if request.POST.get("then") == "preview":
            return preview(request, draft.pk)
        messages.success(request, _("Saved."))
        return redirect("drafts:draft", draft.pk)
    response = render(
        request, f"{PAGE}#saved", {"draft": draft, "form": EditorForm(draft), "just_saved": True}
    )
    if draft.plan_id is None:
        response["HX-Trigger"] = "codex:inputs-saved"
    return response


def _conflict(request, form: EditorForm, conflict: Conflict) -> HttpResponse:
    context = {
        "draft": form.draft,
        "form": form,
        "conflict": conflict.extra,
        "conflict_detail": conflict.detail,
        "rows": _both_texts(form, conflict),
    }
    if wants_fragment(request):
        response = render(request, f"{PAGE}#conflict", context, status=409)
        response["HX-Retarget"] = "#conflict"
        response["HX-Reswap"] = "outerHTML show:#conflict:top"
        return response
    return render(
        request, PAGE, panels.editor_page(request, form.draft, form) | context, status=409
    )


def _refused(request, form: EditorForm) -> HttpResponse:
    context = panels.editor_page(request, form.draft, form)
    if wants_fragment(request):
        response = render(request, f"{PAGE}#fields", context, status=422)
        response["HX-Retarget"] = "#fields"
        return response
    return render(request, PAGE, context, status=422)


def _both_texts(form: EditorForm, conflict: Conflict) -> list[dict[str, object]]:
    """Field by field, what stands there now and what the reader wrote; inputs by their titles."""
    theirs, mine = conflict.extra["theirs"], conflict.extra["mine"]
    rows = []
    for field in theirs:
        if field == "inputs":
            rows += _input_rows(form, theirs["inputs"], mine["inputs"])
        else:
            title = _("Name") if field == "name" else _("Purpose")
            rows.append({"title": title, "theirs": theirs[field], "mine": mine[field]})
    return rows


def _input_rows(form: EditorForm, theirs: dict, mine: dict) -> list[dict[str, object]]:
    model = form.inputs.model.model_fields
    return [
        {
            "title": (model[name].title if name in model else "") or name,
            "theirs": _said(theirs.get(name)),
            "mine": _said(mine.get(name)),
        }
        for name in dict.fromkeys([*theirs, *mine])
        if theirs.get(name) != mine.get(name)
    ]


def _said(value: object) -> str:
    if value is None or value == "":
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
