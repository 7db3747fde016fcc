"""The button that carries an approval over, and the page where a tenant allows that."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Invalid, NotAllowed
from core.htmx import render_page
from drafts import queries, services
from drafts.models import Tolerance


@require_POST
def carry_over(request, draft_id: str):
    services.approve_by_carry_over(draft_id=draft_id, actor=request.actor)
    messages.success(request, _("The approval was carried over; those who gave it are told."))
    return redirect("drafts:draft", draft_id)


class ToleranceForm(forms.ModelForm):
    class Meta:
        model = Tolerance
        fields = ["is_on", "is_automatic", "items_percent", "value_percent", "money_percent"]
        labels = {
            "is_on": gettext_lazy("Carry approvals over to a new plan that is nearly the same"),
            "is_automatic": gettext_lazy("Do it with the preview, without a click"),
            "items_percent": gettext_lazy("Number of changes, at most this % off"),
            "value_percent": gettext_lazy("Amounts moved, at most this % off"),
            "money_percent": gettext_lazy("Money at risk, at most this % off"),
        }


@require_http_methods(["GET", "POST"])
def tolerance(request):
    held = queries.tolerance() if request.actor.tenant_id else None
    if held is None or not request.actor.has_perm("drafts.set_tolerance", held):
        raise NotAllowed(perm="drafts.set_tolerance")
    form = ToleranceForm(request.POST if request.method == "POST" else None, instance=held)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_tolerance(
                tenant_id=request.actor.tenant_id, actor=request.actor, **form.cleaned_data
            )
        except Invalid as refused:
            for name, texts in refused.fields.items():
                form.add_error(name if name in form.fields else None, [str(t) for t in texts])
        else:
            messages.success(request, _("Saved."))
            return redirect("drafts:tolerance")
    status = 422 if form.is_bound and form.errors else 200
    return render_page(request, "drafts/tolerance.html", {"form": form}, status=status)
