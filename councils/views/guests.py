"""Guests from outside: asking them in, and the page their link opens."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Conflict, DomainError, IllegalMove, Invalid, NotAllowed
from councils import queries, services
from councils.forms import AdviceForm, GuestForm
from councils.services.guests import GuestLinkOver
from councils.views.decision import decision_page
from drafts.models import Draft
from drafts.queries import draft_for
from tenants.queries import tenant


@require_http_methods(["GET", "POST"])
def guests(request, draft_id: str) -> HttpResponse:
    """Whom one asked, what they said, and a form to ask one more."""
    draft = draft_for(request.actor, draft_id)
    if not request.actor.has_perm("councils.invite_guest", draft):
        raise NotAllowed(perm="councils.invite_guest")
    form = GuestForm(request.POST if request.method == "POST" else None)
    problem: DomainError | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.invite_guest(draft_id=draft_id, actor=request.actor, **form.cleaned_data)
        except Invalid as refused:
            for name, texts in refused.fields.items():
                form.add_error(name, [str(text) for text in texts])
        except (Conflict, IllegalMove) as refused:
            problem = refused
        else:
            messages.success(request, _("The link is on its way to them."))
            return redirect("councils:guests", draft_id)
    context = {
        "draft": draft,
        "form": form,
        "guests": list(queries.guests(draft)),
        "problem": problem,
    }
    status = problem.status if problem else (422 if form.errors else 200)
    return render(request, "councils/guests.html", context, status=status)


@require_POST
def revoke(request, draft_id: str, guest_id: str) -> HttpResponse:
    services.revoke_guest(draft_id=draft_id, guest_id=guest_id, actor=request.actor)
    messages.success(request, _("Their link opens nothing any more."))
    return redirect("councils:guests", draft_id)


@never_cache
@require_http_methods(["GET", "POST"])
def guest_review(request, token: str) -> HttpResponse:
    """GET shows the draft and decides nothing; POST gives advice, once a revision."""
    try:
        if request.method == "POST":
            return _advise(request, token)
        return _page(request, token)
    except GuestLinkOver as over:
        response = render(request, "councils/guest_over.html", status=over.status)
    return _unlisted(response)


def _advise(request, token: str) -> HttpResponse:
    form = AdviceForm(request.POST)
    if not form.is_valid():
        return _page(request, token, form=form, status=422)
    try:
        services.give_advice(token=token, **form.cleaned_data)
    except Invalid as refused:
        for name, texts in refused.fields.items():
            form.add_error(name, [str(text) for text in texts])
        return _page(request, token, form=form, status=422)
    except (Conflict, IllegalMove) as refused:
        return _page(request, token, form=form, problem=refused, status=refused.status)
    return redirect(f"{reverse('guest_review', args=[token])}?said=1")


def _page(
    request,
    token: str,
    *,
    form: AdviceForm | None = None,
    problem: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    """Rendered inside the link's scope, which shows this draft and nothing else of the shop."""
    with services.guest_reading(token) as (reader, draft):
        request.actor = reader
        shop = tenant(draft.tenant_id)
        with timezone.override(_zone(shop.timezone)):
            context = decision_page(request, draft, problem=None, text="")
            context |= {
                "guest": reader.guest,
                "shop": shop,
                "said": next(iter(_said_by(draft, reader.guest, context["round"])), None),
                "form": form or AdviceForm(initial=_read_now(context["round"])),
                "problem": problem,
                "is_guest": True,
                "events": [],
                "people": [],
                "seats": [],
            }
            return _unlisted(render(request, "councils/guest_review.html", context, status=status))


def _said_by(draft: Draft, guest, round_) -> list:
    """What this guest said of the revision in review."""
    if round_ is None:
        return []
    rows = queries.advice(draft).filter(guest=guest, revision_number=round_.revision_number)
    return list(rows)


def _read_now(round_) -> dict[str, int]:
    return {"revision_number": round_.revision_number} if round_ else {}


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _unlisted(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
