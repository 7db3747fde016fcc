"""Shopify's product export in both of its dialects.

Rows with one handle are one product. The first has the product's own fields; further rows add
variants; rows with neither a price nor options only add pictures.
"""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.imports import values
from stores.imports.columns import Columns, Layout
from stores.imports.errors import BadRow
from stores.imports.invoice_lines import wrong_width
from stores.imports.records import Context, ImageRow, ProductRow, Refused, VariantRow
from stores.imports.table import Table, oddity

LAYOUT = Layout(
    aliases={
        "handle": ("URL handle", "Handle"),
        "title": ("Title",),
        "description": ("Description", "Body (HTML)", "Body HTML"),
        "vendor": ("Vendor",),
        "category": ("Product category", "Google Shopping / Google Product Category"),
        "type": ("Type", "Product type"),
        "tags": ("Tags",),
        "published": ("Published on online store", "Published"),
        "status": ("Status",),
        "option1_name": ("Option1 name",),
        "option1": ("Option1 value",),
        "option2_name": ("Option2 name",),
        "option2": ("Option2 value",),
        "option3_name": ("Option3 name",),
        "option3": ("Option3 value",),
        "sku": ("SKU", "Variant SKU"),
        "barcode": ("Barcode", "Variant Barcode"),
        "price": ("Price", "Variant Price"),
        "compare_at_price": ("Compare-at price", "Compare at price", "Variant Compare At Price"),
        "cost": ("Cost per item",),
        "inventory": ("Inventory quantity", "Variant Inventory Qty"),
        "weight": ("Weight value (grams)", "Variant Grams"),
        "image": ("Product image URL", "Image Src"),
        "image_position": ("Image position",),
        "image_alt": ("Image alt text",),
        "seo_title": ("SEO title",),
        "seo_description": ("SEO description",),
    },
    required=("title",),
    amounts=("price", "compare_at_price", "cost"),
)
STATUSES = {"active": "active", "draft": "draft", "archived": "archived", "unlisted": "draft"}
ONLY = "default title"

# Names of cells in messages; lazy, because a translation costs more than reading a cell.
THE_HANDLE = gettext_lazy("The handle")
THE_TITLE = gettext_lazy("The title")
THE_DESCRIPTION = gettext_lazy("The description")
THE_VENDOR = gettext_lazy("The vendor")
THE_TYPE = gettext_lazy("The type")
THE_CATEGORY = gettext_lazy("The category")
THE_SEO_TITLE = gettext_lazy("The SEO title")
THE_SEO_TEXT = gettext_lazy("The SEO text")
THE_SKU = gettext_lazy("The SKU")
THE_BARCODE = gettext_lazy("The barcode")
THE_OPTION = gettext_lazy("The option")
THE_PICTURES_ADDRESS = gettext_lazy("The picture's address")
THE_ALT_TEXT = gettext_lazy("The alt text")


class Reader:
    def __init__(self, columns: Columns, context: Context) -> None:
        self.columns, self.context = columns, context
        self.seen: set[str] = set()
        self.bad: dict[str, int] = {}

    def records(self, table: Table) -> Iterator[ProductRow | Refused]:
        product: ProductRow | None = None
        for line, cells in table:
            try:
                handle = self._handle(cells, table.watched.odd)
                if product is not None and product.key == handle:
                    self._add(product, line, cells)
                    product.rows += 1
                    continue
                if product is not None:
                    yield product
                product = None
                product = self._begin(handle, line, cells)
            except BadRow as bad:
                yield Refused(line, bad.reason, self.columns.public(cells))
        if product is not None:
            yield product

    def _handle(self, cells: list[str], odd: bool) -> str:
        if len(cells) != self.columns.width:
            raise BadRow(wrong_width(len(cells), self.columns.width))
        if odd and (reason := oddity(cells)):
            raise BadRow(reason)
        handle = values.text(self._cell(cells, "handle"), 255, THE_HANDLE) or _slug(
            self._cell(cells, "title")
        )
        if not handle:
            raise BadRow(_("The row has neither a handle nor a title."))
        return handle

    def _begin(self, handle: str, line: int, cells: list[str]) -> ProductRow:
        if handle in self.bad:
            message = _("The first row of this product (line {line}) was refused.")
            raise BadRow(message.format(line=self.bad[handle]))
        title = values.text(self._cell(cells, "title"), 500, THE_TITLE)
        if not title and handle not in self.seen:
            self.bad[handle] = line
            raise BadRow(_("The first row of this product has no title."))
        try:
            product = self._product(handle, title, line, cells)
            self._add(product, line, cells)
        except BadRow:
            if handle not in self.seen:
                self.bad[handle] = line
            raise
        self.seen.add(handle)
        return product

    def _product(self, handle: str, title: str, line: int, cells: list[str]) -> ProductRow:
        cell = self._cell
        if not title:
            return ProductRow(line=line, key=handle)
        return ProductRow(
            line=line,
            key=handle,
            handle=handle,
            title=title,
            description_html=values.text(cell(cells, "description"), 200_000, THE_DESCRIPTION),
            vendor=values.text(cell(cells, "vendor"), 255, THE_VENDOR),
            product_type=values.text(cell(cells, "type"), 255, THE_TYPE),
            category=values.text(cell(cells, "category"), 500, THE_CATEGORY),
            tags=_tags(cell(cells, "tags")),
            status=self._status(cells),
            seo_title=values.text(cell(cells, "seo_title"), 500, THE_SEO_TITLE),
            seo_description=values.text(cell(cells, "seo_description"), 5_000, THE_SEO_TEXT),
            extra=self.columns.extras(cells),
        )

    def _status(self, cells: list[str]) -> str:
        word = self._cell(cells, "status").strip().casefold()
        if word and word not in STATUSES:
            raise BadRow(_("“{cell}” is not a status.").format(cell=values.shown(word)))
        published = self._cell(cells, "published").strip()
        hidden = bool(published) and not values.yes(published)
        return "draft" if hidden and word in ("", "active") else STATUSES.get(word, "active")

    def _add(self, product: ProductRow, line: int, cells: list[str]) -> None:
        """The variant and the picture of a row; nothing is added when either is bad."""
        variant = self._variant(product, line, cells)
        image = self._image(product, cells)
        if variant is None and image is None and product.rows and line != product.line:
            raise BadRow(_("The row adds neither a variant nor a picture."))
        if variant is not None:
            product.variants.append(variant)
            _warn_about_compare_at(product, variant)
        if image is not None:
            product.images.append(image)

    def _variant(self, product: ProductRow, line: int, cells: list[str]) -> VariantRow | None:
        price = self._money(cells, "price")
        options = self._options(product, cells)
        sku = values.text(self._cell(cells, "sku").lstrip("'"), 255, THE_SKU)
        if price is None and not options and not sku and line != product.line:
            return None
        if price is None and not product.title:
            raise BadRow(_("The variant has no price."))
        title = " / ".join(option["value"] for option in options)
        if any(known.title == title for known in product.variants):
            raise BadRow(_("The product has this variant already."))
        compare_at = self._money(cells, "compare_at_price")
        return VariantRow(
            line=line,
            key=f"{product.key}#{title}",
            parent=product.key,
            sku=sku,
            title=title,
            barcode=values.text(self._cell(cells, "barcode").lstrip("'"), 64, THE_BARCODE),
            options=options,
            position=len(product.variants),
            price=price,
            compare_at_price=compare_at or None,
            cost=self._money(cells, "cost"),
            inventory_quantity=values.whole(self._cell(cells, "inventory")),
            weight_grams=self._weight(cells),
            extra={} if line == product.line else self.columns.extras(cells),
        )

    def _options(self, product: ProductRow, cells: list[str]) -> list[dict[str, str]]:
        """Names stand in the first row only; a product without options has one "Default Title"."""
        found = []
        names = _option_names(product)
        for number in (1, 2, 3):
            value = values.text(self._cell(cells, f"option{number}"), 255, THE_OPTION)
            if not value or value.casefold() == ONLY:
                continue
            name = self._cell(cells, f"option{number}_name").strip()[:255]
            found.append({"name": name or names.get(number - 1, ""), "value": value})
        return found

    def _image(self, product: ProductRow, cells: list[str]) -> ImageRow | None:
        url = values.text(self._cell(cells, "image"), 2_000, THE_PICTURES_ADDRESS)
        if not url or any(known.url == url for known in product.images):
            return None
        position = values.whole(self._cell(cells, "image_position"))
        alt = values.text(self._cell(cells, "image_alt"), 1_000, THE_ALT_TEXT)
        return ImageRow(url=url, position=position or len(product.images) + 1, alt=alt)

    def _weight(self, cells: list[str]) -> Decimal | None:
        cell = self._cell(cells, "weight")
        if not cell.strip():
            return None
        grams = values.number(cell, comma=self.context.comma)
        if grams < 0:
            raise BadRow(_("The weight is below zero."))
        return grams.quantize(Decimal("0.001"))

    def _money(self, cells: list[str], name: str) -> Decimal | None:
        return values.money(self._cell(cells, name), comma=self.context.comma)

    def _cell(self, cells: list[str], name: str) -> str:
        return self.columns.get(cells, name)


def _option_names(product: ProductRow) -> dict[int, str]:
    first = product.variants[0].options if product.variants else []
    return {number: option["name"] for number, option in enumerate(first)}


def _warn_about_compare_at(product: ProductRow, variant: VariantRow) -> None:
    price, compare_at = variant.price, variant.compare_at_price
    if price is not None and compare_at is not None and compare_at <= price:
        message = _("“{title}”: the compare-at price is not above the price.")
        product.warnings.append(message.format(title=product.title or product.key))


def _tags(cell: str) -> list[str]:
    return list(dict.fromkeys(tag[:255] for tag in map(str.strip, cell.split(",")) if tag))


def _slug(title: str) -> str:
    from django.utils.text import slugify

    return slugify(title, allow_unicode=True)[:255]


def read(table: Table, columns: Columns, context: Context) -> Iterator[ProductRow | Refused]:
    return Reader(columns, context).records(table)
