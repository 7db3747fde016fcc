"""The editor and the review in a browser: autosave, live preview, two at once, clean pages."""

import pytest
from playwright.sync_api import expect

from core.scope import scope
from councils import services as councils
from drafts import services
from drafts.models import Draft
from tests.browser.conftest import DESK, PHONE, overflows
from tests.drafts.conftest import begin, make_council, raise_prices, reviewer  # noqa: F401
from tests.workflows.conftest import make_shop

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def council(live_portal):
    with scope(tenant_id=live_portal.cast.tenant.pk):
        make_shop(live_portal.cast.tenant.pk, 30)
        return make_council(live_portal.cast.tenant.pk)


@pytest.fixture
def draft(live_portal, council):
    with scope(tenant_id=live_portal.cast.tenant.pk):
        return begin(live_portal.cast, name="Raise the prices")


def url(draft, part=""):
    return f"/portal/workflows/drafts/{draft.pk}{part}"


def test_what_is_typed_is_saved_and_previewed_by_itself(sign_in, draft):
    page = sign_in("eddie")
    page.goto(url(draft))
    expect(page.locator("#preview")).to_contain_text("First 20 of 30 changes", timeout=15_000)

    page.fill("#f-inputs-add", "2.50")

    expect(page.locator("#saved")).to_contain_text("Saved", timeout=15_000)
    adds = page.locator("#preview .metrics", has_text="Adds")
    expect(adds).to_contain_text("£2.50", timeout=15_000)
    assert page.locator("#f-inputs-add").evaluate("field => field === document.activeElement")
    with scope(tenant_id=draft.tenant_id):
        assert Draft.objects.get(pk=draft.pk).inputs["add"] == "2.50"


def test_two_who_write_at_once_are_shown_both_texts(sign_in, draft, live_portal):
    page = sign_in("eddie")
    page.goto(url(draft))
    expect(page.locator("#preview")).to_contain_text("30 changes", timeout=15_000)
    with scope(tenant_id=draft.tenant_id):
        olivia = live_portal.cast.actor("olivia")
        services.edit_draft(draft_id=draft.pk, actor=olivia, name="Hers")

    page.fill("#f-name", "His")

    banner = page.locator("#conflict")
    expect(banner).to_contain_text("Olivia saved a newer version.", timeout=15_000)
    expect(banner.get_by_role("cell", name="Hers")).to_be_visible()
    assert page.input_value("#f-name") == "His"
    page.get_by_role("button", name="Keep mine").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("His")


def pages_of(draft, state: str) -> list[str]:
    parts = {
        "editing": ["", "/submit", "/share", "/changes", "/discard"],
        "pending_review": ["", "/withdraw"],
        "approved": ["", "/schedule", "/run"],
    }
    return [url(draft, part) for part in parts[state]]


@pytest.mark.parametrize(
    ("theme", "size"), [("light", DESK), ("dark", PHONE)], ids=["desk", "phone"]
)
def test_the_pages_of_a_draft_are_clean_in_each_state(
    sign_in, axe, live_portal, council, draft, theme, size
):
    cast = live_portal.cast
    author = sign_in("eddie", theme=theme, size=size)
    judge = sign_in("rita", theme=theme, size=size)
    with scope(tenant_id=draft.tenant_id):
        eddie = cast.actor("eddie")
        services.preview_draft(draft_id=draft.pk, actor=eddie)
        services.comment(draft_id=draft.pk, actor=eddie, text="Why 1.00?", field="add")
    found = {path: problems(author, axe, path) for path in pages_of(draft, "editing")}
    with scope(tenant_id=draft.tenant_id):
        councils.submit_draft(draft_id=draft.pk, actor=eddie, note="Look at mugs.")
    found |= {path: problems(author, axe, path) for path in pages_of(draft, "pending_review")}
    review = f"/portal/reviews/{draft.pk}"
    found[review] = problems(judge, axe, review)
    with scope(tenant_id=draft.tenant_id):
        rita = reviewer(cast, "rita", council)
        councils.decide(draft_id=draft.pk, verdict="approve", actor=rita)
    found |= {path: problems(author, axe, path) for path in pages_of(draft, "approved")}
    owner = sign_in("olivia", theme=theme, size=size)
    for path in ("/portal/settings/councils", f"/portal/settings/councils/{council.pk}"):
        found[path] = problems(owner, axe, path)

    assert {path: said for path, said in found.items() if said} == {}


def problems(page, axe, path: str) -> list[str]:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return axe(page) + (["sideways"] if overflows(page) else [])
