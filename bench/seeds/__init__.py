"""Data made by the owner's login, set by set, with the triggers of single rows asleep."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections
from django.db.models import Model

from core.ids import new_id
from core.scope import scope
from tenants.models import User
from tenants.services import people


def owner():
    return connections["owner"].cursor()


@contextmanager
def quietly(*tables: str) -> Iterator[None]:
    """What triggers check row by row holds by construction here, and would take hours."""
    with owner() as cursor:
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        try:
            yield
        finally:
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
                cursor.execute(f'VACUUM ANALYZE "{table}"')


def run(statement: str, values: object = None) -> None:
    with owner() as cursor:
        cursor.execute(statement, values)


def empty(*tables: str) -> None:
    run("TRUNCATE " + ", ".join(f'"{table}"' for table in tables) + " CASCADE")


def everything_empty() -> None:
    """A bench starts from nothing; what migrations wrote stays."""
    kept = ("django_migrations", "django_content_type", "auth_permission")
    with owner() as cursor:
        names = set(connections["owner"].introspection.table_names(cursor))
    beat = {name for name in names if name.startswith("django_celery_beat")}
    empty(*sorted(names - set(kept) - beat))


def blank(model: type[Model]) -> str:
    """A row as JSON in which every column has the model's default, for ``jsonb_populate_record``."""
    row = model()
    columns = {field.column: getattr(row, field.attname) for field in model._meta.concrete_fields}
    known = {name: value for name, value in columns.items() if _is_plain(value)}
    return json.dumps(known, cls=DjangoJSONEncoder)


def _is_plain(value: object) -> bool:
    """Not a default that the database is asked for."""
    return value is None or isinstance(value, str | int | float | bool | list | dict)


def person(name: str) -> User:
    return people.create_user(email=f"{name}-{new_id('p')}@bench.example", name=name)


def shop(name: str, owner: User, tenant_id: str | None = None) -> str:
    tenant = people.create_tenant(name=name, owner=owner, tenant_id=tenant_id)
    return tenant.pk


def token_of(user: User, tenant_id: str) -> str:
    with scope(tenant_id=tenant_id, user_id=str(user.pk)):
        return people.issue_token(user=user, tenant_id=tenant_id)[1]
