"""Order files: returns, duplicates, customers as hashes, products only orders know of."""

from datetime import date
from decimal import Decimal

from stores.models import Order, OrderLine, Product, StoreProfile, Variant
from stores.services.profile import customer_hash
from stores.states import ImportState
from tests.stores.files import INVOICES, SHOPIFY_NEW, SHOPIFY_OLD, SHOPIFY_ORDERS
from tests.stores.importing import bring_in, everything, reasons


def test_invoice_lines(in_tenant, tmp_path):
    run = bring_in(tmp_path, in_tenant, INVOICES)

    assert (run.status, run.rows_read, run.rows_kept, run.rows_refused) == (
        ImportState.SUCCEEDED,
        10,
        7,
        3,
    )
    assert reasons(run) == {
        9: "The price is below zero.",
        10: "“not a date” is not a date.",
        11: "The row has 6 cells, the header has 8.",
    }
    lines = OrderLine.objects.order_by("order_id", "ordinal").values_list(
        "order__number", "ordinal", "variant__sku", "placed_on", "kind", "quantity", "amount"
    )
    day = [date(2011, 11, number) for number in range(8)[1:]]
    assert list(lines) == [
        ("900001", 1, "A1", day[0], "sale", 6, Decimal("15.30")),
        ("900001", 2, "A1", day[0], "sale", 6, Decimal("15.30")),
        ("900001", 3, "B2", day[0], "sale", 2, Decimal("8.50")),
        ("C900002", 1, "A1", day[1], "return", -6, Decimal("-15.30")),
        ("900003", 1, "A1", day[2], "sale", 1, Decimal("2.95")),
        ("900004", 1, "B2", day[3], "adjustment", -3, Decimal("0")),
        ("900005", 1, "POST", day[4], "sale", 1, Decimal("18.00")),
    ]
    assert Order.objects.get(number="C900002").is_return


def test_customers_are_keyed_hashes_and_nothing_else(in_tenant, tmp_path):
    bring_in(tmp_path, in_tenant, INVOICES)

    hashed = customer_hash(bytes(StoreProfile.objects.get().customer_key))
    assert dict(Order.objects.values_list("number", "customer_hash")) == {
        "900001": hashed("customer:17850"),
        "C900002": hashed("customer:17850"),
        "900003": "",
        "900004": "",
        "900005": hashed("customer:12680"),
    }
    assert "17850" not in str(everything(Order))


def test_another_shop_hashes_the_same_customer_otherwise():
    assert customer_hash(b"one")("customer:1") != customer_hash(b"two")("customer:1")


def test_products_only_orders_know_of_are_named_and_priced_from_what_was_sold(in_tenant, tmp_path):
    bring_in(tmp_path, in_tenant, INVOICES)

    products = Product.objects.order_by("title").values_list(
        "title", "status", "handle", "variants__price"
    )
    assert list(products) == [
        ("Glass Bird", "active", "glass-bird-b2", Decimal("4.25")),
        ("Paper Star", "active", "paper-star-a1", Decimal("2.55")),
        ("Postage", "archived", "postage-post", Decimal("18.00")),
    ]


def test_the_same_orders_twice_change_nothing(in_tenant, tmp_path):
    first = bring_in(tmp_path, in_tenant, INVOICES)
    before = [everything(model) for model in (Order, OrderLine, Product, Variant)]

    again = bring_in(tmp_path, in_tenant, INVOICES, again=True)

    assert [everything(model) for model in (Order, OrderLine, Product, Variant)] == before
    assert again.result["counts"]["lines_unchanged"] == 7
    assert again.result["counts"]["lines_created"] == again.result["counts"]["lines_updated"] == 0
    assert reasons(again) == reasons(first)


def test_a_longer_export_adds_only_what_is_new(in_tenant, tmp_path):
    bring_in(tmp_path, in_tenant, INVOICES)
    more = INVOICES + "900009,A1,Paper Star,1,2011-11-08 09:00:00,2.55,,United Kingdom\n"
    run = bring_in(tmp_path, in_tenant, more.replace("4.25", "4.50"))

    counts = run.result["counts"]
    assert (counts["lines_created"], counts["lines_updated"], counts["orders_created"]) == (1, 1, 1)
    assert OrderLine.objects.get(order__number="900001", ordinal=3).unit_price == Decimal("4.5")


def test_shopify_orders(in_tenant, tmp_path):
    bring_in(tmp_path, in_tenant, SHOPIFY_OLD)
    run = bring_in(tmp_path, in_tenant, SHOPIFY_ORDERS)

    assert (run.status, run.rows_read, run.rows_kept) == (ImportState.SUCCEEDED, 3, 3)
    lines = OrderLine.objects.order_by("order_id", "ordinal").values_list(
        "order__number", "variant__sku", "title", "placed_on", "quantity", "unit_price"
    )
    assert list(lines) == [
        ("#1001", "ST-1", None, date(2024, 5, 2), 2, Decimal("49")),
        ("#1001", "MUG-1", None, date(2024, 5, 2), 1, Decimal("9.5")),
        ("#1002", "MUG-1", None, date(2024, 5, 2), 1, Decimal("9.5")),
    ]
    order = Order.objects.get(number="#1001")
    assert (order.total, order.discount_code, order.country) == (Decimal("114.50"), "SPRING", "GB")
    assert Order.objects.get(number="#1002").cancelled_at is not None


def test_nothing_personal_of_an_order_is_kept(in_tenant, tmp_path):
    refused = "#1003,carl@example.com" + "," * 30 + "\n"
    run = bring_in(tmp_path, in_tenant, SHOPIFY_ORDERS + refused)

    from stores.models import ImportRefusal, ImportRun

    kept = str([everything(model) for model in (Order, OrderLine, ImportRun, ImportRefusal)])
    for secret in ("ada@", "Ada Person", "1 Road", "E1 1AA", "+44 1", "call first", "carl@"):
        assert secret not in kept
    assert run.rows_refused == 1


def test_an_order_told_again_is_brought_up_to_date(in_tenant, tmp_path):
    bring_in(tmp_path, in_tenant, SHOPIFY_ORDERS)
    run = bring_in(tmp_path, in_tenant, SHOPIFY_ORDERS.replace("paid", "partially_refunded"))

    assert run.result["counts"]["orders_updated"] == 1
    assert Order.objects.get(number="#1001").financial_status == "partially_refunded"


def test_a_line_nobody_knows_keeps_its_name(in_tenant, tmp_path):
    bring_in(tmp_path, in_tenant, SHOPIFY_ORDERS)
    assert OrderLine.objects.get(order__number="#1001", ordinal=2).title == "Tin Mug"


def test_a_catalogue_takes_over_what_orders_made_up(in_tenant, tmp_path):
    bring_in(tmp_path, in_tenant, SHOPIFY_ORDERS)
    made_up = Variant.objects.get(sku="ST-1").pk
    bring_in(tmp_path, in_tenant, SHOPIFY_NEW)

    variant = Variant.objects.get(sku="ST-1")
    assert variant.pk == made_up
    assert variant.product.handle == "oak-stool"
    assert Product.objects.count() == 2
    assert variant.lines.count() == 1


def test_orders_in_another_currency_are_refused(in_tenant, tmp_path):
    run = bring_in(tmp_path, in_tenant, SHOPIFY_ORDERS.replace("GBP,9.50", "EUR,9.50"))
    assert reasons(run) == {4: "The order is in EUR, the shop in GBP."}
