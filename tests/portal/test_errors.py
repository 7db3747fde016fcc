"""Refusals and failures in the product's own look, and what they do not need."""

import pytest
import structlog
from django.test import RequestFactory
from django.urls import reverse

from codex import views
from core import errors
from core.answers import page_response


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (errors.NotAllowed("You edited this draft."), 403, "You edited this draft."),
        (errors.NotFound(), 404, "No such page here"),
        (errors.IllegalMove("It was withdrawn."), 409, "It was withdrawn."),
        (errors.PreconditionFailed("Newer."), 412, "Newer."),
        (errors.Invalid({"name": ["Too long."]}), 422, "Too long."),
        (errors.TooMany("Ten in an hour.", retry_after=90), 429, "Try again in 90 seconds."),
    ],
)
def test_each_refusal_is_a_page_that_says_what_was_not_changed(rf, error, status, said, db):
    request = rf.get("/portal/somewhere")

    response = page_response(request, error)

    html = response.content.decode()
    assert response.status_code == status
    assert said in html
    assert '<main id="main"' in html
    assert "Home" in html


def test_a_refusal_inside_the_portal_keeps_the_menu_and_asks_nothing(cast):
    response = cast.client("eddie").post(reverse("switch_tenant"), {"tenant_id": "tenant_none"})

    html = response.content.decode()
    assert response.status_code == 404
    assert 'class="sidenav"' in html
    assert "account of Eddie" in html


def test_to_htmx_a_refusal_is_a_message_that_stays(cast):
    response = cast.client("eddie").post(
        reverse("switch_tenant"), {"tenant_id": "tenant_none"}, headers={"HX-Request": "true"}
    )

    assert response.status_code == 404
    assert response.headers["HX-Retarget"] == "#problems"
    assert response.content.decode().count('role="alert"') == 1
    assert "<html" not in response.content.decode()


def test_an_unknown_page_is_a_404_in_the_shell(cast):
    response = cast.client("eddie").get("/portal/never")

    assert response.status_code == 404
    assert "No such page here" in response.content.decode()


def test_a_broken_page_needs_no_database():
    """No ``db`` fixture: a query would fail the test."""
    with structlog.contextvars.bound_contextvars(request_id="request-1"):
        response = views.server_error(RequestFactory().get("/portal/"))

    assert "request-1" in response.content.decode()
    assert response.status_code == 500
    assert "That went wrong on our side" in response.content.decode()


def test_the_api_gets_problems_not_pages():
    response = views.server_error(RequestFactory().get("/api/drafts"))

    assert response.status_code == 500
    assert response.headers["Content-Type"] == "application/problem+json"
