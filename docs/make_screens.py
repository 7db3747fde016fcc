"""Takes the screenshots of the documents from a running demo: ``python docs/make_screens.py``.

Needs ``bin/demo`` to be up, the environment of ``bin/test`` (Playwright) and Chromium. It writes a
draft of its own through the portal, as a person would, and discards it afterwards.
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

SCREENS = Path(__file__).resolve().parent / "screens"
SIZE = {"width": 1440, "height": 1000}
PURPOSE = "Two competitors cut mugs and boards last week. Stay close, and keep the margin."


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--address", default="http://127.0.0.1:8000")
    address = asked.parse_args().address
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    SCREENS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = signed_in(browser, address, "eddie@demo.codex")
        begin_draft(page, address)
        page.screenshot(path=SCREENS / "draft-editor.png")
        page.get_by_role("link", name="Discard").first.click()
        page.get_by_role("button", name="Discard draft").click()
        browser.close()


def signed_in(browser: Browser, address: str, email: str) -> Page:
    page = browser.new_context(viewport=SIZE, color_scheme="light").new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", "codex-demo")
    page.click("main button[type=submit]")
    page.wait_for_url("**/portal/")
    return page


def begin_draft(page: Page, address: str) -> None:
    """A pricing draft with its preview on the page."""
    page.goto(f"{address}/portal/workflows/drafts/new")
    page.check("input[value='pricing.dynamic_pricing']")
    page.fill("input[name=name]", "Follow the market before Christmas")
    page.fill("textarea[name=purpose]", PURPOSE)
    page.click("main form button[type=submit]")
    page.wait_for_selector("table.difftable")


if __name__ == "__main__":
    main()
