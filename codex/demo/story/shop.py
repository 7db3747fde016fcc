"""The shop as the story looks at it: one number for all that a run may write, and single values."""

from collections import Counter

from django.db import connection
from psycopg.sql import SQL, Identifier

from core.scope import scope
from stores.models import (
    Campaign,
    Post,
    Product,
    ProductImage,
    Promotion,
    PromotionProduct,
    Variant,
)
from stores.states import ProductStatus

# When a row was last written is not part of what it says.
NUMBER = """
    SELECT count(*), md5(coalesce(string_agg(
        md5((to_jsonb(t) - 'updated_at')::text), '' ORDER BY t.id), ''))
    FROM {} t WHERE tenant_id = %s
"""
TABLES = (Product, Variant, ProductImage, Campaign, Post, Promotion, PromotionProduct)


def shop_state(tenant_id: str) -> dict[str, tuple[int, str]]:
    """Rows and a hash of every field of every row, by table."""
    with scope(tenant_id=tenant_id), connection.cursor() as cursor:
        found = {}
        for model in TABLES:
            cursor.execute(SQL(NUMBER).format(Identifier(model._meta.db_table)), [tenant_id])
            found[model._meta.db_table] = cursor.fetchone()
    return found


def moved_tables(before: dict, after: dict) -> list[str]:
    return [table for table in before if before[table] != after[table]]


ENTITIES = {"product": Product, "variant": Variant}


def current_value(tenant_id: str, entity: str, target_id: str, field: str) -> object:
    """What the shop's own row holds."""
    with scope(tenant_id=tenant_id):
        return ENTITIES[entity].objects.values_list(field, flat=True).get(pk=target_id)


def set_value(tenant_id: str, change: dict, value: object) -> None:
    """Write past Codex, as a shop's own back office does."""
    with scope(tenant_id=tenant_id):
        rows = ENTITIES[change["entity"]].objects.filter(pk=change["target_id"])
        rows.update(**{change["field"]: value})


def usual_kind(tenant_id: str) -> str:
    """What most products are: their type, or, where types are unknown, a word of their titles."""
    with scope(tenant_id=tenant_id):
        active = Product.objects.filter(status=ProductStatus.ACTIVE)
        types = Counter(active.exclude(product_type="").values_list("product_type", flat=True))
        titles = active.values_list("title", flat=True)
        words = Counter(word for title in titles for word in title.split() if len(word) > 3)
    return (types or words).most_common(1)[0][0]
