"""One draft's life in the browser, by the people who have a part in it, with script and without."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from core.scope import scope
from stores.models import Variant
from tests.browser.conftest import DESK, PHONE, overflows
from tests.drafts.conftest import make_council
from tests.workflows.conftest import make_shop
from tests.workflows.kinds import RaisePrices
from workflows import tasks
from workflows.models import Workflow
from workflows.types import registry


@pytest.fixture
def shop(live_portal):
    """A shop, a council with one seat, and a type of workflow that raises prices."""
    tenant = live_portal.cast.tenant
    with scope(tenant_id=tenant.pk):
        make_shop(tenant.pk)
        make_council(tenant.pk)
    with registry.temporarily(RaisePrices):
        yield tenant


def prices(tenant) -> dict[int, object]:
    with scope(tenant_id=tenant.pk):
        return dict(Variant.objects.values_list("pk", "price"))


def work(tenant) -> None:
    """What the worker does: take up every run that is due."""
    with scope(tenant_id=tenant.pk):
        ids = list(Workflow.objects.values_list("pk", flat=True))
    for pk in ids:
        tasks.run_workflow(tenant_id=tenant.pk, workflow_id=pk)


def begin(page: Page) -> None:
    page.goto("/portal/")
    page.get_by_role("link", name="New draft").click()
    page.get_by_role("radio", name="Raise prices").check()
    page.get_by_role("textbox", name="Name").fill("Raise them for winter")
    page.get_by_role("button", name="Begin the draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Raise them for winter")


def refuse_and_mend(page: Page, *, script: bool) -> None:
    """A wrong input stands with its words beside it; the right one is previewed."""
    page.get_by_label("Add").fill("9999")
    if script:
        page.get_by_label("Name").click()
    else:
        page.get_by_role("button", name="Save and preview").click()
    expect(page.locator(".field .error").first).to_contain_text("500")
    expect(page.get_by_label("Add")).to_have_value("9999")
    expect(page.get_by_label("Add")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Add").fill("2.50")
    if script:
        page.get_by_label("Name").click()
    else:
        page.get_by_role("button", name="Save and preview").click()
    expect(page.locator("#preview .after").first).to_be_visible(timeout=15_000)


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit for review").click()
    page.wait_for_url("**/submit")
    page.get_by_role("button", name="Submit for review").click()
    expect(page.locator(".pagehead .badge")).to_have_text("In review")


def approve(page: Page) -> None:
    page.goto("/portal/")
    page.get_by_role("link", name="Review Raise them for winter").click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Your approval is recorded.")).to_be_visible()


def run(page: Page, tenant, *, script: bool) -> None:
    page.goto("/portal/")
    page.get_by_role("link", name="Open Raise them for winter").click()
    page.get_by_role("link", name="Run now").click()
    asked = page.get_by_role("dialog") if script else page.locator("main")
    asked.get_by_role("button", name="Run now").click()
    page.wait_for_url("**/portal/workflows/workflow_*")
    work(tenant)
    page.reload()
    expect(page.locator(".pagehead .badge")).to_have_text("Done")


def undo(page: Page, tenant) -> None:
    page.get_by_role("link", name="Preview undo").click()
    page.get_by_role("button", name="Undo the run").click()
    page.wait_for_url("**/portal/workflows/workflow_*")
    work(tenant)
    page.reload()
    expect(page.locator(".pagehead .badge")).to_have_text("Undone")


def looked_over(page: Page, axe) -> dict[str, object]:
    return {"axe": axe(page), "sideways": overflows(page)}


CLEAN = {"axe": [], "sideways": False}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "theme", "size"),
    [(True, "light", DESK), (True, "dark", PHONE), (False, "light", DESK)],
    ids=["script", "phone", "plain"],
)
def test_write_submit_approve_run_undo(sign_in, shop, axe, script, theme, size):
    how = {"script": script, "theme": theme, "size": size}
    eddie, rita = sign_in("eddie", **how), sign_in("rita", **how)
    before = prices(shop)

    begin(eddie)
    refuse_and_mend(eddie, script=script)
    assert not script or looked_over(eddie, axe) == CLEAN
    submit(eddie)
    assert not script or looked_over(eddie, axe) == CLEAN
    approve(rita)
    assert not script or looked_over(rita, axe) == CLEAN
    run(eddie, shop, script=script)
    assert prices(shop) == {pk: price + Decimal("2.50") for pk, price in before.items()}
    assert not script or looked_over(eddie, axe) == CLEAN
    undo(eddie, shop)

    assert prices(shop) == before
    assert not script or looked_over(eddie, axe) == CLEAN
