"""Every page under our care, in both themes, at a desk and on a phone: axe finds nothing."""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests.browser.conftest import DESK, PHONE, THEMES, overflows

NARROW = (320, 640)  # what 1280 px are at 400 % zoom

OPEN_PAGES = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/offline"]
PAGES = [
    "/portal/",
    "/portal/switch",
    "/portal/inbox",
    "/portal/settings",
    "/portal/search?q=winter",
    "/portal/workflows",
    "/portal/workflows/drafts",
    "/portal/workflows/drafts/new",
    "/portal/workflows/proposals",
    "/portal/workflows/proposals/muted",
    "/portal/workflows/proposals/history",
    "/portal/workflows/proposals/record",
    "/portal/workflows/proposals/detectors",
    "/portal/insights",
    "/portal/insights/reviews",
    "/portal/reviews",
    "/portal/store",
    "/portal/store/products",
    "/portal/store/imports",
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


def test_nothing_is_scrolled_sideways_however_far_one_zooms_in(sign_in):
    page = sign_in("olivia", size=NARROW)

    wide = [path for path in [*PAGES, *OPEN_PAGES] if page.goto(path) and overflows(page)]

    assert wide == []


def test_the_first_page_is_light_and_asks_nobody_else(sign_in, live_portal):
    """At most 60 KB as the server of static files sends them, all from our own host."""
    page = sign_in("eddie")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    html = page.goto("/portal/").body()

    paths = {url.removeprefix(live_portal.url).split("?")[0] for url in asked}
    files = [path for path in paths if path.startswith("/static/")]
    size = len(gzip.compress(html)) + sum(map(_packed, files))

    assert [url for url in asked if not url.startswith(live_portal.url)] == []
    assert size <= 60_000


def _packed(path: str) -> int:
    found = finders.find(path.removeprefix("/static/"))
    return len(gzip.compress(Path(found).read_bytes()))
