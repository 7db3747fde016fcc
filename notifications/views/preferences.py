"""Settings, Notifications: what comes to the inbox, what by mail, and when the digest comes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.requests import Request
from notifications import queries, services
from notifications.forms import PreferencesForm


@require_http_methods(["GET", "POST"])
def preferences(request: Request) -> HttpResponse:
    user_id = request.actor.user_id
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        wishes=queries.preferences(user_id),
        digest=queries.digest_time(user_id),
    )
    if form.is_valid():
        services.set_preferences(actor=request.actor, wishes=form.wishes())
        services.set_digest_time(
            actor=request.actor,
            hour=form.cleaned_data["hour"],
            timezone=form.cleaned_data["timezone"],
        )
        messages.success(request, _("Saved."))
        return redirect("notifications:preferences")
    context = {"form": form, "address": request.actor.user.email}
    status = 422 if form.errors else 200
    return render(request, "notifications/preferences.html", context, status=status)
