"""Making a template, changing one, and making one of a draft or a run that went well."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Conflict, Invalid, NotAllowed
from councils.queries import councils
from templates_catalog import queries, services
from templates_catalog.forms import ASK, ASKING, OFFER, TemplateForm, blueprint_form
from templates_catalog.opening import on_template, require_member
from templates_catalog.services.saving import source_of
from templates_catalog.views import panels
from workflows.types import registry

METHODS = ["GET", "POST"]


@require_http_methods(METHODS)
def new(request):
    """From nothing (``?type=``), from a draft (``?draft=``) or from a run (``?run=``)."""
    require_member(request)
    if not request.actor.has_perm("templates.create_template"):
        raise NotAllowed(perm="templates.create_template")
    asked = request.GET
    if asked.get("draft") or asked.get("run"):
        return _from_source(request, asked.get("draft", ""), asked.get("run", ""))
    kind = registry.find(asked.get("type", ""))
    if kind is None:
        types = sorted(registry.all(), key=lambda one: (one.family, str(one.title)))
        return render(request, "templates_catalog/choose.html", {"types": types})
    facts, inputs = _forms(request, kind.id, {}, {}, {})
    if _is_sent(request, facts):
        made = _attempt(
            facts,
            inputs,
            services.create_template,
            tenant_id=request.actor.tenant_id,
            actor=request.actor,
            workflow_type_id=kind.id,
        )
        if made is not None:
            return _made(request, made)
    return _page(request, facts, inputs, kind=kind, title=_("New template"))


def _from_source(request, draft_id: str, workflow_id: str):
    source = source_of(actor=request.actor, draft_id=draft_id, workflow_id=workflow_id)
    initial = {"name": source.name, "description": source.purpose}
    kind = registry.get(source.workflow_type_id)
    facts, inputs = _forms(request, kind.id, initial, source.inputs, {})
    if _is_sent(request, facts):
        made = _attempt(
            facts,
            inputs,
            services.save_as_template,
            actor=request.actor,
            draft_id=draft_id,
            workflow_id=workflow_id,
            required=inputs.chosen(ASK),
            optional=inputs.chosen(OFFER),
        )
        if made is not None:
            return _made(request, made)
    title = _("Save as template")
    return _page(request, facts, inputs, kind=kind, title=title, source=source)


@require_http_methods(METHODS)
@on_template
def edit(request, found):
    if not found.tenant_id or not request.actor.has_perm("templates.change_template", found):
        raise NotAllowed(_("Shared templates are kept by the platform. Change a copy of it."))
    version = queries.version_in_force(found)
    kind = registry.get(found.workflow_type_id)
    asking = dict.fromkeys(version.optional_fields, OFFER)
    asking |= dict.fromkeys(version.required_fields, ASK)
    facts, inputs = _forms(request, kind.id, _said(found, version), version.default_inputs, asking)
    if _is_sent(request, facts):
        sent = request.POST.get("version", "")
        made = _attempt(
            facts,
            inputs,
            services.update_template,
            actor=request.actor,
            template_id=found.pk,
            version_number=int(sent) if sent.isdigit() else 0,
        )
        if made is not None:
            return _made(request, made, was=version.number)
    title = _("Change {name}").format(name=found.name)
    given = queries.standing(version)
    return _page(
        request, facts, inputs, kind=kind, title=title, template=found, version=version, given=given
    )


@require_http_methods(METHODS)
@on_template
def retire(request, found):
    reason = request.POST.get("reason", "").strip()
    if request.method == "POST" and reason:
        services.retire_template(template_id=found.pk, reason=reason, actor=request.actor)
        messages.success(request, _("“{name}” is retired.").format(name=found.name))
        return redirect("templates_catalog:catalog")
    if not found.tenant_id or not request.actor.has_perm("templates.change_template", found):
        raise NotAllowed(perm="templates.change_template")
    question = {
        "action": request.path,
        "back": found.get_absolute_url(),
        "title": _("Retire this template?"),
        "text": _("“{name}” leaves the catalog. Drafts and runs that came from it stay.").format(
            name=found.name
        ),
        "yes": _("Retire"),
        "danger": True,
        "note_label": _("Reason"),
        "note_name": "reason",
        "note_required": True,
        "note_error": _("Say why it is retired.") if request.method == "POST" else "",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "confirm.html", {"question": question}, status=status)


def _forms(request, type_id: str, initial: dict, defaults, asking: dict):
    data = request.POST if request.method == "POST" else None
    facts = TemplateForm(data, initial=initial, councils=councils().filter(is_active=True))
    inputs = blueprint_form(
        type_id,
        defaults,
        asking,
        data=data,
        tenant_id=request.actor.tenant_id,
        currency=panels.currency_of(request),
    )
    return facts, inputs


def _is_sent(request, facts: TemplateForm) -> bool:
    return request.method == "POST" and facts.is_valid()


def _attempt(facts: TemplateForm, inputs, service, **more):
    """What the service made of it, or nothing: then its errors stand beside their fields."""
    given = {**facts.facts(), "default_inputs": inputs.defaults()}
    if "required" not in more:
        given["required_fields"] = inputs.chosen(ASK)
        given["optional_fields"] = inputs.chosen(OFFER)
    try:
        return service(**given, **more)
    except Invalid as refused:
        _put(facts, inputs, refused)
    except Conflict as refused:
        facts.add_error(None, str(refused.detail))
    return None


def _put(facts: TemplateForm, inputs, refused: Invalid) -> None:
    for name, texts in refused.fields.items():
        if name.startswith("default_inputs"):
            inputs.add_errors({name.replace("default_inputs", "inputs", 1): texts})
        else:
            facts.add_error(name if name in facts.fields else None, [str(one) for one in texts])


def _made(request, made, was: int = 0):
    if was and made.version == was:
        messages.success(request, _("Saved."))
    elif was:
        text = _("Saved as version {number}. A new version has to be approved in advance anew.")
        messages.success(request, text.format(number=made.version))
    else:
        messages.success(request, _("The template is made."))
    return redirect(made)


def _page(request, facts, inputs, *, title: str, **more):
    refused = request.method == "POST"
    context = {"facts": facts, "inputs": inputs, "title": title, "ways": ASKING, **more}
    status = 422 if refused else 200
    return render(request, "templates_catalog/edit.html", context, status=status)


def _said(found, version) -> dict[str, object]:
    return {
        "name": found.name,
        "description": found.description,
        "category": found.category,
        "tags": ", ".join(found.tags),
        "council_id": found.council_id or "",
        "approved_copy_blocks": "\n\n".join(version.approved_copy_blocks),
    }
