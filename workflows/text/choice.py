"""Which writer writes, and how a product row becomes facts for it."""

from decimal import Decimal

from stores.queries.catalogue import ProductRow
from workflows.text.base import Facts, TextWriter
from workflows.text.llm.client import ChatClient
from workflows.text.llm.endpoint import endpoint_for
from workflows.text.llm.memory import Answers, TenantPurse
from workflows.text.llm.writer import LlmWriter
from workflows.text.rules.writer import RuleWriter


def writer_for(seed: str, locale: str = "en-gb", tenant_id: str = "") -> TextWriter:
    """The rules, unless the tenant or this installation names a model."""
    language = locale.partition("-")[0].lower()
    endpoint = endpoint_for(tenant_id) if tenant_id else None
    if endpoint is None:
        return RuleWriter(seed, language)
    client, purse = ChatClient(endpoint), TenantPurse(tenant_id)
    return LlmWriter(seed, language, client, Answers(tenant_id), purse)


def facts_of(row: ProductRow, bands: tuple[Decimal, Decimal] | None = None) -> Facts:
    return Facts(
        id=row.id,
        title=row.title,
        product_type=row.product_type,
        vendor=row.vendor,
        tags=row.tags,
        options=row.options,
        text=row.description_html,
        band=_band(row.low, bands),
    )


def _band(price: Decimal | None, bands: tuple[Decimal, Decimal] | None) -> str:
    if price is None or bands is None:
        return "middle"
    if price <= bands[0]:
        return "low"
    return "high" if price >= bands[1] else "middle"
