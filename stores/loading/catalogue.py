"""Products, variants and pictures: staged as they stream in, then upserted table by table.

A file tells only what its columns tell: a column it lacks leaves what is there. Existing rows are
found by the key the shop's own export gives them; a product made up from order lines is taken
over by the first catalogue that has its SKU.
"""

import json
from collections.abc import Callable, Collection, Iterable
from itertools import islice

from django.db import connection

from core.ids import new_id
from stores.imports.records import ProductRow, Refused, VariantRow
from stores.loading import catalogue_sql as sql
from stores.loading.planner import hash_joins
from stores.loading.prefetch import prefetched
from stores.loading.tally import Tally

BATCH = 2_000
Record = ProductRow | VariantRow | Refused


class CatalogueLoader:
    """``told`` names the fields the file has columns for."""

    def __init__(self, tally: Tally, *, told: Collection[str]) -> None:
        self.tally, self.tenant_id = tally, tally.tenant_id
        self.told = set(told)

    def load(self, records: Iterable[Record], progress: Callable[[int], None]) -> None:
        with connection.cursor() as cursor, hash_joins():
            cursor.execute(sql.STAGING)
            for batch in prefetched(_batches(records)):
                self._stage(cursor, batch)
                progress(self.tally.read)
            self._refuse_staged(cursor)
            self._upsert(cursor)
            self.tally.write()
            cursor.execute(sql.DROP_STAGING)

    def _stage(self, cursor, batch: list[Record]) -> None:
        products = [record for record in batch if isinstance(record, ProductRow)]
        loose = [record for record in batch if isinstance(record, VariantRow)]
        variants = [variant for product in products for variant in product.variants] + loose
        _copy(cursor, "staged_product", sql.PRODUCT_STAGE, map(_product, products))
        _copy(cursor, "staged_variant", sql.VARIANT_STAGE, map(_variant, variants))
        _copy(cursor, "staged_image", sql.IMAGE_STAGE, _images(products))
        refused = [record for record in batch if isinstance(record, Refused)]
        self.tally.refuse(refused)
        self.tally.read += sum(product.rows for product in products) + len(loose) + len(refused)
        self.tally.warn(text for product in products for text in product.warnings)

    def _refuse_staged(self, cursor) -> None:
        """Rows that only the whole file shows to be wrong: twins, and children of nobody."""
        cursor.execute(sql.ANALYZE)
        for statement in sql.PARENTS:
            cursor.execute(statement, {"tenant": self.tenant_id})
        for statement, reason in sql.REFUSALS:
            cursor.execute(statement, {"tenant": self.tenant_id})
            rows = cursor.fetchall()
            self.tally.refuse(
                Refused(line, str(reason), (key, parent)) for line, key, parent in rows
            )

    def _upsert(self, cursor) -> None:
        params = {"tenant": self.tenant_id}
        for statement in sql.TAKE_OVER:
            cursor.execute(statement, params)
        for table, statement in (
            ("products", sql.upsert_products(self.told)),
            ("variants", sql.upsert_variants(self.told)),
            ("images", sql.upsert_images(self.told)),
        ):
            cursor.execute(statement, params)
            created, updated, seen = cursor.fetchone()
            self.tally.count(table, created=created, updated=updated, seen=seen)
        cursor.execute(sql.DROP_EMPTY, params)


def _batches(records: Iterable[Record]) -> Iterable[list[Record]]:
    source = iter(records)
    while batch := list(islice(source, BATCH)):
        yield batch


def _copy(cursor, table: str, columns: Collection[str], rows: Iterable[tuple]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _product(product: ProductRow) -> tuple:
    extra = dict(product.extra)
    if product.sku and not product.variants:
        extra["SKU"] = product.sku
    return (
        product.line,
        new_id("product"),
        product.key,
        product.sku,
        product.handle,
        product.title,
        product.description_html,
        product.vendor,
        product.product_type,
        product.category,
        product.tags,
        product.status,
        product.seo_title,
        product.seo_description,
        product.position,
        product.is_featured,
        json.dumps(extra),
    )


def _variant(variant: VariantRow) -> tuple:
    return (
        variant.line,
        variant.key,
        variant.parent,
        variant.sku,
        variant.barcode,
        variant.title,
        json.dumps(variant.options),
        variant.position,
        variant.price,
        variant.compare_at_price,
        variant.cost,
        variant.inventory_quantity,
        variant.weight_grams,
        json.dumps(variant.extra),
    )


def _images(products: Iterable[ProductRow]) -> Iterable[tuple]:
    for product in products:
        for image in product.images:
            yield product.line, product.key, image.url, image.position, image.alt
