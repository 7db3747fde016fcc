"""The portal's pages of runs, for people with and without JavaScript."""

import pytest
from django.urls import reverse

from stores.models import Product, Variant
from tests.workflows.conftest import prices
from workflows.models import Workflow
from workflows.services import execution

HTMX = {"HX-Request": "true"}


def url(name: str, run: Workflow, *more: str) -> str:
    return reverse(f"workflows:{name}", args=[run.pk, *more])


@pytest.fixture
def done(shop, run_of, work, plan_of):
    return work(run_of(plan_of(posts=1)))


@pytest.fixture
def drifted(shop, run_of, work):
    planned = run_of()
    Variant.objects.filter(sku="SKU-3").update(price="12.34")
    return work(planned)


@pytest.mark.parametrize("who", ["olivia", "eddie", "vera"])
def test_members_see_the_list_and_the_run(cast, done, who):
    client = cast.client(who)

    assert done.name in client.get(reverse("workflows:runs")).content.decode()
    page = client.get(url("run", done)).content.decode()
    assert "Raises <strong>all prices</strong>." in page
    assert "Product 3" in page
    assert "£13.00" in page
    assert "prices.csv" in page


@pytest.mark.parametrize("who", ["stranger", "guest"])
@pytest.mark.parametrize("name", ["run", "live", "start", "cancel", "undo", "changes_csv"])
def test_a_stranger_finds_nothing(cast, done, who, name):
    assert cast.client(who).get(url(name, done)).status_code == 404


@pytest.mark.parametrize("who", ["stranger", "guest"])
def test_a_strangers_list_is_empty(cast, done, who):
    page = cast.client(who).get(reverse("workflows:runs"))

    assert page.status_code == 200
    assert done.pk not in page.content.decode()


def test_only_those_who_may_are_offered_the_buttons(cast, done):
    assert "Preview undo" in cast.client("eddie").get(url("run", done)).content.decode()
    assert "Preview undo" not in cast.client("vera").get(url("run", done)).content.decode()


def test_drift_is_said_with_the_row_that_moved(cast, drifted):
    page = cast.client("eddie").get(url("run", drifted)).content.decode()

    assert "Nothing was written." in page
    assert "Product 3: price is now £12.34" in page


def test_the_undo_page_says_what_it_would_do_and_what_stays(cast, done, work):
    Variant.objects.filter(sku="SKU-1").update(price="50.00")
    client = cast.client("eddie")

    page = client.get(url("undo", done)).content.decode()
    assert "<strong>4 values</strong>" in page
    assert "<strong>1 new entry</strong>" in page
    assert "£50.00" in page
    assert prices()[0] == "11.00"

    assert client.post(url("undo", done)).status_code == 302
    assert work(done).status == "undo_incomplete"
    page = client.get(url("run", done)).content.decode()
    assert "1 later edit was kept." in page
    assert prices() == ["10.00", "50.00", "12.00", "13.00", "14.00"]


def test_a_viewer_is_not_shown_the_undo_page(cast, done):
    assert cast.client("vera").get(url("undo", done)).status_code == 403
    assert cast.client("vera").post(url("undo", done)).status_code == 403
    assert Workflow.objects.get(pk=done.pk).status == "succeeded"


@pytest.mark.parametrize("move", ["start", "cancel"])
def test_a_waiting_run_is_started_or_cancelled_by_a_plain_form(cast, shop, run_of, move):
    run = run_of(auto_execute=False)
    client = cast.client("eddie")

    assert client.get(url(move, run)).status_code == 200
    assert Workflow.objects.get(pk=run.pk).due_at is None
    assert client.post(url(move, run)).status_code == 302

    run = Workflow.objects.get(pk=run.pk)
    assert (run.status, run.due_at is None) == (
        ("cancelled", True) if move == "cancel" else ("pending", False)
    )


def test_progress_is_polled_while_it_runs_and_the_page_reloads_at_the_end(cast, shop, run_of, work):
    run = run_of()
    client = cast.client("vera")

    waiting = client.get(url("live", run), {"was": "pending"}, headers=HTMX)
    assert "Waiting for a worker." in waiting.content.decode()
    work(run)
    ended = client.get(url("live", run), {"was": "pending"}, headers=HTMX)

    assert (ended.content, ended["HX-Refresh"]) == (b"", "true")


def test_changes_are_filtered_searched_and_paged_in_place(cast, drifted):
    client = cast.client("vera")
    headers = {**HTMX, "HX-Target": "changes"}

    moved = client.get(url("run", drifted), {"result": "moved"}, headers=headers).content.decode()
    found = client.get(url("run", drifted), {"q": "SKU-2"}, headers=headers).content.decode()
    none = client.get(url("run", drifted), {"q": "nothing"}, headers=headers).content.decode()

    assert "<html" not in moved
    assert ("Product 3" in moved, "Product 2" in moved) == (True, False)
    assert ("Product 3" in found, "Product 2" in found) == (False, True)
    assert "No changes match" in none
    assert client.get(url("run", drifted), {"result": "all"}).status_code == 422


def test_what_a_tenant_typed_is_escaped(cast, shop, run_of, work, plan_of):
    Product.objects.filter(pk="product_000001").update(title="<script>alert(1)</script>")
    run = work(run_of(plan_of(tags=["<b>x</b>"])))

    page = cast.client("vera").get(url("run", run)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>x</b>" not in page


def test_the_csv_holds_every_change_and_no_formula(cast, shop, run_of, plan_of):
    Variant.objects.filter(sku="SKU-1").update(title="=1+1")
    run = run_of(plan_of())

    answer = cast.client("vera").get(url("changes_csv", run))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()

    assert answer["Content-Disposition"] == f'attachment; filename="changes-{run.pk}.csv"'
    assert lines[0] == "Position,What,Id,SKU,Field,Before,After"
    assert [line.split(",")[1] for line in lines[1:]] == [
        "Product 0",
        "'=1+1",
        "Product 2",
        "Product 3",
        "Product 4",
    ]


def test_a_file_of_the_plan_is_a_download(cast, done):
    answer = cast.client("vera").get(url("file", done, "prices.csv"))

    assert b"".join(answer.streaming_content) == b"row 0\nrow 1\nrow 2\n"
    assert cast.client("stranger").get(url("file", done, "prices.csv")).status_code == 404


def test_the_list_filters_by_state(cast, done):
    client = cast.client("vera")

    assert (
        done.name in client.get(reverse("workflows:runs"), {"status": "succeeded"}).content.decode()
    )
    failed = client.get(reverse("workflows:runs"), {"status": "failed"}).content.decode()
    assert "No runs match" in failed
    assert client.get(reverse("workflows:runs"), {"status": "ended"}).status_code == 422


def test_what_runs_now_stands_on_the_first_page(cast, shop, run_of):
    run = run_of()
    execution._claim(run.tenant_id, run.pk)

    page = cast.client("vera").get(reverse("home")).content.decode()

    assert "Running now" in page
    assert run.name in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions_however_long(
    cast, shop, run_of, plan_of, count, django_assert_max_num_queries
):
    for number in range(count):
        run_of(plan_of(posts=number), auto_execute=False)
    client = cast.client("vera")
    client.get(reverse("workflows:runs"))

    with django_assert_max_num_queries(18):
        client.get(reverse("workflows:runs"))
