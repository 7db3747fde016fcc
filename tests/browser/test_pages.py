"""Every page under our care, in both themes, at a desk and on a phone: axe finds nothing."""

import pytest

from tests.browser.conftest import DESK, PHONE, THEMES, overflows

OPEN_PAGES = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/offline"]
PAGES = [
    "/portal/",
    "/portal/switch",
    "/portal/inbox",
    "/portal/settings",
    "/portal/workflows/drafts",
    "/portal/reviews",
    "/ui/",
    "/accounts/email/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/accounts/logout/",
    "/portal/never",
]


def looked_over(page, path, axe):
    page.goto(path)
    return {"axe": axe(page), "sideways": overflows(page)}


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", THEMES)
def test_pages_for_everybody_are_clean(sign_in, axe, theme, size):
    page = sign_in(theme=theme, size=size)

    found = {path: looked_over(page, path, axe) for path in OPEN_PAGES}

    assert found == {path: {"axe": [], "sideways": False} for path in OPEN_PAGES}


@pytest.mark.slow
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", THEMES)
def test_pages_of_the_portal_are_clean(sign_in, axe, theme, size):
    page = sign_in("olivia", theme=theme, size=size)

    found = {path: looked_over(page, path, axe) for path in PAGES}

    assert found == {path: {"axe": [], "sideways": False} for path in PAGES}
