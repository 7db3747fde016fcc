"""WooCommerce's product export: variations are rows of their own that name their parent."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.imports import values
from stores.imports.columns import Columns, Layout, plain
from stores.imports.errors import BadRow
from stores.imports.invoice_lines import wrong_width
from stores.imports.records import Context, ImageRow, ProductRow, Refused, VariantRow
from stores.imports.table import Table, oddity

LAYOUT = Layout(
    aliases={
        "id": ("ID",),
        "type": ("Type", "Typ"),
        "sku": ("SKU", "Artikelnummer"),
        "barcode": ("GTIN, UPC, EAN, or ISBN", "GTIN, UPC, EAN oder ISBN"),
        "title": ("Name",),
        "published": ("Published", "Veröffentlicht"),
        "featured": ("Is featured?", "Ist hervorgehoben?"),
        "short_description": ("Short description", "Kurzbeschreibung"),
        "description": ("Description", "Beschreibung"),
        "sale_starts": ("Date sale price starts",),
        "sale_ends": ("Date sale price ends",),
        "stock": ("Stock", "Lager", "Bestand"),
        "sale_price": ("Sale price", "Angebotspreis"),
        "price": ("Regular price", "Regulärer Preis", "Normaler Preis"),
        "cost": ("Meta: _wc_cog_cost", "Cost of goods", "Meta: _alg_wc_cog_cost"),
        "category": ("Categories", "Kategorien"),
        "tags": ("Tags", "Schlagwörter"),
        "images": ("Images", "Bilder"),
        "parent": ("Parent", "Übergeordnet", "Elternprodukt"),
        "position": ("Position",),
    },
    required=("title", "price"),
    amounts=("price", "sale_price"),
)
WEIGHT = re.compile(r"(weight|gewicht) \((g|kg|lbs|lb|oz)\)$")
GRAMS = {"g": "1", "kg": "1000", "lbs": "453.59237", "lb": "453.59237", "oz": "28.349523125"}
ATTRIBUTE = re.compile(r"attribute (\d+) (name|value\(s\))$")
VARIATION = ("variation", "variante")

# Names of cells in messages; lazy, because a translation costs more than reading a cell.
THE_ID = gettext_lazy("The ID")
THE_SKU = gettext_lazy("The SKU")
THE_NAME = gettext_lazy("The name")
THE_DESCRIPTION = gettext_lazy("The description")
THE_OPTIONS = gettext_lazy("The options")
THE_BARCODE = gettext_lazy("The barcode")
THE_PICTURES_ADDRESS = gettext_lazy("The picture's address")


class Reader:
    def __init__(self, columns: Columns, context: Context) -> None:
        self.columns, self.context = columns, context
        self.keys: set[str] = set()
        self.weight = self._column_like(WEIGHT)
        self.attributes = self._attribute_columns()

    def records(self, table: Table) -> Iterator[ProductRow | VariantRow | Refused]:
        for line, cells in table:
            try:
                yield self._record(line, cells, table.watched.odd)
            except BadRow as bad:
                yield Refused(line, bad.reason, self.columns.public(cells))

    def _record(self, line: int, cells: list[str], odd: bool) -> ProductRow | VariantRow:
        if len(cells) != self.columns.width:
            raise BadRow(wrong_width(len(cells), self.columns.width))
        if odd and (reason := oddity(cells)):
            raise BadRow(reason)
        kinds = {word.strip().casefold() for word in self._cell(cells, "type").split(",")}
        key = self._key(cells)
        if key in self.keys:
            raise BadRow(_("The file has this product already."))
        made = (
            self._variation(key, line, cells)
            if kinds & set(VARIATION)
            else self._product(key, line, cells, has_variations="variable" in kinds)
        )
        self.keys.add(key)
        return made

    def _key(self, cells: list[str]) -> str:
        own = values.text(self._cell(cells, "id"), 20, THE_ID)
        sku = values.text(self._cell(cells, "sku"), 200, THE_SKU)
        title = self._cell(cells, "title")
        if own:
            return f"woo:{own}"
        if sku:
            return f"sku:{sku}"
        slug = slugify(title, allow_unicode=True)[:200]
        if not slug:
            raise BadRow(_("The row has no ID, no SKU and no name."))
        return f"name:{slug}"

    def _product(
        self, key: str, line: int, cells: list[str], *, has_variations: bool
    ) -> ProductRow:
        cell = self._cell
        title = values.text(cell(cells, "title"), 500, THE_NAME)
        if not title:
            raise BadRow(_("The name is missing."))
        description = cell(cells, "description") or cell(cells, "short_description")
        published = cell(cells, "published").strip()
        product = ProductRow(
            line=line,
            key=key,
            handle=slugify(title, allow_unicode=True)[:200],
            title=title,
            sku=values.text(cell(cells, "sku"), 255, THE_SKU),
            description_html=values.text(description, 200_000, THE_DESCRIPTION),
            category=_first_category(cell(cells, "category")),
            product_type=_last_category(cell(cells, "category")),
            tags=_words(cell(cells, "tags")),
            status="active" if published in ("", "1") else "draft",
            position=values.whole(cell(cells, "position")) or 0,
            is_featured=values.yes(cell(cells, "featured")),
            extra=self._extra(cells),
            images=self._images(cells),
        )
        if not has_variations:
            product.variants.append(self._variant(key, key, line, cells, title=""))
            self._warn(product)
        return product

    def _variation(self, key: str, line: int, cells: list[str]) -> VariantRow:
        parent = self._cell(cells, "parent").strip()
        if not parent:
            raise BadRow(_("The variation does not name its parent."))
        own_id = parent.startswith("id:")
        parent = f"woo:{parent[3:].strip()}" if own_id else f"sku:{parent}"
        options = self._options(cells)
        title = " / ".join(option["value"] for option in options)
        return self._variant(f"{key}", parent, line, cells, title=title, options=options)

    def _variant(
        self, key: str, parent: str, line: int, cells: list[str], *, title: str, options=()
    ) -> VariantRow:
        price, compare_at = self._prices(cells)
        cell = self._cell
        return VariantRow(
            line=line,
            key=f"{key}#",
            parent=parent,
            sku=values.text(cell(cells, "sku"), 255, THE_SKU),
            title=values.text(title, 500, THE_OPTIONS),
            barcode=values.text(cell(cells, "barcode"), 64, THE_BARCODE),
            options=list(options),
            position=values.whole(cell(cells, "position")) or 0,
            price=price,
            compare_at_price=compare_at,
            cost=values.money(cell(cells, "cost"), comma=self.context.comma),
            inventory_quantity=values.whole(cell(cells, "stock"), comma=self.context.comma),
            weight_grams=self._grams(cells),
        )

    def _prices(self, cells: list[str]) -> tuple[Decimal | None, Decimal | None]:
        """(price, compare-at price): a sale price that holds today is the price."""
        regular = values.money(self._cell(cells, "price"), comma=self.context.comma)
        sale = values.money(self._cell(cells, "sale_price"), comma=self.context.comma)
        if sale is None or not self._sale_is_on(cells):
            return regular, None
        if regular is not None and sale > regular:
            raise BadRow(_("The sale price is above the regular price."))
        return sale, regular

    def _sale_is_on(self, cells: list[str]) -> bool:
        starts, ends = self._day(cells, "sale_starts"), self._day(cells, "sale_ends")
        today = self.context.today
        return (starts is None or starts <= today) and (ends is None or today <= ends)

    def _day(self, cells: list[str], name: str) -> date | None:
        cell = self._cell(cells, name).strip()
        return values.moment(cell, self.context.zone).date() if cell else None

    def _options(self, cells: list[str]) -> list[dict[str, str]]:
        found = []
        for name_at, value_at in self.attributes:
            value = cells[value_at].strip()
            if value:
                found.append({"name": cells[name_at].strip()[:255], "value": value[:255]})
        return found

    def _images(self, cells: list[str]) -> list[ImageRow]:
        urls = dict.fromkeys(url for url in map(str.strip, self._cell(cells, "images").split(",")))
        kept = [values.text(url, 2_000, THE_PICTURES_ADDRESS) for url in urls if url]
        return [ImageRow(url=url, position=place) for place, url in enumerate(kept, start=1)]

    def _grams(self, cells: list[str]) -> Decimal | None:
        if self.weight is None or not cells[self.weight[0]].strip():
            return None
        weight = values.number(cells[self.weight[0]], comma=self.context.comma)
        if weight < 0:
            raise BadRow(_("The weight is below zero."))
        return (weight * Decimal(GRAMS[self.weight[1]])).quantize(Decimal("0.001"))

    def _warn(self, product: ProductRow) -> None:
        if product.variants[0].price is None:
            message = _("“{title}” has no price.")
            product.warnings.append(message.format(title=product.title))

    def _extra(self, cells: list[str]) -> dict[str, str]:
        extra = self.columns.extras(cells)
        short = self._cell(cells, "short_description").strip()
        return extra | ({"Short description": short} if short else {})

    def _column_like(self, pattern: re.Pattern[str]) -> tuple[int, str] | None:
        for number, header in enumerate(self.columns.headers):
            if found := pattern.match(plain(header)):
                return number, found.group(2)
        return None

    def _attribute_columns(self) -> list[tuple[int, int]]:
        """(column of the name, column of the values) for each attribute."""
        places: dict[str, dict[str, int]] = {}
        for number, header in enumerate(self.columns.headers):
            if found := ATTRIBUTE.match(plain(header)):
                places.setdefault(found.group(1), {})[found.group(2)] = number
        return [(p["name"], p["value(s)"]) for p in places.values() if len(p) == 2]

    def _cell(self, cells: list[str], name: str) -> str:
        return self.columns.get(cells, name)


def _first_category(cell: str) -> str:
    """The whole path of the first of "A > B, C": commas divide, arrows descend."""
    return (_words(cell) or [""])[0][:500]


def _last_category(cell: str) -> str:
    return _first_category(cell).rpartition(">")[2].strip()[:255]


def _words(cell: str) -> list[str]:
    """Commas divide; a comma inside a name is written as ``\\,``."""
    parts = (part.replace("\\,", ",").strip() for part in re.split(r"(?<!\\),", cell))
    return list(dict.fromkeys(part[:255] for part in parts if part))


def read(
    table: Table, columns: Columns, context: Context
) -> Iterator[ProductRow | VariantRow | Refused]:
    return Reader(columns, context).records(table)
