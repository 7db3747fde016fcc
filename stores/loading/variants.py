"""Which variant an order line sold: by SKU, otherwise by name; made up where none is there."""

from collections.abc import Iterable

from stores.imports.records import LineRow
from stores.loading.made_up import MadeUp

BY_SKU = """
SELECT DISTINCT ON (sku) sku, id FROM stores_variant
WHERE tenant_id = %s AND sku = ANY(%s) ORDER BY sku, id
"""
BY_NAME = """
SELECT DISTINCT ON (name) name, id FROM (
    SELECT CASE WHEN variant.title = '' THEN product.title
                ELSE product.title || ' - ' || variant.title END AS name, variant.id
    FROM stores_variant variant
    JOIN stores_product product
      ON product.tenant_id = variant.tenant_id AND product.id = variant.product_id
    WHERE variant.tenant_id = %s
) named WHERE name = ANY(%s) ORDER BY name, id
"""
NAMED = "\x1fname:"
NULL = r"\N"


class VariantFinder:
    """Remembers what it found for the whole file; a catalogue is small beside its orders."""

    def __init__(self, tenant_id: str, made_up: MadeUp) -> None:
        self.tenant_id, self.made_up = tenant_id, made_up
        self.known: dict[str, str] = {}

    def find(self, cursor, lines: list[LineRow]) -> dict[str, str]:
        """Key → id as COPY writes it; ``NULL`` where a line has no SKU and its name is nobody's."""
        unknown = {line[2] or NAMED + line[3] for line in lines} - self.known.keys()
        if unknown:
            self._look_up(cursor, unknown)
            skus = [key for key in unknown if key not in self.known and not key.startswith(NAMED)]
            self.known |= self.made_up.make(cursor, sorted(skus))
            self.known |= dict.fromkeys(unknown - self.known.keys(), NULL)
        self.made_up.notice(lines)
        return self.known

    def _look_up(self, cursor, keys: Iterable[str]) -> None:
        skus = [key for key in keys if not key.startswith(NAMED)]
        names = {key[len(NAMED) :]: key for key in keys if key.startswith(NAMED)}
        cursor.execute(BY_SKU, [self.tenant_id, skus])
        self.known |= {sku: str(row_id) for sku, row_id in cursor.fetchall()}
        if names:
            cursor.execute(BY_NAME, [self.tenant_id, list(names)])
            self.known |= {names[name]: str(row_id) for name, row_id in cursor.fetchall()}
