"""The files real shops have, where this machine holds them; they are never in the repository."""

from pathlib import Path

import pytest
from django.db.models import Count, Sum

from core.scope import scope
from stores import queries
from stores.models import Order, OrderLine, Product, ProductImage, Variant
from stores.states import ImportState
from tests.stores.importing import OPERATOR, everything, reasons

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ORDERS, PRODUCTS = DATA / "online_retail.csv.gz", DATA / "packt_product_export.csv"


def needs(path: Path):
    reason = f"{path.name} is not on this machine (looked in ../shared/data)"
    return pytest.mark.skipif(not path.exists(), reason=reason)


def bring(tenant, path, **options):
    from stores import services
    from stores.services.running import Options

    return services.import_file(
        tenant_id=tenant.pk, path=path, actor=OPERATOR, options=Options(**options)
    )


@needs(PRODUCTS)
def test_a_real_shopify_export(in_tenant):
    run = bring(in_tenant, PRODUCTS)

    assert (run.status, run.rows_read, run.rows_refused) == (ImportState.SUCCEEDED, 21, 0)
    assert (Product.objects.count(), Variant.objects.count()) == (20, 21)
    gloves = Product.objects.get(handle="gardening-gloves")
    assert list(gloves.variants.order_by("position").values_list("title", flat=True)) == [
        "Green",
        "Yellow",
    ]
    assert ProductImage.objects.count() == 21

    before = [everything(model) for model in (Product, Variant, ProductImage)]
    bring(in_tenant, PRODUCTS, again=True)
    assert [everything(model) for model in (Product, Variant, ProductImage)] == before


@needs(ORDERS)
@pytest.mark.slow
def test_half_a_million_real_order_lines(committed_cast):
    tenant = committed_cast.tenant
    run = bring(tenant, ORDERS)

    assert (run.status, run.rows_read, run.rows_kept) == (ImportState.SUCCEEDED, 541_909, 541_907)
    assert reasons(run) == {
        299_985: "The price is below zero.",
        299_986: "The price is below zero.",
    }
    with scope(tenant_id=tenant.pk):
        assert OrderLine.objects.count() == 541_907
        assert Order.objects.filter(is_return=True).count() == 3_836
        assert Order.objects.count() == 25_898
        assert Variant.objects.count() == 4_070
        assert queries.today(tenant.pk).isoformat() == "2011-12-09"
        per_month = dict(
            OrderLine.objects.filter(placed_on__year=2011)
            .exclude(kind="adjustment")
            .values_list("placed_on__month")
            .annotate(revenue=Sum("amount"))
        )
        assert (round(per_month[1] / 1000), round(per_month[11] / 1000)) == (560, 1_462)
        assert not Order.objects.filter(customer_hash="17850").exists()
        customers = Order.objects.exclude(customer_hash="").aggregate(
            n=Count("customer_hash", distinct=True)
        )
        assert customers["n"] == 4_372

    again = bring(tenant, ORDERS, again=True)
    counts = {name: n for name, n in again.result["counts"].items() if n}
    assert counts == {"lines_unchanged": 541_907}
