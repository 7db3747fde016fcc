"""DRF's exceptions and ours as problem documents."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions

from core.answers import problem_response
from core.errors import DomainError, Invalid, NotAllowed, NotFound, TooMany
from core.scope import undo_what_was_written


class NotSignedIn(DomainError):
    status = 401
    code = "not_signed_in"
    title = _("Sign in or send a token")


class Refused(DomainError):
    """A refusal of DRF's own: malformed JSON, unknown media type, wrong method."""

    def __init__(self, error: exceptions.APIException) -> None:
        self.status = error.status_code
        self.code = str(getattr(error.detail, "code", error.default_code))
        self.title = str(error.default_detail)
        super().__init__(str(error.detail))


def handle(error: Exception, context: dict) -> object:
    """DRF's ``EXCEPTION_HANDLER``; None lets a real fault become a 500."""
    refusal = as_domain_error(error)
    if refusal is None:
        return None
    undo_what_was_written()
    context["request"]._request.refused = refusal
    response = problem_response(refusal)
    if refusal.status == 401:
        response["WWW-Authenticate"] = "Token"
    if isinstance(error, exceptions.MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def as_domain_error(error: Exception) -> DomainError | None:
    if isinstance(error, DomainError):
        return error
    if isinstance(error, (Http404, exceptions.NotFound)):
        return NotFound()
    if isinstance(error, exceptions.ValidationError):
        return Invalid(flat(error.detail))
    if isinstance(error, (exceptions.NotAuthenticated, exceptions.AuthenticationFailed)):
        return NotSignedIn(str(error.detail))
    if isinstance(error, (PermissionDenied, exceptions.PermissionDenied)):
        return NotAllowed(str(getattr(error, "detail", "")))
    if isinstance(error, exceptions.Throttled):
        return TooMany(str(error.detail), retry_after=int(getattr(error, "wait", None) or 60))
    if isinstance(error, exceptions.APIException):
        return Refused(error)
    return None


def flat(detail: object, path: str = "") -> dict[str, list[str]]:
    """Nested serializer errors as ``{"inputs.tone": ["…"]}``."""
    if isinstance(detail, dict):
        found: dict[str, list[str]] = {}
        for name, inner in detail.items():
            found |= flat(inner, f"{path}.{name}" if path else str(name))
        return found
    if isinstance(detail, list) and any(isinstance(item, dict) for item in detail):
        found = {}
        for number, inner in enumerate(detail):
            if inner:
                found |= flat(inner, f"{path}.{number}" if path else str(number))
        return found
    texts = detail if isinstance(detail, list) else [detail]
    return {path or "non_field_errors": [str(text) for text in texts]}
