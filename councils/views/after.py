"""Running without approval, asked twice over, and the look that is taken at it afterwards."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Conflict, Invalid, NotAllowed, NotFound
from councils import queries, services
from councils.services.after import TEXT_LIMIT
from councils.views.settings import require
from drafts.queries import draft_for, opened

ASK = ["GET", "POST"]


class BreakGlassForm(forms.Form):
    reason = forms.CharField(
        label=_l("Why this cannot wait for a review"),
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    typed_name = forms.CharField(
        label=_l("Type the name of the draft"), max_length=200, widget=forms.TextInput
    )


class AfterForm(forms.Form):
    right = forms.ChoiceField(
        label=_l("Was it right to run it without approval?"),
        choices=[("yes", _l("It was right")), ("no", _l("It was not right"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_l("Why"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 4})
    )


@require_http_methods(ASK)
def break_glass(request, draft_id: str):
    draft = draft_for(request.actor, draft_id)
    if not request.actor.has_perm("drafts.break_glass", draft):
        raise NotAllowed(perm="drafts.break_glass")
    form = BreakGlassForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.break_glass(draft_id=draft_id, actor=request.actor, **form.cleaned_data)
        except Invalid as refused:
            for name, texts in refused.fields.items():
                form.add_error(name if name in form.fields else None, [str(t) for t in texts])
        except Conflict as refused:
            form.add_error(None, str(refused.detail))
        else:
            messages.warning(
                request, _("Approved without a review. Everyone on the council is told.")
            )
            return redirect("drafts:draft", draft_id)
    context = {
        "draft": draft,
        "form": form,
        "waiting": queries.open_after_review_by(request.actor.user_id),
    }
    return render(request, "councils/break_glass.html", context, status=422 if form.errors else 200)


@require_http_methods(ASK)
def after(request, draft_id: str):
    """The page of one break-glass: what it changed, why, and the verdict on it."""
    form = AfterForm(request.POST if request.method == "POST" else None)
    done = False
    with opened(request.actor, draft_id) as draft:
        found = queries.after_review_of(draft)
        if found is None:
            raise NotFound
        if form.is_bound and form.is_valid():
            done = _close(request, found, form)
        context = {
            "draft": draft,
            "after": found,
            "form": form,
            "may_close": request.actor.has_perm("councils.close_after_review", found)
            and found.state == "open",
            "is_guest": draft.tenant_id != request.actor.tenant_id,
            "names": sorted(queries.names(found.reviewer_ids).values()),
        }
        body = "" if done else render_to_string("councils/after_body.html", context, request)
        name = draft.name
    if done:
        messages.success(request, _("Your verdict is recorded, and everyone is told."))
        return redirect(reverse("councils:after", args=[draft_id]))
    page = {"body": body, "draft_name": name}
    return render(request, "councils/after.html", page, status=422 if form.errors else 200)


@require_GET
def after_reviews(request):
    require(request, "councils.view_councils")
    shown = queries.after_reviews().order_by("-opened_at")[:100]
    return render(request, "councils/after_reviews.html", {"found": list(shown)})


def _close(request, found, form) -> bool:
    try:
        services.close_after_review(
            after_id=found.pk,
            right=form.cleaned_data["right"] == "yes",
            text=form.cleaned_data["text"],
            actor=request.actor,
        )
    except Invalid as refused:
        form.add_error("text", [str(t) for texts in refused.fields.values() for t in texts])
        return False
    return True
