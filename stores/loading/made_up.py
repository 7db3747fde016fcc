"""Products that only order lines know of: named and priced from what was sold.

Title: the most frequent description on sale lines. Price: the median of what the newest 25 sale
lines asked; the newest, because that is what it costs now, and the median, because the last line
may be a single wholesale deal. Nothing sold at a price: no price, and a draft.
"""

from collections import Counter, defaultdict
from decimal import Decimal
from operator import itemgetter
from statistics import median_low
from typing import Any

from django.db import connection
from django.utils.text import slugify

from core.ids import new_id
from stores.imports.records import LineRow

DESCRIPTIONS_KEPT = 50
PRICES_KEPT = 25
WORDS = itemgetter(2, 3, 5)  # of a line: SKU, title, kind
# Codes of UCI Online Retail that are no goods: postage, fees, discounts, manual entries, vouchers.
NOT_GOODS = frozenset(
    ("POST", "DOT", "D", "M", "C2", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK")
)
VOUCHER = "gift_"

PRODUCTS = """
INSERT INTO stores_product (id, tenant_id, external_key, handle, title, description_html, vendor,
    product_type, category, tags, status, seo_title, seo_description, position, is_featured,
    needs_image, simulated, extra, updated_at)
SELECT id, %(tenant)s, 'sku:' || sku, '', sku, '', '', '', '', '{}', 'active', '', '', 0, false,
       false, false, '{"made_from": "orders"}', statement_timestamp()
FROM unnest(%(ids)s::text[], %(skus)s::text[]) AS made(id, sku)
"""
VARIANTS = """
INSERT INTO stores_variant (tenant_id, product_id, external_key, sku, barcode, title, options,
    position, cost_simulated, extra, updated_at)
SELECT %(tenant)s, id, 'sku:' || sku, sku, '', '', '[]', 0, false, '{}', statement_timestamp()
FROM unnest(%(ids)s::text[], %(skus)s::text[]) AS made(id, sku)
RETURNING sku, id
"""
PRICES = """
UPDATE stores_variant variant SET price = asked.price
FROM unnest(%(ids)s::bigint[], %(prices)s::numeric[]) AS asked(id, price)
WHERE variant.tenant_id = %(tenant)s AND variant.id = asked.id
"""
NAMES = """
UPDATE stores_product product SET title = named.title, handle = named.handle,
    status = CASE WHEN named.is_goods THEN product.status ELSE 'archived' END
FROM unnest(%(keys)s::text[], %(titles)s::text[], %(handles)s::text[], %(goods)s::boolean[])
     AS named(key, title, handle, is_goods)
WHERE product.tenant_id = %(tenant)s AND product.external_key = named.key
"""
UNPRICED = """
UPDATE stores_product product SET status = 'draft'
FROM stores_variant variant
WHERE variant.tenant_id = product.tenant_id AND variant.product_id = product.id
  AND product.tenant_id = %(tenant)s AND variant.id = ANY(%(variants)s)
  AND variant.price IS NULL AND product.status = 'active'
"""
TAKEN = "SELECT handle FROM stores_product WHERE tenant_id = %s AND handle = ANY(%s)"


class MadeUp:
    def __init__(self, tenant_id: str, *, judges_goods: bool) -> None:
        self.tenant_id, self.judges_goods = tenant_id, judges_goods
        self.ids: dict[str, str] = {}
        self.descriptions: dict[str, Counter[str]] = defaultdict(Counter)
        self.asked: dict[str, list[tuple[str, str]]] = {}  # SKU → [(day, price)]

    def make(self, cursor, skus: list[str]) -> dict[str, str]:
        """SKU → id of a new variant of a new product, named and priced at the end."""
        if not skus:
            return {}
        ids = [new_id("product") for _ in skus]
        params = {"tenant": self.tenant_id, "ids": ids, "skus": skus}
        cursor.execute(PRODUCTS, params)
        cursor.execute(VARIANTS, params)
        made = {sku: str(row_id) for sku, row_id in cursor.fetchall()}
        self.ids |= made
        self.asked |= {sku: [] for sku in made}
        return made

    def notice(self, lines: list[LineRow]) -> None:
        """Remember how the new SKUs were described and what was asked for them."""
        if not self.ids:
            return
        self._notice_words(lines)
        asked = self.asked
        for _, _, sku, _, day, kind, _, price, _ in lines:
            if kind == "sale" and sku in asked:
                prices = asked[sku]
                prices.append((day, price))
                if len(prices) > 2 * PRICES_KEPT:
                    asked[sku] = _newest(prices)

    def _notice_words(self, lines: list[LineRow]) -> None:
        """A sale's words outweigh any other's: adjustments say "damaged" and "?"."""
        counted = Counter(map(WORDS, lines))
        for (sku, title, kind), times in counted.items():
            if sku in self.ids and title.strip():
                words = self.descriptions[sku]
                words[title.strip()[:500]] += times * (1_000_000 if kind == "sale" else 1)
                if len(words) > 2 * DESCRIPTIONS_KEPT:
                    self.descriptions[sku] = Counter(dict(words.most_common(DESCRIPTIONS_KEPT)))

    def finish(self) -> int:
        """Name and price what was made; how many there are."""
        if not self.ids:
            return 0
        titles = {sku: _most_frequent(self.descriptions[sku]) or sku for sku in self.ids}
        with connection.cursor() as cursor:
            variants = [int(row_id) for row_id in self.ids.values()]
            params: dict[str, Any] = {"tenant": self.tenant_id, "variants": variants}
            cursor.execute(PRICES, params | self._prices())
            cursor.execute(NAMES, self._names(cursor, titles))
            cursor.execute(UNPRICED, params)
        return len(self.ids)

    def _prices(self) -> dict[str, Any]:
        medians = {sku: _median(prices) for sku, prices in self.asked.items()}
        priced = {sku: price for sku, price in medians.items() if price}
        return {
            "ids": [int(self.ids[sku]) for sku in priced],
            "prices": list(priced.values()),
        }

    def _names(self, cursor, titles: dict[str, str]) -> dict[str, Any]:
        skus = sorted(titles)
        return {
            "tenant": self.tenant_id,
            "keys": [f"sku:{sku}" for sku in skus],
            "titles": [titles[sku] for sku in skus],
            "handles": self._handles(cursor, skus, titles),
            "goods": [not self.judges_goods or is_goods(sku) for sku in skus],
        }

    def _handles(self, cursor, skus: list[str], titles: dict[str, str]) -> list[str]:
        wanted = [_slug(titles[sku], sku) for sku in skus]
        cursor.execute(TAKEN, [self.tenant_id, wanted])
        taken = {handle for (handle,) in cursor.fetchall()}
        handles = []
        for handle in wanted:
            free, number = handle, 2
            while free in taken:
                free, number = f"{handle}-{number}", number + 1
            taken.add(free)
            handles.append(free)
        return handles


def is_goods(sku: str) -> bool:
    return sku.upper() not in NOT_GOODS and not sku.startswith(VOUCHER)


def _newest(prices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """By day, whichever way the file runs."""
    return sorted(prices, key=itemgetter(0))[-PRICES_KEPT:]


def _median(prices: list[tuple[str, str]]) -> Decimal | None:
    """Of the newest prices, the lower one of the middle; None when that rounds to nothing."""
    newest = [Decimal(price) for _, price in _newest(prices)]
    return median_low(newest).quantize(Decimal("0.01")) if newest else None


def _most_frequent(words: Counter[str]) -> str:
    """The first by count, then by alphabet, so that it is the same each time."""
    return min(words, key=lambda title: (-words[title], title), default="")


def _slug(title: str, sku: str) -> str:
    return slugify(f"{title[:180]} {sku}", allow_unicode=True) or slugify(sku) or "product"
