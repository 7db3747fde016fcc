"""The review in a browser: a whole one by keyboard alone, without script, and clean pages."""

import re

import pytest
from django.core import mail
from playwright.sync_api import expect

from core.scope import scope
from councils import services as councils
from councils.models import Session
from drafts.models import Comment, Draft
from tests.browser.conftest import DESK, PHONE, overflows
from tests.councils.kinds import RiskyPrices
from tests.drafts.conftest import begin, make_council, raise_prices, reviewer  # noqa: F401
from tests.workflows.conftest import make_shop
from workflows.types import registry

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def risky_prices():
    with registry.temporarily(RiskyPrices) as kind:
        yield kind


@pytest.fixture
def council(live_portal):
    with scope(tenant_id=live_portal.cast.tenant.pk):
        make_shop(live_portal.cast.tenant.pk, 12)
        return make_council(live_portal.cast.tenant.pk)


@pytest.fixture
def in_review(live_portal, council):
    """A risky draft, and one of less risk that was submitted after it."""
    cast = live_portal.cast
    with scope(tenant_id=cast.tenant.pk):
        risky = begin(cast, workflow_type_id=RiskyPrices.id, name="Raise them a lot")
        plain = begin(cast, name="Raise them")
        for one in (risky, plain):
            councils.submit_draft(draft_id=one.pk, actor=cast.actor("eddie"))
    return risky, plain


def status_of(draft) -> str:
    with scope(tenant_id=draft.tenant_id):
        return str(Draft.objects.get(pk=draft.pk).status)


def test_a_whole_review_by_keyboard_alone(sign_in, in_review):
    risky, plain = in_review
    page = sign_in("rita")
    press = page.keyboard.press
    page.goto("/portal/reviews")
    title = page.get_by_role("heading", level=1, name=re.compile("Raise them"))

    press("j")
    press("j")
    expect(page.locator(".queue-item:focus .title")).to_have_text("Raise them")
    press("k")
    expect(page.locator(".queue-item:focus .title")).to_have_text("Raise them a lot")
    press("Enter")
    expect(title).to_have_text("Raise them a lot")
    expect(page.locator("#red")).to_contain_text("0 of 3 opened")

    for number in (1, 2, 3):
        press("o")
        expect(page.locator("#red")).to_contain_text(f"{number} of 3 opened")
    expect(page.locator(".decisionbar [data-key=a]")).to_be_visible()

    press("r")
    page.keyboard.type("Is the margin right, @Edd")
    expect(page.get_by_role("option", name="Eddie")).to_be_visible()
    press("Enter")
    page.keyboard.type("asks rita?")
    press("Control+Enter")
    expect(page.locator("#thread")).to_contain_text("Is the margin right, @Eddie asks rita?")

    press("]")
    press("]")
    expect(page.locator("#tick-2")).to_be_focused()
    press("Space")
    expect(page.locator("#changes")).to_contain_text("11 of 12 ticked")
    expect(page.locator("#tick-2")).to_be_focused()
    press("Space")
    expect(page.locator("#changes")).not_to_contain_text("of 12 ticked")

    press("a")
    expect(page.locator(".decisionbar [data-key=a]")).to_be_focused()
    assert status_of(risky) == "pending_review"
    press("Enter")
    expect(page.locator("body")).to_contain_text("Your approval is recorded.")
    assert status_of(risky) == "approved"

    press("n")
    expect(title).to_have_text("Raise them")
    press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    press("Escape")
    press("c")
    expect(page.locator("#verdict-text")).to_be_focused()
    page.keyboard.type("Half of it, please.")
    press("Control+Enter")
    expect(page.locator("body")).to_contain_text("went back to its author")
    assert status_of(plain) == "editing"
    press("/")
    expect(page.locator("#queue-find")).to_be_focused()
    with scope(tenant_id=risky.tenant_id):
        assert Comment.objects.get(draft=risky).mentioned == ["user_eddie"]


def test_a_review_without_script(sign_in, in_review):
    risky, _plain = in_review
    page = sign_in("rita", script=False)
    page.goto(f"/portal/reviews/{risky.pk}")

    for number in (1, 2, 3):
        page.locator("[data-open-red]").first.click()
        expect(page.locator("#red")).to_contain_text(f"{number} of 3 opened")
    page.locator("#tick-5").uncheck()
    page.get_by_role("button", name="Keep these ticks").click()
    expect(page.locator("#changes")).to_contain_text("11 of 12 ticked")
    page.get_by_role("button", name="Approve 11 of 12").click()

    expect(page.locator("body")).to_contain_text("11 changes are approved")
    assert status_of(risky) == "approved"


def problems(page, axe, path: str) -> list[str]:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return axe(page) + (["sideways"] if overflows(page) else [])


@pytest.mark.parametrize(
    ("theme", "size"),
    [("light", DESK), ("dark", DESK), ("light", PHONE), ("dark", PHONE)],
    ids=["light desk", "dark desk", "light phone", "dark phone"],
)
def test_the_pages_of_a_review_are_clean(
    sign_in, axe, live_portal, council, in_review, settings, theme, size
):
    risky, plain = in_review
    cast = live_portal.cast
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with scope(tenant_id=cast.tenant.pk, user_id="user_rita", council_ids=(council.pk,)):
        councils.invite_guest(draft_id=risky.pk, email="a@x.example", actor=cast.actor("eddie"))
        rita = reviewer(cast, "rita", council)
        session = councils.start_session(council_id=council.pk, actor=rita)
        councils.open_items(draft_id=risky.pk, items=["row:1"], actor=rita)
        councils.tick_rows(draft_id=plain.pk, actor=rita, shown=[1, 2], ticked=[1])
    sent = next(one for one in mail.outbox if one.to == ["a@x.example"])
    link = re.search(r"https?://[^/\s]+(/guest/\S+)", sent.body).group(1)
    judge, author = (sign_in(who, theme=theme, size=size) for who in ("rita", "eddie"))
    outsider = sign_in(theme=theme, size=size)
    meeting = f"/portal/reviews/meetings/{session.pk}"

    found = {
        path: problems(page, axe, path)
        for page, path in (
            (judge, "/portal/reviews"),
            (judge, "/portal/reviews?risk=low"),
            (judge, "/portal/reviews?show=mine"),
            (judge, f"/portal/reviews/{risky.pk}"),
            (judge, f"/portal/reviews/{plain.pk}"),
            (judge, "/portal/reviews/meetings"),
            (judge, meeting),
            (author, f"/portal/reviews/{risky.pk}"),
            (author, f"/portal/reviews/{risky.pk}/guests"),
            (outsider, link),
            (outsider, "/guest/nonsense"),
        )
    }
    judge.goto(meeting)
    judge.locator("button:visible", has_text="Close and write the minutes").click()
    found["minutes"] = problems(judge, axe, f"{meeting}/minutes")

    assert {path: said for path, said in found.items() if said} == {}
    with scope(user_id="user_rita", council_ids=(council.pk,)):
        assert Session.objects.get().closed_at is not None
