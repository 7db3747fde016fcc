"""A real Chromium on the real middleware. Without Chromium the tests say so and are skipped."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page

# bin/test names the one it found.
CHROMIUM = os.environ.get("CODEX_CHROMIUM") or next(
    (path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), ""
)
THEMES = ("light", "dark")
DESK, PHONE = (1440, 900), (390, 844)


def pytest_collection_modifyitems(items):
    skip = pytest.mark.skip(reason="CHROMIUM IS MISSING: install the package `chromium`")
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(skip)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_playwright() -> None:
    """Playwright's loop lives in this thread to the end; the ORM calls here are the tests'."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture
def live_portal(live_server, committed_cast):
    """The whole product on a port of its own, with the cast of ``tests.conftest`` in it."""
    live_server.cast = committed_cast
    return live_server


Sign = Callable[..., Page]


@pytest.fixture
def sign_in(live_portal, browser: Browser) -> Iterator[Sign]:
    """``sign_in("eddie", theme="dark", size=PHONE)`` → a page of that person's own browser.

    The page fails the test when the policy refuses something or a script breaks.
    """
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def sign(
        who: str = "",
        *,
        theme: str = "light",
        size: tuple[int, int] = DESK,
        script: bool = True,
        quiet: tuple[str, ...] = (),
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            java_script_enabled=script,
            base_url=live_portal.url,
        )
        contexts.append(context)
        if who:
            context.add_cookies([_session(live_portal, who)])
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("console", lambda message: _listen(wrong, page, message, quiet))
        return page

    yield sign
    for context in contexts:
        context.close()
    assert wrong == []


def _session(live_portal, who: str) -> dict[str, str]:
    client = live_portal.cast.client(who)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_portal.url}


def _listen(wrong: list[str], page: Page, message, quiet: tuple[str, ...]) -> None:
    expected = (
        "Failed to load resource: the server responded with a status of 4",
        "Response Status Error Code 4",
        *quiet,
    )
    if message.type == "error" and not message.text.startswith(expected):
        wrong.append(f"{page.url}: {message.text}")


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """What a check of the page finds: ``rule: the first element``. Empty is good."""

    def check(page: Page) -> list[str]:
        found = Axe().run(page).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]

    return check


def overflows(page: Page) -> bool:
    """Whether the page must be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
