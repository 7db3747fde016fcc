"""Every read of a shop worth a name. The tenant comes first; all of it is set-based.

Functions that a plan reads through say which data they stand on: ``today.reads = ("orders",)``;
``freshness`` tells how old that data is.
"""

from stores.queries.calendar import best_sellers, posted_products, posting_hours, taken_times
from stores.queries.catalogue import known_products, price_bands, product_rows
from stores.queries.customers import campaign_record, customer_segments, sending_hours
from stores.queries.funnel import has_pictures, page_products, shelf_rows, visits
from stores.queries.imports import (
    import_progress,
    import_run,
    imports,
    progress_key,
    refusals,
)
from stores.queries.offers import busy_products, offer_rows, sales_between
from stores.queries.products import (
    open_market_prices,
    product,
    product_choices,
    product_titles,
    products,
    sales_of,
    with_variants,
)
from stores.queries.search import handles, images_without_alt, repeated_texts, search_rows
from stores.queries.selling import price_rows
from stores.queries.shop import Summary, freshness, local_today, profile, summary, today

__all__ = [
    "Summary",
    "best_sellers",
    "busy_products",
    "campaign_record",
    "customer_segments",
    "freshness",
    "handles",
    "has_pictures",
    "images_without_alt",
    "import_progress",
    "import_run",
    "imports",
    "known_products",
    "local_today",
    "offer_rows",
    "open_market_prices",
    "page_products",
    "posted_products",
    "posting_hours",
    "price_bands",
    "price_rows",
    "product",
    "product_choices",
    "product_rows",
    "product_titles",
    "products",
    "profile",
    "progress_key",
    "refusals",
    "repeated_texts",
    "sales_between",
    "sales_of",
    "search_rows",
    "sending_hours",
    "shelf_rows",
    "summary",
    "taken_times",
    "today",
    "visits",
    "with_variants",
]
