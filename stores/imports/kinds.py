"""Which kinds of file there are, and which one a header belongs to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from stores.imports import invoice_lines, shopify_orders, shopify_products, woocommerce_products
from stores.imports.columns import Layout, guessed, plain


@dataclass(frozen=True, slots=True)
class Kind:
    """``marks`` are headers that only this kind has; ``brings`` is what comes out of it."""

    name: str
    layout: Layout
    read: Callable[..., Any]
    brings: str
    marks: frozenset[str]


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "shopify_products",
            shopify_products.LAYOUT,
            shopify_products.read,
            "products",
            frozenset({"handle", "url handle", "variant price", "body (html)", "option1 value"}),
        ),
        Kind(
            "woocommerce_products",
            woocommerce_products.LAYOUT,
            woocommerce_products.read,
            "products",
            frozenset({"regular price", "regulärer preis", "is featured?", "tax status", "parent"}),
        ),
        Kind(
            "shopify_orders",
            shopify_orders.LAYOUT,
            shopify_orders.read,
            "orders",
            frozenset({"lineitem quantity", "lineitem name", "lineitem price"}),
        ),
        Kind(
            "invoice_lines",
            invoice_lines.LAYOUT,
            invoice_lines.read,
            "orders",
            frozenset({"invoiceno", "invoice", "invoice no", "stockcode", "invoicedate"}),
        ),
    )
}


def detected(headers: Sequence[str]) -> str:
    """The kind whose own headers are there and whose required fields are found; or empty."""
    present = {plain(header) for header in headers}
    scores = {}
    for kind in KINDS.values():
        own = len(kind.marks & present)
        found = guessed(kind.layout, headers)
        if own and all(name in found for name in kind.layout.required):
            scores[kind.name] = (own, len(found))
    return max(scores, key=lambda name: scores[name], default="")
