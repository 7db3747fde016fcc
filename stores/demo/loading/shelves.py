"""Where the simulator's items stand in a tenant's shop."""

from typing import NamedTuple

from stores.models import Variant

SIMULATOR = "simulator"


class Shelf(NamedTuple):
    variant_id: int
    product_id: str
    handle: str
    title: str
    type: str


def shelves_by_sku() -> dict[str, Shelf]:
    rows = Variant.objects.exclude(sku="").values_list(
        "sku", "id", "product_id", "product__handle", "product__title", "product__product_type"
    )
    return {row[0]: Shelf(*row[1:]) for row in rows}
