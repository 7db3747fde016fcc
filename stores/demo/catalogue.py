"""The hand-written catalogue as the simulator's items.

The shop itself is loaded from the same CSV by the product importer, like any customer's.
This reader takes only what the simulator needs and joins the market positions.
"""

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from stores.demo.rows import Item

DATA = Path(__file__).resolve().parents[2] / "data" / "demo"


class Catalogue(NamedTuple):
    """A product CSV in the current Shopify dialect, and what is known of its market."""

    products: Path
    positions: Path | None


DEMO_SHOP = Catalogue(DATA / "products.csv", DATA / "positions.json")
OTHER_SHOP = Catalogue(DATA / "other_products.csv", None)


def read_items(catalogue: Catalogue) -> list[Item]:
    """Every variant in file order."""
    positions = _positions(catalogue.positions)
    return [_item(product, row, positions) for product, row in _variant_rows(catalogue.products)]


def _positions(path: Path | None) -> dict[str, dict[str, float]]:
    return json.loads(path.read_text(encoding="utf-8")) if path else {}


def _variant_rows(path: Path) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Each row that has a price, with the first row of its product."""
    product: dict[str, str] = {}
    with path.open(newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            product = row if row["Title"] else product
            if row["Price"]:
                yield product, row


def _item(
    product: dict[str, str], row: dict[str, str], positions: dict[str, dict[str, float]]
) -> Item:
    position = positions.get(product["URL handle"], {})
    cost = row["Cost per item"]
    return Item(
        sku=row["SKU"],
        handle=product["URL handle"],
        title=product["Title"],
        type=product["Type"],
        tags=frozenset(tag.strip() for tag in product["Tags"].split(",")),
        price=Decimal(row["Price"]),
        cost=Decimal(cost) if cost else None,
        popularity=position.get("popularity", 3.0),
        market=position.get("market", 1.0),
        active=product["Status"] == "Active",
    )
