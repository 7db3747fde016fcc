"""The catalog in a browser: gold and blue, questions, one button, a council and its bounds."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.scope import scope
from drafts.models import Draft
from templates_catalog import services
from templates_catalog.models import StandingApproval, Template
from tests.browser.conftest import DESK, PHONE, overflows
from tests.drafts.conftest import make_council, raise_prices, reviewer  # noqa: F401
from tests.templates_catalog.conftest import TYPE
from tests.workflows.conftest import make_shop
from workflows.models import Workflow

pytestmark = [pytest.mark.browser, pytest.mark.slow]
URL = "/portal/workflows/templates"


@pytest.fixture
def template(live_portal, monkeypatch):
    """It asks how many posts, and is approved in advance."""
    monkeypatch.setattr("templates_catalog.queries.clean_reviewed_runs", lambda template: 3)
    cast = live_portal.cast
    with scope(tenant_id=cast.tenant.pk):
        make_shop(cast.tenant.pk)
        council = make_council(cast.tenant.pk)
        made = services.create_template(
            tenant_id=cast.tenant.pk,
            actor=cast.actor("olivia"),
            name="Raise by one",
            description="Raises every price by one, and says so.",
            category="E-commerce",
            tags=["price", "weekly", "all", "spring"],
            workflow_type_id=TYPE,
            default_inputs={"add": "1.00"},
            required_fields=["posts"],
            council_id=council.pk,
        )
        services.pre_approve(
            template_id=made.pk,
            bounds={"max_items": 20},
            until=timezone.now() + timedelta(days=30),
            actor=reviewer(cast, "rita", council),
        )
    return made


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_from_gold_to_the_run(sign_in, live_portal, template, script):
    page = sign_in("eddie", script=script)
    page.goto(URL)
    page.get_by_role("link", name="Instant run").click()
    page.fill("#f-inputs-posts", "2")
    page.get_by_role("button", name="Show what it does").click()
    expect(page.locator(".effect")).to_contain_text("Raises all prices.")

    page.get_by_role("button", name="Run now").dblclick()

    expect(page.get_by_role("heading", level=1)).to_have_text("Raise by one")
    with scope(tenant_id=live_portal.cast.tenant.pk):
        run = Workflow.objects.get()
        assert page.url.endswith(run.get_absolute_url())
        assert Draft.objects.get().inputs == {"add": "1.00", "posts": 2}


def test_blue_begins_a_draft_in_the_editor(sign_in, live_portal, template):
    page = sign_in("bob", script=False)
    page.goto(URL)

    page.get_by_role("button", name="Use Raise by one as a draft").click()

    with scope(tenant_id=live_portal.cast.tenant.pk):
        draft = Draft.objects.get()
    assert page.url.endswith(f"/portal/workflows/drafts/{draft.pk}")


def test_the_sample_comes_by_itself_and_a_council_narrows_the_bounds(
    sign_in, live_portal, template
):
    page = sign_in("rita")
    page.goto(f"{URL}/{template.pk}")
    expect(page.locator("#sample")).to_contain_text("Raises all prices.", timeout=15_000)
    page.get_by_role("link", name="Change the bounds").click()
    page.fill("#id_max_items", "7")
    page.fill("#id_runs_per_day", "1")

    page.get_by_role("button", name="Approve in advance").click()

    expect(page.locator("#standing")).to_contain_text("at most 7")
    with scope(tenant_id=live_portal.cast.tenant.pk):
        given = StandingApproval.objects.get(revoked_at=None)
        assert (given.bounds["max_items"], given.bounds["runs_per_day"]) == (7, 1)


def test_search_shows_the_results_as_one_types(sign_in, template):
    page = sign_in("vera")
    page.goto(URL)
    page.fill("#template-search", "nothing of it")
    expect(page.locator("#results")).to_contain_text("No templates match", timeout=10_000)

    page.fill("#template-search", "raise")

    expect(page.locator("#results")).to_contain_text("Raise by one", timeout=10_000)
    assert "q=raise" in page.url


def pages(template: Template) -> dict[str, list[str]]:
    one = f"{URL}/{template.pk}"
    return {
        "olivia": [
            URL,
            f"{URL}?q=none-of-these",
            f"{URL}/new",
            f"{URL}/new?type={TYPE}",
            f"{URL}/library",
            f"{URL}/switches",
            one,
            f"{one}/edit",
            f"{one}/retire",
            f"{one}/instant",
        ],
        "rita": [f"{URL}/standing", one, f"{one}/pre-approve", f"{one}/revoke"],
    }


@pytest.mark.parametrize(
    ("theme", "size"), [("light", DESK), ("dark", PHONE)], ids=["desk", "phone"]
)
def test_the_pages_are_clean(sign_in, axe, live_portal, template, theme, size):
    found = {}
    with scope(tenant_id=template.tenant_id):
        shown = services.instant_run(
            template_id=template.pk,
            actor=live_portal.cast.actor("olivia"),
            inputs={"posts": 1},
            confirmed=False,
        )
    for who, paths in pages(template).items():
        page = sign_in(who, theme=theme, size=size)
        if who == "olivia":
            paths.append(f"{URL}/{template.pk}/instant/{shown.draft.pk}")
        for path in paths:
            page.goto(path)
            page.wait_for_load_state("networkidle")
            found[path] = axe(page) + (["sideways"] if overflows(page) else [])

    assert {path: said for path, said in found.items() if said} == {}
