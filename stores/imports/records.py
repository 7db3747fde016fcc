"""What readers make of rows, before anything is stored."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader needs to know of the shop. ``hash_customer`` is keyed with the tenant's key."""

    zone: tzinfo
    today: date
    currency: str
    hash_customer: Callable[[str], str]
    comma: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    line: int
    reason: str
    cells: Sequence[str] = ()


@dataclass(slots=True)
class ImageRow:
    url: str
    position: int
    alt: str = ""
    variant_key: str = ""


@dataclass(slots=True)
class VariantRow:
    """``parent`` names the product: by its key, or (WooCommerce) by its SKU."""

    line: int
    key: str
    parent: str
    sku: str = ""
    title: str = ""
    barcode: str = ""
    options: list[dict[str, str]] = field(default_factory=list)
    position: int = 0
    price: Decimal | None = None
    compare_at_price: Decimal | None = None
    cost: Decimal | None = None
    inventory_quantity: int | None = None
    weight_grams: Decimal | None = None
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ProductRow:
    """A product with what stood in its rows. Without a title it only adds to a product already
    there (rows of one handle that are not beside each other)."""

    line: int
    key: str
    rows: int = 1
    handle: str = ""
    title: str = ""
    sku: str = ""
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    category: str = ""
    tags: list[str] = field(default_factory=list)
    status: str = "active"
    seo_title: str = ""
    seo_description: str = ""
    position: int = 0
    is_featured: bool = False
    extra: dict[str, str] = field(default_factory=dict)
    variants: list[VariantRow] = field(default_factory=list)
    images: list[ImageRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True)
class OrderHead:
    number: str
    placed_at: datetime | str
    customer: str = ""
    currency: str = ""
    country: str = ""
    is_return: bool = False
    facts: dict[str, object] = field(default_factory=dict)


# One order line as the loader takes it; texts, so that they can be sent as they are.
# (number, ordinal, sku, title, placed_on, kind, quantity, unit_price, discount)
LineRow = tuple[str, str, str, str, str, str, str, str, str]


@dataclass(slots=True)
class OrderChunk:
    """Some thousand lines and the heads of their orders, in the order of the file."""

    rows: int
    lines: list[LineRow]
    heads: dict[str, OrderHead]
    refused: list[Refused]
