"""Comments and shares."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.api.listing import after_cursor, cursor_of
from core.errors import Invalid, NotAllowed
from core.htmx import partial_or_redirect
from drafts import queries, services
from drafts.forms import ShareForm
from drafts.views import panels
from tenants.queries import members
from workflows import presentation

SIZE = 50


@require_POST
def comment(request, draft_id: str):
    said = request.POST
    change = said.get("planned_change_id", "")
    try:
        services.comment(
            draft_id=draft_id,
            actor=request.actor,
            text=said.get("text", ""),
            field=said.get("field", ""),
            planned_change_id=int(change) if change.isdigit() else None,
            parent_id=said.get("parent_id") or None,
        )
    except Invalid as refused:
        messages.warning(request, " ".join(str(t) for ts in refused.fields.values() for t in ts))
    return _thread(request, draft_id)


@require_POST
def resolve(request, draft_id: str, comment_id: str):
    services.resolve_comment(draft_id=draft_id, comment_id=comment_id, actor=request.actor)
    return _thread(request, draft_id)


@require_POST
def reopen_comment(request, draft_id: str, comment_id: str):
    services.reopen_comment(draft_id=draft_id, comment_id=comment_id, actor=request.actor)
    return _thread(request, draft_id)


def _thread(request, draft_id: str):
    draft = queries.draft_for(request.actor, draft_id)
    context = {
        "draft": draft,
        "comments": panels.threads(list(queries.comments(draft))),
        "moves": services.may(draft, actor=request.actor),
        "fields": panels.commentable_fields(draft),
    }
    return partial_or_redirect(request, "drafts/draft.html#thread", context, to=draft)


@require_http_methods(["GET", "POST"])
def share(request, draft_id: str):
    draft = queries.draft_for(request.actor, draft_id)
    if not request.actor.has_perm("drafts.share_draft", draft):
        raise NotAllowed(perm="drafts.share_draft")
    others = members(draft.tenant_id).exclude(user_id__in=[draft.created_by_id])
    form = ShareForm(request.POST if request.method == "POST" else None, members=others)
    if request.method == "POST" and form.is_valid():
        try:
            services.share_draft(draft_id=draft_id, actor=request.actor, **form.cleaned_data)
        except Invalid as refused:
            for name, texts in refused.fields.items():
                form.add_error(name, [str(text) for text in texts])
        else:
            messages.success(request, _("Shared."))
            return redirect("drafts:share", draft_id)
    shares = draft.shares.select_related("user").order_by("user__name")
    context = {"draft": draft, "form": form, "shares": shares}
    return render(request, "drafts/share.html", context, status=422 if form.errors else 200)


@require_POST
def unshare(request, draft_id: str, user_id: str):
    services.unshare_draft(draft_id=draft_id, user_id=user_id, actor=request.actor)
    messages.success(request, _("No longer shared with them."))
    return redirect("drafts:share", draft_id)


@require_GET
def changes(request, draft_id: str):
    """All planned changes, a page at a time, with the plan's own groups as filters."""
    draft = queries.draft_for(request.actor, draft_id)
    asked = request.GET
    group, text = asked.get("group", ""), asked.get("q", "")
    rows, total = queries.changes_of(draft, group=group, text=text)
    cursor = asked.get("cursor", "")
    page = after_cursor(rows, ("position",), cursor) if cursor else rows
    found = list(page.order_by("position")[: SIZE + 1])
    columns = presentation.columns_of(found[:SIZE])
    currency = panels.currency_of(request)
    context = {
        "draft": draft,
        "plan": draft.plan,
        "changes": [presentation.shown(row, currency, columns) for row in found[:SIZE]],
        "columns": columns,
        "group": group,
        "text": text,
        "total": total() if total else rows.count(),
        "next": cursor_of(found[SIZE - 1], ("position",)) if len(found) > SIZE else "",
    }
    return render(request, "drafts/changes.html", context)
