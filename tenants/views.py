"""Settings of a tenant: the shop, its people, tokens; and the page behind an invitation."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Invalid, NotFound
from core.requests import Request
from tenants import queries, services
from tenants.forms import GIVEN_ROLES, InviteForm, JoinForm, ShopForm, TokenForm

BACKEND = "django.contrib.auth.backends.ModelBackend"


@require_GET
def settings_page(request: Request) -> HttpResponse:
    return _settings(request)


def _settings(request: Request, status: int = 200, **forms) -> HttpResponse:
    if request.tenant is None:
        raise NotFound
    tenant, actor = request.tenant, request.actor
    manages = actor.has_perm("tenants.manage_members", tenant)
    context = {
        "shop_form": ShopForm(instance=tenant),
        "invite_form": InviteForm(),
        "token_form": TokenForm(),
        "members": queries.members(tenant.pk),
        "invitations": queries.open_invitations(tenant.pk) if manages else (),
        "tokens": queries.tokens(tenant.pk, user_id=None if manages else actor.user_id),
        "manages": manages,
        "owns": actor.has_perm("tenants.own_tenant", tenant),
        "roles": GIVEN_ROLES,
    }
    return render(request, "tenants/settings.html", context | forms, status=status)


@require_POST
def change_shop(request: Request) -> HttpResponse:
    form = ShopForm(request.POST)
    if not form.is_valid():
        return _settings(request, 422, shop_form=form)
    try:
        services.update_tenant(
            tenant_id=request.actor.tenant_id, actor=request.actor, **form.cleaned_data
        )
    except Invalid as error:
        return _settings(request, 422, shop_form=_with(form, error))
    messages.success(request, _("Saved."))
    return redirect("tenants:settings")


@require_POST
def invite(request: Request) -> HttpResponse:
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _settings(request, 422, invite_form=form)
    try:
        services.invite(tenant_id=request.actor.tenant_id, actor=request.actor, **form.cleaned_data)
    except Invalid as error:
        return _settings(request, 422, invite_form=_with(form, error))
    messages.success(request, _("The invitation is on its way."))
    return redirect("tenants:settings")


@require_POST
def withdraw(request: Request, invitation_id: str) -> HttpResponse:
    services.withdraw(invitation_id=invitation_id, actor=request.actor)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("tenants:settings")


@require_POST
def change_member(request: Request, user_id: str) -> HttpResponse:
    services.change_role(
        tenant_id=request.actor.tenant_id,
        user_id=user_id,
        role=request.POST.get("role", ""),
        actor=request.actor,
    )
    messages.success(request, _("The role is changed."))
    return redirect("tenants:settings")


@require_http_methods(["GET", "POST"])
def remove_member(request: Request, user_id: str) -> HttpResponse:
    if request.method == "POST":
        services.remove_member(
            tenant_id=request.actor.tenant_id, user_id=user_id, actor=request.actor
        )
        messages.success(request, _("They are no longer a member. Their tokens are ended."))
        return redirect("tenants:settings")
    return _ask(
        request,
        title=_("Remove this member?"),
        text=_("They lose access at once, and their tokens end. What they wrote stays."),
        yes=_("Remove"),
    )


@require_http_methods(["GET", "POST"])
def leave(request: Request) -> HttpResponse:
    if request.method == "POST":
        services.leave_tenant(tenant_id=request.actor.tenant_id, actor=request.actor)
        request.session.pop("tenant_id", None)
        return redirect("home")
    return _ask(
        request,
        title=_("Leave this shop?"),
        text=_("You lose access at once. Only a new invitation brings you back."),
        yes=_("Leave"),
    )


@require_http_methods(["GET", "POST"])
def hand_over(request: Request, user_id: str) -> HttpResponse:
    if request.method == "POST":
        services.transfer_ownership(
            tenant_id=request.actor.tenant_id, user_id=user_id, actor=request.actor
        )
        messages.success(request, _("The shop is handed over. You are an admin now."))
        return redirect("tenants:settings")
    return _ask(
        request,
        title=_("Hand the shop over?"),
        text=_("They become its owner and you an admin. Only they can give it back."),
        yes=_("Hand over"),
    )


@never_cache
@require_POST
def issue_token(request: Request) -> HttpResponse:
    """The secret is shown on this answer and never again, so this is no redirect."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _settings(request, 422, token_form=form)
    _token, secret = services.issue_token(
        user=request.actor.user,
        tenant_id=request.actor.tenant_id,
        actor=request.actor,
        name=form.cleaned_data["name"],
        scopes=tuple(form.cleaned_data["scopes"]),
        life=timedelta(days=form.cleaned_data["days"]),
    )
    return _settings(request, secret=secret)


@require_POST
def revoke_token(request: Request, token_key: str) -> HttpResponse:
    services.revoke_token(
        tenant_id=request.actor.tenant_id, token_key=token_key, actor=request.actor
    )
    messages.success(request, _("The token is ended."))
    return redirect("tenants:settings")


@never_cache
@require_http_methods(["GET", "POST"])
def invited(request: HttpRequest, secret: str) -> HttpResponse:
    """Reading the link decides nothing; joining is a POST."""
    invitation = services.open_invitation(secret)
    user = request.user if request.user.is_authenticated else None
    form = None if user else JoinForm(request.POST or None)
    if request.method == "POST" and (form is None or form.is_valid()):
        answers = form.cleaned_data if form else {}
        membership = services.accept_invitation(secret=secret, user=user, **answers)
        if user is None:
            login(request, membership.user, backend=BACKEND)
        request.session["tenant_id"] = membership.tenant_id
        return redirect("home")
    context = {"invitation": invitation, "form": form}
    return render(request, "tenants/invited.html", context, status=422 if request.POST else 200)


def _with(form, error: Invalid):
    for name, texts in error.fields.items():
        form.add_error(name if name in form.fields else None, [str(text) for text in texts])
    return form


def _ask(request: Request, *, title: str, text: str, yes: str) -> HttpResponse:
    question = {
        "title": title,
        "text": text,
        "yes": yes,
        "danger": True,
        "action": request.path,
        "back": "/portal/settings",
    }
    return render(request, "confirm.html", {"question": question})
