"""The catalog and one template's page."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core.errors import Invalid
from core.htmx import render_page, wants_fragment
from templates_catalog import queries, services, showing
from templates_catalog.opening import on_template, require_member
from templates_catalog.services.allowing import why_not_at_once
from templates_catalog.states import Category
from templates_catalog.views import panels
from workflows.restraints import coming_freezes_of

SIZE, SOON = 60, 7
SHOWN = {"instant": {"is_pre_approved": True}, "ours": {"tenant__isnull": False}}
SHOWN["shared"] = {"tenant__isnull": True}


@require_GET
def catalog(request):
    """Filters, search, sorting and pages are all in the address, so that it can be shared."""
    require_member(request)
    asked = request.GET
    sort, show, category = _asked(asked)
    found = queries.searched(queries.catalog(), asked.get("q", ""))
    if category:
        found = found.filter(category=category)
    counts = queries.catalog_counts(found)
    rows = found.filter(**SHOWN[show]) if show else found
    page = Paginator(queries.shelved(rows, sort), SIZE).get_page(asked.get("page"))
    context = {
        "shelves": showing.shelves(list(page), request.actor),
        "page": page,
        "filters": _filters(asked, counts, show),
        "categories": Category.choices,
        "sorts": [("used", _("Most used")), ("recent", _("Latest")), ("best", _("Went best"))],
        "sort": sort,
        "show": show,
        "asked": asked,
        "is_filtered": any(asked.get(name) for name in ("q", "show", "category")),
        "may_create": request.actor.has_perm("templates.create_template"),
        "sits": bool(request.actor.council_ids),
        "blocked": queries.block_of(request.actor.user_id),
        "freezes": coming_freezes_of(request.actor.tenant_id, days=SOON)[:1],
    }
    return render_page(request, "templates_catalog/catalog.html", context, partial="results")


def _asked(asked) -> tuple[str, str, str]:
    sort, show = asked.get("sort") or "used", asked.get("show", "")
    category = asked.get("category", "")
    wrong = {
        "sort": sort not in queries.SORTS,
        "show": bool(show) and show not in SHOWN,
        "category": bool(category) and category not in Category.values,
    }
    if any(wrong.values()):
        raise Invalid({name: [_("There is no such choice.")] for name, bad in wrong.items() if bad})
    return sort, show, category


def _filters(asked, counts: dict[str, int], show: str) -> list[dict[str, object]]:
    kept = {name: asked[name] for name in ("q", "category", "sort") if asked.get(name)}
    labels = {
        "all": _("All"),
        "instant": _("Pre-approved"),
        "ours": _("Ours"),
        "shared": _("Shared with all shops"),
    }
    return [
        {
            "href": "?" + urlencode({**kept, "show": name} if name != "all" else kept),
            "label": label,
            "count": counts[name],
            "current": show == name or (name == "all" and not show),
        }
        for name, label in labels.items()
    ]


@require_GET
@on_template
def template(request, found):
    context = panels.detail(request, found) | {
        "why_not": why_not_at_once(found, request.actor),
    }
    return render(request, "templates_catalog/detail.html", context)


@require_POST
@on_template
def sample(request, found):
    """Work out what it would do here; the panel to htmx, the page otherwise."""
    shown = services.show_sample(template_id=found.pk, actor=request.actor)
    if not wants_fragment(request):
        return redirect(found)
    context = {"template": found, **panels.sample_panel(request, found, shown)}
    return render(request, "templates_catalog/detail.html#sample", context)
