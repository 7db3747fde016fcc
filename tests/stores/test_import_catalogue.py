"""Product files of both shops: what is kept, what is refused, and that twice is once."""

from decimal import Decimal

import pytest

from stores.models import Product, ProductImage, Variant
from stores.states import ImportState
from tests.stores.files import SHOPIFY_NEW, SHOPIFY_OLD, WOOCOMMERCE
from tests.stores.importing import bring_in, everything, reasons


def counts(run):
    return (run.status, run.rows_read, run.rows_kept, run.rows_refused)


def test_the_old_dialect_of_shopify(in_tenant, tmp_path):
    run = bring_in(tmp_path, in_tenant, SHOPIFY_OLD)

    assert counts(run) == (ImportState.SUCCEEDED, 4, 4, 0)
    stool = Product.objects.get(handle="oak-stool")
    assert (stool.title, stool.vendor, stool.product_type, stool.tags, stool.status) == (
        "Oak Stool",
        "Bench & Beam",
        "Seating",
        ["oak", "stool"],
        "active",
    )
    assert stool.extra == {"Google Shopping / MPN": "M1"}
    variants = stool.variants.order_by("position").values_list(
        "title", "sku", "price", "compare_at_price", "cost", "inventory_quantity", "weight_grams"
    )
    assert list(variants) == [
        ("Natural", "ST-1", Decimal("49"), Decimal("59"), Decimal("21.5"), 7, Decimal("4200")),
        ("Black", "ST-2", Decimal("52"), None, Decimal("22"), 3, Decimal("4200")),
    ]
    assert stool.variants.get(sku="ST-2").options == [{"name": "Colour", "value": "Black"}]
    assert list(stool.images.order_by("position").values_list("url", "alt")) == [
        ("https://shop.example/stool-1.jpg", "A stool"),
        ("https://shop.example/stool-2.jpg", ""),
        ("https://shop.example/stool-3.jpg", ""),
    ]
    assert Variant.objects.get(sku="MUG-1").title == ""
    assert run.result["warnings"] == ["“Tin Mug”: the compare-at price is not above the price."]


def test_the_new_dialect_of_shopify(in_tenant, tmp_path):
    run = bring_in(tmp_path, in_tenant, SHOPIFY_NEW)

    assert counts(run) == (ImportState.SUCCEEDED, 3, 3, 0)
    assert dict(Product.objects.values_list("handle", "status")) == {
        "oak-stool": "active",
        "tin-mug": "draft",
    }
    stool = Product.objects.get(handle="oak-stool")
    assert stool.category == "Furniture > Stools"
    assert stool.extra == {"Price / International": "55.00"}
    assert stool.variants.get(sku="ST-2").extra == {"Price / International": "58.00"}


def test_the_two_dialects_speak_of_the_same_products(in_tenant, tmp_path):
    bring_in(tmp_path, in_tenant, SHOPIFY_OLD)
    run = bring_in(tmp_path, in_tenant, SHOPIFY_NEW)

    assert Product.objects.count() == 2
    assert run.result["counts"]["variants_created"] == 0


@pytest.mark.parametrize("text", [SHOPIFY_OLD, SHOPIFY_NEW, WOOCOMMERCE])
def test_the_same_file_twice_changes_nothing(in_tenant, tmp_path, text):
    first = bring_in(tmp_path, in_tenant, text)
    before = [everything(model) for model in (Product, Variant, ProductImage)]

    same = bring_in(tmp_path, in_tenant, text)
    again = bring_in(tmp_path, in_tenant, text, again=True)

    assert [everything(model) for model in (Product, Variant, ProductImage)] == before
    assert same.result["same_as"] == first.pk
    assert counts(same) == counts(again) == counts(first)
    changed = {k: n for k, n in again.result["counts"].items() if not k.endswith("_unchanged")}
    assert not any(changed.values())


def test_a_product_whose_values_differ_is_updated(in_tenant, tmp_path):
    bring_in(tmp_path, in_tenant, SHOPIFY_OLD)
    mug = everything(Variant.objects.filter(sku="MUG-1").model)
    run = bring_in(tmp_path, in_tenant, SHOPIFY_OLD.replace("52.00", "53.00"))

    assert run.result["counts"]["variants_updated"] == 1
    assert Variant.objects.get(sku="ST-2").price == Decimal("53.00")
    unchanged = [row for row in everything(Variant) if row["sku"] != "ST-2"]
    assert unchanged == [row for row in mug if row["sku"] != "ST-2"]


def test_a_column_the_file_lacks_leaves_what_is_there(in_tenant, tmp_path):
    bring_in(tmp_path, in_tenant, SHOPIFY_OLD)
    bring_in(tmp_path, in_tenant, "Handle,Title,Variant Price\noak-stool,Oak Stool,48.00\n")

    stool = Product.objects.get(handle="oak-stool")
    assert stool.description_html == "<p>Stands on three legs.</p>"
    assert stool.variants.get(title="").price == Decimal("48.00")


def test_woocommerce(in_tenant, tmp_path):
    run = bring_in(tmp_path, in_tenant, WOOCOMMERCE)

    assert counts(run) == (ImportState.SUCCEEDED, 5, 5, 0)
    lamp = Product.objects.get(title="Desk Lamp")
    assert (lamp.handle, lamp.category, lamp.product_type, lamp.is_featured) == (
        "desk-lamp",
        "Home > Lamps",
        "Lamps",
        True,
    )
    assert lamp.extra == {
        "Tax status": "taxable",
        "Meta: _custom": "x",
        "Weight (kg)": "1.2",
        "Short description": "Bright.",
    }
    (variant,) = lamp.variants.all()
    assert (variant.price, variant.compare_at_price, variant.weight_grams) == (
        Decimal("24.90"),
        Decimal("29.90"),
        Decimal("1200"),
    )
    assert lamp.images.count() == 2
    shirt = Product.objects.get(title="Linen Shirt")
    assert list(shirt.variants.order_by("position").values_list("sku", "title")) == [
        ("SHIRT-S", "S"),
        ("SHIRT-M", "M"),
    ]
    cap = Product.objects.get(title="Winter Cap")
    assert cap.status == "draft"
    assert cap.variants.get().price == Decimal("12.00")


def test_a_variation_of_nobody_is_refused(in_tenant, tmp_path):
    run = bring_in(tmp_path, in_tenant, WOOCOMMERCE.replace("id:12", "id:99"))

    assert counts(run) == (ImportState.SUCCEEDED, 5, 4, 1)
    assert list(reasons(run).values()) == [
        "The product of this variation is not in the file and not in the shop."
    ]
    assert not Variant.objects.filter(sku="SHIRT-M").exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",,,,,,,,,,,,1.00,,,,,,,,,", "The row has neither a handle nor a title."),
        ("lost,,,,,,,,,,,,1.00,,,,,,,,,", "The first row of this product has no title."),
        ("bad,Bad,,,,,,,,,,,-1.00,,,,,,,,,", "“-1.00” is below zero."),
        ('bad,Bad,,,,,,,,,,,"1,99",,,,,,,,,', "“1,99” is not a number."),
        ("bad,Bad,,,,,,,,,,,1.999,,,,,,,,,", "“1.999” has more than two digits after the point."),
        ("bad,Bad", "The row has 2 cells, the header has 22."),
        ("bad,Bad,,,,,,,,,,,1.00,,,,,,,,,gone", "“gone” is not a status."),
        ("tin-mug,,,,,,,,,,,,,,,,,,,,,", "The row adds neither a variant nor a picture."),
        ("oak-stool,,,,,,,,Black,,,,3.00,,,,,,,,,", "The file has this variant already."),
    ],
)
def test_bad_rows_are_refused_and_the_others_kept(in_tenant, tmp_path, row, reason):
    run = bring_in(tmp_path, in_tenant, SHOPIFY_OLD + row + "\n")

    assert counts(run) == (ImportState.SUCCEEDED, 5, 4, 1)
    assert reasons(run) == {6: reason}
    assert Product.objects.count() == 2


def test_what_follows_a_refused_first_row_is_refused_with_it(in_tenant, tmp_path):
    text = "Handle,Title,Variant Price,Option1 Value\na,A,-1,S\na,,2.00,M\nb,B,3.00,\n"
    run = bring_in(tmp_path, in_tenant, text)

    assert counts(run) == (ImportState.SUCCEEDED, 3, 1, 2)
    assert reasons(run) == {
        2: "“-1” is below zero.",
        3: "The first row of this product (line 2) was refused.",
    }


def test_two_products_of_one_name_get_two_handles(in_tenant, tmp_path):
    text = "ID,Type,Name,Regular price,Tax status\n1,simple,Lamp,5,x\n2,simple,Lamp,6,x\n"
    bring_in(tmp_path, in_tenant, text)
    first, second = Product.objects.order_by("external_key").values_list("handle", flat=True)
    assert first == "lamp"
    assert second.startswith("lamp-")


def test_european_numbers_and_semicolons(in_tenant, tmp_path):
    text = "Handle;Title;Variant Price;Status\na;A;1.234,50;active\nb;B;9,90;active\n"
    run = bring_in(tmp_path, in_tenant, text)
    assert counts(run) == (ImportState.SUCCEEDED, 2, 2, 0)
    assert sorted(Variant.objects.values_list("price", flat=True)) == [
        Decimal("9.90"),
        Decimal("1234.50"),
    ]
