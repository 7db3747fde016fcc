"""The shell as people use it: menus, themes, dialogs, messages, and all of it without script."""

import pytest
from playwright.sync_api import expect

from core.scope import scope
from tenants.models import Membership, Role
from tests.browser.conftest import PHONE
from tests.conftest import PASSWORD

SWITCH_TO_NOWHERE = """htmx.ajax("POST", "/portal/switch",
    {values: {tenant_id: "tenant_none"}, target: "#main"}).catch(() => {})"""


def test_signing_in_and_out(sign_in):
    page = sign_in()
    page.goto("/portal/")
    page.get_by_label("Email").fill("eddie@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Eddie")
    page.get_by_role("button", name="account of Eddie").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_wrong_password_is_said_and_the_address_stays(sign_in):
    page = sign_in()
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("eddie@example.com")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Email")).to_have_value("eddie@example.com")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_switching_the_shop(sign_in, live_portal, script):
    cast = live_portal.cast
    with scope(tenant_id=cast.other.pk):
        Membership.objects.create(tenant=cast.other, user=cast.eddie, role=Role.VIEWER)
    page = sign_in("eddie", script=script)
    page.goto("/portal/")
    page.locator(".tenant").get_by_role("button", name="The other shop").click()
    page.locator("#tenants").get_by_role("button", name="The tenant shop").click()

    expect(page.locator(".tenant").get_by_role("button")).to_have_text("The tenant shop")


def test_the_theme_is_chosen_and_remembered(sign_in):
    page = sign_in("eddie")
    page.goto("/portal/")
    page.get_by_role("button", name="Theme").click()
    page.get_by_role("button", name="Ink (dark)").first.click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 20, 25)"

    page.reload()

    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_the_menu_on_a_phone(sign_in, script):
    page = sign_in("eddie", size=PHONE, script=script)
    page.goto("/portal/")
    expect(page.get_by_role("link", name="Drafts", exact=True)).to_be_hidden()

    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Drafts", exact=True).click()

    expect(page).to_have_url("/portal/workflows/drafts")


def test_the_first_stop_of_the_keyboard_leads_to_the_content(sign_in):
    page = sign_in("eddie")
    page.goto("/portal/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_a_question_opens_as_a_dialog_and_closes_without_doing_anything(sign_in):
    page = sign_in("eddie")
    page.goto("/ui/")
    page.get_by_role("link", name="Discard draft").click()
    expect(page.get_by_role("dialog", name="Discard this draft?")).to_be_visible()

    page.get_by_role("button", name="Keep it").click()

    expect(page.get_by_role("dialog", name="Discard this draft?")).to_be_hidden()


def test_a_menu_works_where_there_is_no_popover(sign_in):
    page = sign_in("eddie")
    page.add_init_script("delete HTMLElement.prototype.popover")
    page.goto("/portal/")
    button = page.get_by_role("button", name="Theme")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")

    expect(button).to_have_attribute("aria-expanded", "false")


def test_a_refusal_to_htmx_is_said_and_stays_until_it_is_closed(sign_in):
    page = sign_in("eddie")
    page.goto("/portal/")
    page.evaluate(SWITCH_TO_NOWHERE)
    problem = page.get_by_role("alert")
    expect(problem).to_contain_text("Not found")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Eddie")

    problem.get_by_role("button", name="Close").click()

    expect(problem).to_be_hidden()


def test_without_an_answer_the_page_says_so_and_keeps_what_was_typed(sign_in):
    page = sign_in("eddie", quiet=("Failed to load resource: net::ERR", "htmx:"))
    page.goto("/ui/")
    page.get_by_label("Store").first.wait_for()
    page.locator("#f-filled-name").fill("typed before the line went dead")
    page.route("**/portal/switch", lambda route: route.abort())
    page.evaluate(SWITCH_TO_NOWHERE)

    expect(page.locator("#toasts [role=alert]").last).to_contain_text("No answer")
    expect(page.locator("#f-filled-name")).to_have_value("typed before the line went dead")


def test_a_lost_connection_is_shown(sign_in):
    page = sign_in("eddie", quiet=("Failed to load resource: net::ERR_INTERNET_DISCONNECTED",))
    page.goto("/portal/")
    page.context.set_offline(True)
    expect(page.get_by_text("No connection.")).to_be_visible()
    page.context.set_offline(False)

    expect(page.get_by_text("No connection.")).to_be_hidden()


def test_a_form_is_sent_once_however_often_its_button_is_pressed(sign_in):
    page = sign_in("eddie")
    sent = []
    page.goto("/portal/switch")
    page.route("**/accounts/logout/", lambda route: sent.append(1) or route.fulfill(status=204))
    page.get_by_role("button", name="account of Eddie").click()
    page.get_by_role("button", name="Sign out").dblclick()
    page.get_by_role("button", name="Sign out").click(force=True)
    page.wait_for_timeout(200)

    assert sent == [1]


def test_products_are_searched_chosen_and_taken_out_again(sign_in):
    page = sign_in("eddie")
    page.goto("/ui/")
    picker = page.locator("#f-filled-products-field .picker")
    picker.get_by_role("searchbox").fill("socks")
    picker.get_by_role("button", name="Add Merino bed socks").click()
    picker.get_by_role("button", name="Remove Walnut cheese board").click()

    expect(picker.get_by_text("Products chosen: 2")).to_be_visible()
    assert page.locator("[name='filled.products']").input_value().split() == [
        "product_robin_mugs",
        "product_socks",
    ]


def test_without_script_products_are_a_list_of_ids(sign_in):
    page = sign_in("eddie", script=False)
    page.goto("/ui/")
    picker = page.locator("#f-filled-products-field .picker")

    expect(picker.get_by_text("Robin stoneware mugs")).to_be_visible()
    expect(picker.locator("textarea")).to_be_visible()
