"""Refusals and failures as people see them: clean in both themes."""

import pytest
from django.test import RequestFactory

from codex import views
from core import errors
from core.answers import page_response
from tests.browser.conftest import PHONE, THEMES, overflows

REFUSALS = {
    403: errors.NotAllowed("You edited this draft on 23 November."),
    409: errors.IllegalMove("Olivia withdrew it at 12:06."),
    412: errors.PreconditionFailed("Somebody saved a newer version."),
    422: errors.Invalid({"name": ["Too long."]}),
    429: errors.TooMany("Ten instant runs in an hour.", retry_after=600),
}


@pytest.mark.parametrize("theme", THEMES)
def test_each_refusal_is_clean(sign_in, axe, theme):
    page = sign_in(theme=theme, size=PHONE, quiet=("Failed to load resource",))
    request = RequestFactory().get("/portal/refused")
    answers = {status: page_response(request, error) for status, error in REFUSALS.items()}
    answers[500] = views.server_error(request)
    found = {}
    for status, answer in answers.items():
        page.route(f"**/refused/{status}", _answering(answer))
        page.goto(f"/refused/{status}")
        said = page.get_by_role("heading", level=1).inner_text()
        found[status] = (bool(said), axe(page), overflows(page))

    assert found == dict.fromkeys(answers, (True, [], False))


def _answering(answer):
    """Of one parameter: a second one would be given the request."""
    return lambda route: route.fulfill(
        status=answer.status_code, body=answer.content, content_type="text/html"
    )
