"""Who asks, in which tenant: found once per request and told to the database for its length."""

from contextlib import contextmanager
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import resolve_url
from django.utils import timezone
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from core import refusals
from core.answers import problem_response
from core.api import idempotency, limits
from core.api.errors import NotSignedIn
from core.routing import on_database
from core.scope import scope, widen
from councils.queries import council_ids_of
from tenants import queries
from tenants.actors import ALL_SCOPES, Person

OPEN_API = ("/api/schema", "/api/docs")


class ActorScope:
    """``request.actor`` and an open scope for portal and API; the staff's login for the admin."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.actor = request.api_token = None
        path = request.path
        if path.startswith("/admin"):
            with on_database("staff"):
                return self.get_response(request)
        if path.startswith("/api") and not path.startswith(OPEN_API):
            return self._api(request)
        if path.startswith("/portal"):
            return self._portal(request)
        return self.get_response(request)

    def _api(self, request):
        try:
            user, token = _who(request)
        except AuthenticationFailed as error:
            return _turned_away(request, str(error.detail))
        if user is None:
            return _unauthorized()
        allowance = limits.take(str(user.pk))
        if allowance.is_used_up:
            response = problem_response(allowance.refusal())
        else:
            response = self._api_of(request, user, token)
        for name, value in allowance.headers().items():
            response[name] = value
        return response

    def _api_of(self, request, user, token):
        key = idempotency.wanted(request)
        with acting(request, user, token):
            if token is not None and not _still_valid(request):
                return _unauthorized()
            if key:
                response = idempotency.answer_once(request, key, lambda: self.get_response(request))
            else:
                response = self.get_response(request)
        _tell_audit(request, user, token)
        if key and not response.has_header("Idempotent-Replayed"):
            with acting(request, user, token):
                idempotency.remember_refusal(request, key, response)
        return response

    def _portal(self, request):
        if not request.user.is_authenticated:
            return _to_login(request)
        with acting(request, request.user, None), timezone.override(_zone(request.tenant)):
            response = self.get_response(request)
        _tell_audit(request, request.user, None)
        return response


@contextmanager
def acting(request, user, token):
    """Open the scope of this person: their tenant, their councils."""
    with scope(user_id=str(user.pk)):
        wanted = token.tenant_id if token else request.session.get("tenant_id")
        membership = _membership(user, wanted, bound=token is not None)
        request.membership, request.api_token = membership, token
        tenant_id = membership.tenant_id if membership else ""
        role = membership.role if membership else ""
        widen(tenant_id=tenant_id)
        request.actor = Person(
            user=user,
            tenant_id=tenant_id,
            role=role,
            council_ids=council_ids_of(str(user.pk), role),
            scopes=frozenset(token.scopes) if token else ALL_SCOPES,
        )
        request.tenant = membership.tenant if membership else None
        widen(council_ids=request.actor.council_ids)
        yield


def _tell_audit(request, user, token) -> None:
    """Of a refusal worth remembering, now that what it refused is rolled back."""
    refused = getattr(request, "refused", None)
    if refused is None or refused.audit is None:
        return
    with acting(request, user, token):
        if request.actor.tenant_id:
            refusals.write(refused, request.actor)


def _membership(user, tenant_id: str | None, *, bound: bool):
    """The tenant the session or token names; a session without one gets the person's first."""
    found = queries.membership(user, tenant_id) if tenant_id else None
    if found is None and not bound:
        found = queries.memberships_of(user).first()
    return found


def _zone(tenant) -> tzinfo:
    """The shop's clock; UTC for a zone that this machine does not know."""
    try:
        return ZoneInfo(tenant.timezone) if tenant else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _still_valid(request) -> bool:
    """A token of a member who has left the tenant opens nothing."""
    return request.api_token.tenant_id is None or request.membership is not None


def _who(request):
    found = TokenAuthentication().authenticate(request)
    if found is not None:
        return found
    user = request.user if request.user.is_authenticated else None
    return user, None


def _turned_away(request, detail: str):
    """A wrong token; after too many from one address nothing more is looked up for a minute."""
    address = f"turned-away:{request.META.get('REMOTE_ADDR', '')}"
    allowance = limits.take(address, limit=settings.API_FAILED_SIGN_INS_PER_MINUTE)
    if allowance.is_used_up:
        return problem_response(allowance.refusal())
    return _unauthorized(detail)


def _unauthorized(detail: str = ""):
    response = problem_response(NotSignedIn(detail))
    response["WWW-Authenticate"] = "Token"
    return response


def _to_login(request):
    """htmx follows ``HX-Redirect``; a plain redirect would land inside the fragment."""
    response = redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    if request.htmx:
        response.status_code = 204
        response["HX-Redirect"] = (
            response["Location"] if request.method == "GET" else resolve_url(settings.LOGIN_URL)
        )
        del response["Location"]
    return response
