"""Every door to a shop × everybody: who sees it, who brings data in, and what strangers get."""

import io
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Event
from core.scope import scope
from stores.models import ImportRun, Product
from stores.states import ImportState
from tenants.services import issue_token
from tests.stores.files import INVOICES, SHOPIFY_OLD
from tests.stores.importing import bring_in

SEES = ("olivia", "adam", "eddie", "vera")
WRITES = ("olivia", "adam", "eddie")


def upload(text=SHOPIFY_OLD, name="products.csv"):
    file = io.BytesIO(text.encode() if isinstance(text, str) else text)
    file.name = name
    return file


def shop_state(tenant):
    with scope(tenant_id=tenant.pk):
        return Product.objects.count(), ImportRun.objects.count(), Event.objects.count()


@pytest.fixture
def run(cast, tmp_path):
    with scope(tenant_id=cast.tenant.pk):
        return bring_in(tmp_path, cast.tenant, INVOICES)


@pytest.fixture
def product(cast, run):
    with scope(tenant_id=cast.tenant.pk):
        return Product.objects.order_by("title").first()


def without_token(response) -> bytes:
    """A page's bytes but for what differs on every request: the token against forgery."""
    return re.sub(rb"[A-Za-z0-9]{64}|[0-9a-f]{8}-[0-9a-f-]{27}", b"", response.content)


def pages(run, product):
    return {
        "store": reverse("stores:store"),
        "products": reverse("stores:products"),
        "choices": reverse("stores:choices"),
        "product": reverse("stores:product", args=[product.pk]),
        "imports": reverse("stores:imports"),
        "import": reverse("stores:import", args=[run.pk]),
        "refusals": reverse("stores:refusals", args=[run.pk]),
        "api imports": reverse("stores_api:imports"),
        "api import": reverse("stores_api:import", args=[run.pk]),
        "api refusals": reverse("stores_api:refusals", args=[run.pk]),
        "api products": reverse("stores_api:products"),
        "api product": reverse("stores_api:product", args=[product.pk]),
    }


PAGES = (
    *("store", "products", "choices", "product", "imports", "import", "refusals"),
    *("api imports", "api import", "api refusals", "api products", "api product"),
)


@pytest.mark.parametrize("page", PAGES)
def test_members_see_every_page(cast, run, product, page):
    for who in SEES:
        response = cast.client(who).get(pages(run, product)[page])
        assert response.status_code == 200, who


@pytest.mark.parametrize("page", ["product", "import", "refusals", "api import", "api product"])
def test_a_stranger_finds_nothing_and_cannot_tell_it_from_what_never_was(cast, run, product, page):
    path = pages(run, product)[page]
    never = path.replace(run.pk, "import_" + "0" * 26).replace(product.pk, "product_" + "0" * 26)
    stranger = cast.client("stranger")
    found, missing = stranger.get(path), stranger.get(never)
    assert (found.status_code, missing.status_code) == (404, 404)
    assert without_token(found) == without_token(missing)


@pytest.mark.parametrize("page", ["store", "products", "imports", "api imports", "api products"])
def test_a_guest_of_councils_has_no_shop(cast, run, product, page):
    assert cast.client("guest").get(pages(run, product)[page]).status_code in (403, 404)


def test_a_stranger_sees_an_empty_shop_of_their_own(cast, run):
    answer = cast.client("stranger").get(reverse("stores_api:imports")).json()
    assert answer == {"imports": [], "total": 0, "limit": 50, "offset": 0, "next": None}
    assert cast.client("stranger").get(reverse("stores_api:products")).json()["total"] == 0


DOORS = {
    "page": lambda client: client.post(reverse("stores:imports"), {"file": upload()}),
    "api": lambda client: client.post(reverse("stores_api:imports"), {"file": upload()}),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", WRITES)
def test_writers_send_files(cast, door, who):
    response = DOORS[door](cast.client(who))
    assert response.status_code == {"page": 302, "api": 201}[door]
    with scope(tenant_id=cast.tenant.pk):
        assert ImportRun.objects.get().uploaded_by_id == f"user_{who}"


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", ["vera", "rita"])
def test_viewers_do_not(cast, door, who):
    before = shop_state(cast.tenant)
    assert DOORS[door](cast.client(who)).status_code == 403
    assert shop_state(cast.tenant) == before


def waiting(cast, text=SHOPIFY_OLD):
    cast.client("eddie").post(reverse("stores:imports"), {"file": upload(text)})
    with scope(tenant_id=cast.tenant.pk):
        return ImportRun.objects.get()


def test_nothing_is_imported_before_somebody_says_yes(cast):
    run = waiting(cast)
    assert run.status == ImportState.PREVIEWED
    page = cast.client("eddie").get(reverse("stores:import", args=[run.pk]))
    assert page.status_code == 200
    assert b"Oak Stool" in page.content
    with scope(tenant_id=cast.tenant.pk):
        assert not Product.objects.exists()


def test_yes_imports_it_and_the_file_is_gone(cast, settings):
    run = waiting(cast)
    stored = settings.MEDIA_ROOT / run.path
    assert stored.exists()
    client = cast.client("eddie")
    client.post(reverse("stores:confirm", args=[run.pk]))
    page = client.get(reverse("stores:import", args=[run.pk]))
    assert b"Kept <strong>4 of 4 rows</strong>" in page.content
    with scope(tenant_id=cast.tenant.pk):
        assert Product.objects.count() == 2
        kinds = Event.objects.filter(kind__startswith="import.").order_by("at", "id")
        assert list(kinds.values_list("kind", flat=True)) == [
            "import.received",
            "import.confirmed",
            "import.started",
            "import.finished",
        ]


def test_other_columns_may_be_chosen(cast):
    text = "Handle,Title,Variant Price,My price\na,A,5.00,6.00\n"
    run = waiting(cast, text)
    mapping = {"column.handle": "Handle", "column.title": "Title", "column.price": "My price"}
    client = cast.client("eddie")
    assert client.post(reverse("stores:look", args=[run.pk]), mapping).status_code == 302
    client.post(reverse("stores:confirm", args=[run.pk]))
    with scope(tenant_id=cast.tenant.pk):
        product = Product.objects.get()
        assert [str(variant.price) for variant in product.variants.all()] == ["6.00"]
        assert product.extra == {"Variant Price": "5.00"}


def test_a_needed_column_cannot_be_left_out(cast):
    run = waiting(cast)
    response = cast.client("eddie").post(reverse("stores:look", args=[run.pk]), {})
    assert response.status_code == 422
    with scope(tenant_id=cast.tenant.pk):
        assert ImportRun.objects.get().mapping == run.mapping


@pytest.mark.parametrize("move", ["look", "confirm", "discard"])
@pytest.mark.parametrize(("who", "status"), [("vera", 403), ("stranger", 404)])
def test_others_move_nothing(cast, move, who, status):
    run = waiting(cast)
    before = shop_state(cast.tenant)
    data = {"column.title": "Title"}
    response = cast.client(who).post(reverse(f"stores:{move}", args=[run.pk]), data)
    assert response.status_code == status
    assert shop_state(cast.tenant) == before


def test_thrown_away_is_final(cast, settings):
    run = waiting(cast)
    client = cast.client("eddie")
    client.post(reverse("stores:discard", args=[run.pk]))
    response = client.post(reverse("stores_api:confirm", args=[run.pk]), "{}", "application/json")
    assert response.status_code == 409
    with scope(tenant_id=cast.tenant.pk):
        assert ImportRun.objects.get().status == ImportState.DISCARDED
        assert not Product.objects.exists()


def test_a_file_nobody_knows_is_refused_beside_its_field(cast):
    response = cast.client("eddie").post(
        reverse("stores:imports"), {"file": upload("colour,weight\nred,3\n")}
    )
    assert response.status_code == 422
    assert b"None of the kinds of file we know has these columns" in response.content
    with scope(tenant_id=cast.tenant.pk):
        assert not ImportRun.objects.exists()


def test_the_api_looks_first_when_asked(cast):
    client = cast.client("eddie")
    made = client.post(reverse("stores_api:imports"), {"file": upload(), "preview": "true"})
    assert (made.status_code, made.json()["status"]) == (201, "previewed")
    assert made.json()["preview"]["mapping"]["price"] == "Variant Price"
    done = client.post(
        reverse("stores_api:confirm", args=[made.json()["id"]]), "{}", "application/json"
    )
    assert (done.status_code, done.json()["status"]) == (200, "succeeded")
    assert done.json()["counts"]["products_created"] == 2


def test_the_api_says_what_is_wrong_with_a_file(cast):
    answer = cast.client("eddie").post(
        reverse("stores_api:imports"),
        {"file": upload("colour\nred\n"), "tenant_id": cast.tenant.pk},
    )
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["file"]


def test_the_api_refuses_another_tenant_and_unknown_keys(cast):
    client, path = cast.client("eddie"), reverse("stores_api:imports")
    assert client.post(path, {"file": upload(), "tenant_id": "tenant_other"}).status_code == 403
    assert client.post(path, {"file": upload(), "status": "succeeded"}).status_code == 422
    assert shop_state(cast.tenant)[1] == 0


def test_a_token_that_only_reads_sends_nothing(cast, client):
    _, secret = issue_token(user=cast.eddie, tenant_id=cast.tenant.pk, scopes=("read",))
    headers = {"Authorization": f"Token {secret}"}
    path = reverse("stores_api:imports")
    assert client.get(path, headers=headers).status_code == 200
    assert client.post(path, {"file": upload()}, headers=headers).status_code == 403


def test_refused_rows_come_as_csv_that_is_no_formula(cast, tmp_path):
    bad = INVOICES + '=1+1,"=cmd()",+x,-2,@d,1.0,,\n'
    with scope(tenant_id=cast.tenant.pk):
        run = bring_in(tmp_path, cast.tenant, bad)
    response = cast.client("vera").get(reverse("stores:refusals", args=[run.pk]))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    lines = text.splitlines()
    assert lines[0] == (
        "Line,Reason,InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,"
        "Country"
    )
    assert lines[-1] == "12,“@d” is not a date.,'=1+1,'=cmd(),'+x,'-2,'@d,1.0,,"
    assert len(lines) == 5


def test_products_are_found_by_words_and_sku(cast, run):
    client, path = cast.client("vera"), reverse("stores_api:products")

    def titles(**asked):
        return [product["title"] for product in client.get(path, asked).json()["products"]]

    assert titles(q="star paper") == ["Paper Star"]
    assert titles(q="B2") == ["Glass Bird"]
    assert titles(status="archived") == ["Postage"]
    assert client.get(path, {"status": "gone"}).status_code == 422


def test_lists_go_on_where_they_stopped(cast, run):
    client, path = cast.client("vera"), reverse("stores_api:products")
    first = client.get(path, {"limit": 2}).json()
    rest = client.get(path, {"limit": 2, "cursor": first["next"]}).json()
    titles = [p["title"] for p in first["products"] + rest["products"]]
    assert (sorted(titles), rest["next"], rest["total"]) == (
        ["Glass Bird", "Paper Star", "Postage"],
        None,
        3,
    )


def test_a_picker_is_offered_active_products(cast, run):
    answer = cast.client("eddie").get(reverse("stores:choices"), {"q": "a"})
    assert [(r["label"], r["note"]) for r in json.loads(answer.content)["results"]] == [
        ("Glass Bird", "£4.25"),
        ("Paper Star", "£2.55"),
    ]


def test_what_a_tenant_typed_is_escaped(cast, tmp_path):
    evil = "<script>alert(1)</script>"
    text = f'Handle,Title,Variant Price,Tags\nx,{evil},1.00,"{evil}"\n'
    with scope(tenant_id=cast.tenant.pk):
        bring_in(tmp_path, cast.tenant, text)
        product = Product.objects.get()
    for path in (reverse("stores:products"), reverse("stores:product", args=[product.pk])):
        assert evil.encode() not in cast.client("vera").get(path).content


def test_a_list_of_three_costs_no_more_queries_than_a_list_of_one(cast, tmp_path):
    client = cast.client("vera")

    def queries_with(count):
        rows = "".join(f"p{n},P{n},1.00\n" for n in range(count))
        with scope(tenant_id=cast.tenant.pk):
            bring_in(tmp_path, cast.tenant, "Handle,Title,Variant Price\n" + rows)
        client.get(reverse("stores:products"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("stores:products"))
        return len(captured)

    assert queries_with(1) == queries_with(3)


def test_staff_see_shops_in_the_admin_and_change_nothing(cast, run):
    from django.contrib import admin

    from stores import models

    for model in (models.Product, models.Order, models.ImportRun, models.StoreProfile):
        registered = admin.site._registry[model]
        assert not registered.has_change_permission(None)
        assert not registered.has_delete_permission(None)
    assert "customer_key" in admin.site._registry[models.StoreProfile].exclude
