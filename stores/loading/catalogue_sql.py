"""The statements of the catalogue's loader: staging, refusals of staged rows, upserts."""

from collections.abc import Collection, Sequence

from django.utils.translation import gettext_lazy as _

PRODUCT_STAGE = (
    *("line", "id", "key", "sku", "handle", "title", "description_html", "vendor", "product_type"),
    *("category", "tags", "status", "seo_title", "seo_description", "position", "is_featured"),
    "extra",
)
VARIANT_STAGE = (
    *("line", "key", "parent", "sku", "barcode", "title", "options", "position", "price"),
    *("compare_at_price", "cost", "inventory_quantity", "weight_grams", "extra"),
)
IMAGE_STAGE = ("line", "parent", "url", "position", "alt")

STAGING = """
CREATE TEMP TABLE staged_product (
    line int, id text COLLATE "C", key text COLLATE "C", sku text COLLATE "C",
    handle text COLLATE "C", title text, description_html text, vendor text, product_type text,
    category text, tags text[], status text, seo_title text, seo_description text, position int,
    is_featured boolean, extra jsonb) ON COMMIT DROP;
CREATE TEMP TABLE staged_variant (
    line int, key text COLLATE "C", parent text COLLATE "C", product_key text COLLATE "C",
    sku text COLLATE "C", barcode text, title text, options jsonb, position int, price numeric,
    compare_at_price numeric, cost numeric, inventory_quantity int, weight_grams numeric,
    extra jsonb) ON COMMIT DROP;
CREATE TEMP TABLE staged_image (
    line int, parent text COLLATE "C", url text COLLATE "C", position int, alt text)
    ON COMMIT DROP;
"""
DROP_STAGING = "DROP TABLE staged_product, staged_variant, staged_image"
ANALYZE = "ANALYZE staged_product; ANALYZE staged_variant; ANALYZE staged_image"

TWINS = """
DELETE FROM staged_variant twin USING (
    SELECT line, row_number() OVER (PARTITION BY key ORDER BY line) AS place FROM staged_variant
) placed
WHERE placed.line = twin.line AND placed.place > 1
RETURNING twin.line, twin.key, twin.parent
"""
# A parent is named by its key, or, with ``sku:``, by its SKU; in this file or in the shop.
PARENTS = (
    """
    UPDATE staged_variant child SET product_key = parent.key FROM staged_product parent
    WHERE parent.key = child.parent
    """,
    """
    UPDATE staged_variant child SET product_key = parent.key
    FROM (SELECT DISTINCT ON (sku) sku, key FROM staged_product WHERE sku <> ''
          ORDER BY sku, line) parent
    WHERE child.product_key IS NULL AND child.parent = 'sku:' || parent.sku
    """,
    """
    UPDATE staged_variant child SET product_key = parent.external_key FROM stores_product parent
    WHERE child.product_key IS NULL
      AND parent.tenant_id = %(tenant)s AND parent.external_key = child.parent
    """,
    """
    UPDATE staged_variant child SET product_key = parent.external_key FROM stores_product parent
    WHERE child.product_key IS NULL
      AND parent.tenant_id = %(tenant)s AND child.parent = 'sku:' || (parent.extra ->> 'SKU')
    """,
)
ORPHANS = """
DELETE FROM staged_variant WHERE product_key IS NULL RETURNING line, key, parent
"""
REFUSALS: Sequence[tuple[str, object]] = (
    (TWINS, _("The file has this variant already.")),
    (ORPHANS, _("The product of this variation is not in the file and not in the shop.")),
)

# A catalogue's variant takes over the one that order lines made up for the same SKU, and with it
# all its sales; the made-up product it leaves behind is dropped when nothing is left in it.
TAKE_OVER = (
    """
    UPDATE stores_variant held SET external_key = fresh.key, updated_at = statement_timestamp()
    FROM (SELECT DISTINCT ON (sku) sku, key FROM staged_variant WHERE sku <> ''
          ORDER BY sku, line) fresh
    WHERE held.tenant_id = %(tenant)s AND held.external_key = 'sku:' || fresh.sku
      AND held.sku = fresh.sku AND fresh.key <> held.external_key
      AND NOT EXISTS (SELECT FROM stores_variant other WHERE other.tenant_id = %(tenant)s
                      AND other.external_key = fresh.key)
    """,
)
DROP_EMPTY = """
DELETE FROM stores_product made
WHERE made.tenant_id = %(tenant)s AND made.extra ->> 'made_from' = 'orders'
  AND NOT EXISTS (SELECT FROM stores_variant held
                  WHERE held.tenant_id = made.tenant_id AND held.product_id = made.id)
"""

# Field of the file → columns it tells.
PRODUCT_TOLD = {
    "title": "title",
    "description": "description_html",
    "vendor": "vendor",
    "type": "product_type",
    "category": "category",
    "tags": "tags",
    "status": "status",
    "published": "status",
    "seo_title": "seo_title",
    "seo_description": "seo_description",
    "position": "position",
    "featured": "is_featured",
}
VARIANT_TOLD = {
    "sku": "sku",
    "barcode": "barcode",
    "price": "price",
    "compare_at_price": "compare_at_price",
    "sale_price": "compare_at_price",
    "cost": "cost",
    "inventory": "inventory_quantity",
    "stock": "inventory_quantity",
    "weight": "weight_grams",
}

UPSERT = """
WITH fresh AS ({select}), stored AS (
    INSERT INTO {table} AS held ({columns}, tenant_id, updated_at)
    SELECT {columns}, %(tenant)s, statement_timestamp() FROM fresh
    ON CONFLICT ({key}) DO UPDATE SET {assignments}, updated_at = statement_timestamp()
    WHERE ({held}) IS DISTINCT FROM ({given})
    RETURNING xmax = 0 AS is_new
)
SELECT (SELECT count(*) FROM stored WHERE is_new),
       (SELECT count(*) FROM stored WHERE NOT is_new),
       (SELECT count(*) FROM fresh)
"""

PRODUCTS = """
    SELECT told.id, told.key AS external_key,
           CASE WHEN told.handle = '' THEN ''
                WHEN place > 1 OR other.id IS NOT NULL
                THEN told.handle || '-' || left(md5(key), 8) ELSE told.handle END AS handle,
           told.title, told.description_html, told.vendor, told.product_type, told.category,
           told.tags, told.status, told.seo_title, told.seo_description, told.position,
           told.is_featured, false AS needs_image, false AS simulated, told.extra
    FROM (SELECT DISTINCT ON (key) *, row_number() OVER (PARTITION BY handle ORDER BY line) AS place
          FROM staged_product WHERE title <> '' ORDER BY key, line) told
    LEFT JOIN stores_product other
      ON other.tenant_id = %(tenant)s AND other.handle = told.handle AND told.handle <> ''
     AND other.external_key <> told.key
"""
VARIANTS = """
    SELECT product.id AS product_id, staged.key AS external_key, staged.sku, staged.barcode,
           staged.title, staged.options, staged.position, staged.price, staged.compare_at_price,
           staged.cost, false AS cost_simulated, staged.inventory_quantity, staged.weight_grams,
           staged.extra
    FROM staged_variant staged
    JOIN stores_product product
      ON product.tenant_id = %(tenant)s AND product.external_key = staged.product_key
"""
IMAGES = """
    SELECT DISTINCT ON (product.id, staged.url) product.id AS product_id, staged.url,
           staged.position, staged.alt
    FROM staged_image staged
    JOIN stores_product product
      ON product.tenant_id = %(tenant)s AND product.external_key = staged.parent
    ORDER BY product.id, staged.url, staged.line
"""


def upsert_products(told: Collection[str]) -> str:
    updates = {PRODUCT_TOLD[name] for name in told if name in PRODUCT_TOLD} | {"extra"}
    columns = [name for name in PRODUCT_STAGE if name not in ("line", "key", "sku")]
    columns += ["external_key", "needs_image", "simulated"]
    return _upsert("stores_product", PRODUCTS, columns, "tenant_id, external_key", updates)


def upsert_variants(told: Collection[str]) -> str:
    updates = {VARIANT_TOLD[name] for name in told if name in VARIANT_TOLD}
    updates |= {"product_id", "title", "options", "position", "extra"}
    columns = [name for name in VARIANT_STAGE if name not in ("line", "key", "parent")]
    columns += ["external_key", "product_id", "cost_simulated"]
    return _upsert("stores_variant", VARIANTS, columns, "tenant_id, external_key", updates)


def upsert_images(told: Collection[str]) -> str:
    updates = {"position"} | ({"alt"} if "image_alt" in told else set())
    columns = ["product_id", "url", "position", "alt"]
    return _upsert("stores_productimage", IMAGES, columns, "tenant_id, product_id, url", updates)


def _upsert(table: str, select: str, columns: list[str], key: str, updates: set[str]) -> str:
    names = sorted(updates)
    given = {name: f"EXCLUDED.{name}" for name in names}
    if table == "stores_variant" and "cost" in updates:
        # A cost the shop tells replaces a simulated one; its absence does not erase it.
        given["cost"] = "coalesce(EXCLUDED.cost, held.cost)"
        given["cost_simulated"] = "held.cost_simulated AND EXCLUDED.cost IS NULL"
    return UPSERT.format(
        table=table,
        select=select,
        columns=", ".join(columns),
        key=key,
        assignments=", ".join(f"{name} = {value}" for name, value in given.items()),
        held=", ".join(f"held.{name}" for name in given),
        given=", ".join(given.values()),
    )
