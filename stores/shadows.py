"""The shop as it might be: temporary copies of its tables that hide the real ones.

A temporary table of the same name is found first, so every read and every write of the gateway
goes to the copy, and no lock is taken on the shop. It only works inside a savepoint that is
always rolled back: the copies go with it. After they are filled the transaction is set to read
only, so a write to anything that was not copied fails instead of reaching the shop.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models, transaction
from psycopg.sql import SQL, Identifier

from core.scope import require_tenant_id
from stores.models import (
    Campaign,
    Post,
    Product,
    ProductImage,
    Promotion,
    PromotionProduct,
    Variant,
)

COPIED: dict[str, tuple[type[models.Model], ...]] = {
    "product": (Product,),
    "variant": (Variant,),
    "image": (ProductImage,),
    "campaign": (Campaign,),
    "post": (Post,),
    "promotion": (Promotion, PromotionProduct),
}
MAKE = "CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING ALL) ON COMMIT DROP"
FILL = "INSERT INTO pg_temp.{table} SELECT * FROM public.{table} WHERE tenant_id = %s"
# Numbers of rows made in the copy must not meet those that were copied.
RESTART = "ALTER TABLE pg_temp.{table} ALTER COLUMN {column} RESTART WITH 4611686018427387904"
READ_ONLY = "SET TRANSACTION READ ONLY"


@contextmanager
def shadowed(entities: Iterable[str]) -> Iterator[None]:
    """Everything of the shop may be tried out inside; nothing of it is left afterwards.

    What should be kept has to be carried out in memory or in files. Rows of the scope's tenant
    alone are copied.
    """
    with transaction.atomic():
        for model in _models(entities):
            _shadow(model)
        _run(READ_ONLY)
        yield
        transaction.set_rollback(True)


def _models(entities: Iterable[str]) -> list[type[models.Model]]:
    wanted = set(entities)
    return [model for entity, found in COPIED.items() if entity in wanted for model in found]


def _shadow(model: type[models.Model]) -> None:
    table = model._meta.db_table
    _run(MAKE, table)
    _run(FILL, table, params=[require_tenant_id()])
    if isinstance(model._meta.pk, models.AutoField):
        _run(RESTART, table, column=str(model._meta.pk.column))
    _run("ANALYZE pg_temp.{table}", table)


def _run(statement: str, table: str = "", *, column: str = "", params: Any = None) -> None:
    names = {"table": Identifier(table), "column": Identifier(column)} if table else {}
    with connection.cursor() as cursor:
        cursor.execute(SQL(statement).format(**names), params)
