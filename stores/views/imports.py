"""Bringing a file in: send, look, confirm, and see what became of it. Works without JavaScript."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.api.listing import after_cursor, cursor_of
from core.errors import Invalid, NotAllowed
from core.htmx import render_page
from core.requests import Request
from stores import queries, services
from stores.document import said
from stores.downloads import refusals_response
from stores.forms import MappingForm, UploadForm
from stores.models import ImportRun
from stores.opening import may_import, on_import, shop_of
from stores.states import ImportState

SIZE = 25
NEWEST = ("-created_at", "-id")
SHOWN = 20


@require_http_methods(["GET", "POST"])
def imports(request: Request) -> HttpResponse:
    shop = shop_of(request)
    if request.method == "POST":
        return _receive(request)
    rows, cursor = queries.imports(shop.tenant_id), request.GET.get("cursor", "")
    page = after_cursor(rows, NEWEST, cursor) if cursor else rows
    found = list(page.order_by(*NEWEST)[: SIZE + 1])
    context = {
        "imports": found[:SIZE],
        "next": cursor_of(found[SIZE - 1], NEWEST) if len(found) > SIZE else "",
        "total": rows.count(),
    }
    return _page_of_imports(request, UploadForm(), context)


def _receive(request: Request) -> HttpResponse:
    if not may_import(request):
        raise NotAllowed(perm="stores.import_data")
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            run = services.receive_upload(
                tenant_id=request.actor.tenant_id,
                file=upload,
                filename=upload.name,
                kind=form.cleaned_data["kind"],
                actor=request.actor,
            )
            return redirect("stores:import", run.pk)
        except Invalid as error:
            form.add_error("file", said(error))
    rows = queries.imports(request.actor.tenant_id)
    context = {"imports": rows[:SIZE], "next": "", "total": rows.count()}
    return _page_of_imports(request, form, context, status=422)


def _page_of_imports(
    request: Request, form: UploadForm, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    context |= {"form": form, "may_import": may_import(request)}
    return render(request, "stores/imports.html", context, status=status)


@require_GET
@on_import
def run(request: Request, found: ImportRun) -> HttpResponse:
    return _page_of_run(request, found)


def _page_of_run(
    request: Request, found: ImportRun, form: MappingForm | None = None, *, status: int = 200
) -> HttpResponse:
    context = {
        "run": found,
        "preview": found.preview,
        "progress": queries.import_progress(found) if found.is_open else None,
        "refusals": queries.refusals(found.tenant_id, found.pk)[:SHOWN],
        "counts": _counts(found),
        "form": form or MappingForm(found),
        "may_import": may_import(request),
        "is_waiting": found.status == ImportState.PREVIEWED,
    }
    return render_page(request, "stores/import.html", context, status=status, partial="status")


@require_POST
@on_import
def look(request: Request, found: ImportRun) -> HttpResponse:
    """Other columns: the same page with what they would give."""
    form = MappingForm(found, request.POST)
    if form.is_valid():
        try:
            services.choose_mapping(run_id=found.pk, actor=request.actor, mapping=form.mapping)
            return redirect("stores:import", found.pk)
        except Invalid as error:
            form.add_error(None, said(error))
    return _page_of_run(request, found, form, status=422)


@require_POST
@on_import
def confirm(request: Request, found: ImportRun) -> HttpResponse:
    services.confirm_import(run_id=found.pk, actor=request.actor)
    return redirect("stores:import", found.pk)


@require_POST
@on_import
def discard(request: Request, found: ImportRun) -> HttpResponse:
    services.discard_import(run_id=found.pk, actor=request.actor)
    messages.success(request, _("The file was thrown away. Nothing was imported."))
    return redirect("stores:imports")


@require_GET
@on_import
def refusals(request: Request, found: ImportRun) -> HttpResponseBase:
    return refusals_response(found)


# What a result counts → its words, in this order.
COUNTED = (
    ("products_created", gettext_lazy("Products new")),
    ("products_updated", gettext_lazy("Products changed")),
    ("variants_created", gettext_lazy("Variants new")),
    ("variants_updated", gettext_lazy("Variants changed")),
    ("images_created", gettext_lazy("Pictures new")),
    ("orders_created", gettext_lazy("Orders new")),
    ("orders_updated", gettext_lazy("Orders changed")),
    ("lines_created", gettext_lazy("Order lines new")),
    ("lines_updated", gettext_lazy("Order lines changed")),
    ("lines_unchanged", gettext_lazy("Order lines as before")),
)


def _counts(found: ImportRun) -> list[dict[str, object]]:
    counts = found.result.get("counts", {})
    return [{"label": label, "value": counts[name]} for name, label in COUNTED if counts.get(name)]
