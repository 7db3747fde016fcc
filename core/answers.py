"""Domain errors become HTTP answers here and nowhere else, the same at every door."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import select_template

from core.errors import DomainError, TooMany
from core.htmx import wants_fragment

PROBLEM = "application/problem+json"


def problem(error: DomainError) -> dict[str, object]:
    """RFC 9457: stable ``type`` and ``title``, a ``detail`` for people, the fields at fault."""
    document: dict[str, object] = {
        "type": f"/api/docs/problems#{error.code}",
        "title": str(error.title),
        "status": error.status,
        "code": error.code,
        "detail": str(error.detail),
    }
    if error.fields:
        document["errors"] = {
            name: [str(text) for text in texts] for name, texts in error.fields.items()
        }
    return document | {key: value for key, value in error.extra.items() if value not in ("", None)}


def problem_response(error: DomainError) -> HttpResponse:
    response = JsonResponse(problem(error), status=error.status, content_type=PROBLEM)
    return _with_headers(response, error)


def page_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The refusal as a page in the shell, or as a fragment that htmx puts where errors go."""
    names = [f"errors/{error.status}.html", "errors/refused.html"]
    if wants_fragment(request):
        names = ["errors/fragment.html"]
    template = select_template(names).template.name
    response = render(request, template, {"error": error}, status=error.status)
    if wants_fragment(request):
        response["HX-Retarget"] = "#problems"
        response["HX-Reswap"] = "innerHTML"
    return _with_headers(response, error)


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_response(error)
    return page_response(request, error)


def _with_headers(response: HttpResponse, error: DomainError) -> HttpResponse:
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.retry_after)
    return response
