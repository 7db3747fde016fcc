"""The library: what other shops offer, copies and their updates, templates as files."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Conflict, Invalid, NotFound
from templates_catalog import files, queries, services
from templates_catalog.differences import differences
from templates_catalog.opening import on_template, require_member


@require_GET
def library(request):
    """Everything published, with what this shop has of it and how it went elsewhere."""
    return _library(request)


@require_POST
def install(request, template_id: str):
    require_member(request)
    made = services.install_template(template_id=template_id, actor=request.actor)
    messages.success(request, _("A copy of “{name}” is in your catalog.").format(name=made.name))
    return redirect(made)


@require_POST
@on_template
def offer(request, found):
    services.offer_template(template_id=found.pk, actor=request.actor)
    messages.success(request, _("Offered. The platform's staff look at it before others see it."))
    return redirect(found)


@require_POST
@on_template
def withdraw_offer(request, found):
    services.withdraw_offer(template_id=found.pk, actor=request.actor)
    messages.success(request, _("It is not offered any more."))
    return redirect(found)


@require_http_methods(["GET", "POST"])
@on_template
def update(request, found):
    """What the newer version of the origin says otherwise, to take over or to leave."""
    if request.method == "POST":
        sent = request.POST.get("to_version", "")
        services.accept_update(
            template_id=found.pk,
            to_version=int(sent) if sent.isdigit() else 0,
            actor=request.actor,
        )
        messages.success(request, _("The update is taken over as a new version."))
        return redirect(found)
    pair = queries.update_of(found)
    if pair is None:
        raise Conflict(_("There is no newer version of it."))
    version = queries.version_in_force(found)
    context = {
        "template": found,
        "version": version,
        "newer": pair[1],
        "theirs": differences(*pair, request.actor.tenant_id),
        "whole": differences(version, pair[1], request.actor.tenant_id),
        "given": queries.standing(version),
        "may_change": request.actor.has_perm("templates.change_template", found),
    }
    return render(request, "templates_catalog/update.html", context)


@require_GET
@on_template
def export(request, found):
    document = files.sealed(services.exported(template_id=found.pk, actor=request.actor))
    name = slugify(found.name) or "template"
    body = json.dumps(document, ensure_ascii=False, indent=2)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.template.json"'
    return response


@require_POST
def import_file(request):
    """A file somebody exported: taken as it is, or refused in words."""
    require_member(request)
    sent = request.FILES.get("file")
    try:
        if sent is None:
            raise Invalid({"file": [_("Choose a file.")]})
        opened = files.opened(sent.read(files.LARGEST + 1))
        made = services.import_template(
            facts=opened.facts, signer=opened.signer, known=opened.is_known, actor=request.actor
        )
    except Invalid as refused:
        said = [str(text) for texts in refused.fields.values() for text in texts]
        return _library(request, wrong=said, status=422)
    messages.success(request, _("“{name}” is in your catalog.").format(name=made.name))
    return redirect(made)


def _library(request, *, wrong: list[str] | None = None, status: int = 200):
    require_member(request)
    entries = list(queries.library())
    versions, results = queries.versions_of(entries), queries.results([e.pk for e in entries])
    tenant = request.tenant
    if tenant is None:
        raise NotFound
    context = {
        "entries": [(one, versions[one.pk], results.get(one.pk)) for one in entries],
        "may_install": request.actor.has_perm("templates.install_template", tenant),
        "may_import": request.actor.has_perm("templates.import_template", tenant),
        "wrong": wrong or [],
    }
    return render(request, "templates_catalog/library.html", context, status=status)
