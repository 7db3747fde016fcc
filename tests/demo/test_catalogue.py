"""The hand-written catalogue has the size and the faults that the demo needs."""

import csv
import json
import re
from collections import Counter

import pytest

from stores.demo.catalogue import DEMO_SHOP, OTHER_SHOP, read_items


@pytest.fixture(scope="module")
def rows():
    with DEMO_SHOP.products.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def products(rows):
    return [row for row in rows if row["Title"]]


def words(html: str) -> int:
    return len(re.sub(r"<[^>]+>", " ", html).split())


def test_it_is_a_shop_of_the_promised_size(rows, products):
    assert len(products) == 133
    assert len([row for row in rows if row["Price"]]) == 206
    assert len({row["Type"] for row in products}) == 12


def test_handles_and_skus_are_unique(rows, products):
    handles = Counter(row["URL handle"] for row in products)
    skus = Counter(row["SKU"] for row in rows if row["SKU"])
    assert (handles.most_common(1)[0][1], skus.most_common(1)[0][1]) == (1, 1)


def test_no_price_is_below_its_cost(items):
    assert [item.sku for item in items if item.cost and item.cost >= item.price] == []


def test_more_than_30_percent_have_no_description_and_more_are_thin(products):
    lengths = [words(row["Description"]) for row in products]
    assert lengths.count(0) == 58
    assert len([n for n in lengths if 0 < n < 40]) == 30
    assert 58 / len(products) > 0.30


def test_seo_faults_are_there_to_be_found(rows, products):
    titles = Counter(row["SEO title"] for row in products if row["SEO title"])
    metas = Counter(row["SEO description"] for row in products if row["SEO description"])
    pictures = [row for row in rows if row["Product image URL"]]
    assert len([row for row in products if not row["SEO title"]]) == 56
    assert len([title for title in titles if len(title) > 70]) == 2
    assert len([title for title, count in titles.items() if count > 1]) == 2
    assert len([meta for meta in metas if len(meta) > 160]) == 2
    assert len([meta for meta, count in metas.items() if count > 1]) == 2
    assert len([row for row in pictures if not row["Image alt text"]]) == 69


def test_each_position_belongs_to_a_product(products):
    positions = json.loads(DEMO_SHOP.positions.read_text(encoding="utf-8"))
    assert set(positions) == {row["URL handle"] for row in products}


def test_items_take_product_facts_from_the_first_row(items):
    large = next(item for item in items if item.sku == "CAN-FEN-L")
    assert (large.handle, large.type, str(large.price), large.comparable) == (
        "fenland-beeswax-candle",
        "Candles",
        "18.50",
        True,
    )


def test_gift_cards_wrapping_and_named_things_have_no_market(items):
    alone = {item.handle for item in items if not item.comparable}
    assert alone == {
        "gift-box-build-your-own",
        "gift-wrapping-service",
        "hollin-and-wren-gift-card",
        "personalised-stocking",
    }


def test_the_other_shop_shares_nothing_with_the_first(items):
    other = read_items(OTHER_SHOP)
    assert len(other) == 10
    assert {item.sku for item in other} & {item.sku for item in items} == set()
