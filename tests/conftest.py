"""One cast for all tests, and the database as the product has it: a login that owns nothing.

Tests run as ``codex_app`` under row-level security. What they need to write freely (making
tables, flushing them) is done by the owner's login, as in production.
"""

import os
from dataclasses import dataclass

import pytest
from django.conf import settings as project
from django.db import connections
from django.test import Client, TransactionTestCase
from django.test.utils import setup_databases, teardown_databases

from core.scope import scope
from tenants.actors import Person
from tenants.models import Membership, Role, Tenant, User

# Filled by migrations, so no test may empty them.
KEPT_TABLES = frozenset(
    {
        "django_migrations",
        "django_content_type",
        "auth_permission",
        "django_celery_beat_clockedschedule",
        "django_celery_beat_crontabschedule",
        "django_celery_beat_intervalschedule",
        "django_celery_beat_periodictask",
        "django_celery_beat_periodictasks",
        "django_celery_beat_solarschedule",
    }
)


def empty_the_tables(_case: object = None) -> None:
    """After a test that committed: the owner truncates, since the app's login may not."""
    with connections["owner"].cursor() as cursor:
        names = set(connections["owner"].introspection.table_names(cursor)) - KEPT_TABLES
        cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in sorted(names)))


# All logins are one database: a test opens one transaction on the app's, and may use the others.
TransactionTestCase._add_databases_failures = classmethod(lambda cls: None)
TransactionTestCase._remove_databases_failures = classmethod(lambda cls: None)
TransactionTestCase._fixture_teardown = empty_the_tables

PASSWORD = "correct-horse-battery"


def pytest_configure(config):
    """Of test processes side by side, each has a database and a broker of its own.

    The environment is told as well: workers and servers that tests start read it there.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker and project.CELERY_BROKER_URL.startswith("redis"):
        number = 14 + int(worker.removeprefix("gw"))
        address = project.CELERY_BROKER_URL.partition("?")[0]
        project.CELERY_BROKER_URL = f"{address}?virtual_host={number}"
        os.environ["CELERY_BROKER_URL"] = project.CELERY_BROKER_URL


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request):
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        for alias in connections:
            test = connections[alias].settings_dict["TEST"]
            test["NAME"] = f"{test['NAME']}_{worker}"


@pytest.fixture(scope="session")
def django_db_setup(
    request,
    django_test_environment,
    django_db_blocker,
    django_db_keepdb,
    django_db_createdb,
    django_db_modify_db_settings,
):
    """The test database is made by the owner's login; every other login mirrors it."""
    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity=request.config.option.verbose,
            interactive=False,
            keepdb=django_db_keepdb and not django_db_createdb,
        )
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture(autouse=True)
def _fast_and_quiet(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": str(tmp_path),
        }
    }
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"


@dataclass(frozen=True)
class Cast:
    """Two tenants and the people of every test: roles in one, strangers in the other."""

    tenant: Tenant
    other: Tenant
    olivia: User  # owner
    adam: User  # admin
    eddie: User  # editor
    bob: User  # editor too, a teammate
    vera: User  # viewer
    rita: User  # viewer; reviewers get seats where a test needs them
    ron: User  # viewer
    stranger: User  # owner of the other tenant
    guest: User  # member of no tenant

    def actor(self, name: str, **more) -> Person:
        """The person of that name as the middleware would present them."""
        user = getattr(self, name)
        role, tenant_id = ROLES.get(name, ("", "")), self.tenant.pk
        if name == "stranger":
            role, tenant_id = Role.OWNER, self.other.pk
        if name == "guest":
            tenant_id = ""
        return Person(user=user, tenant_id=tenant_id, role=role or "", **more)

    def client(self, name: str, **defaults) -> Client:
        client = Client(**defaults)
        client.force_login(getattr(self, name), backend="django.contrib.auth.backends.ModelBackend")
        return client


ROLES = {
    "olivia": Role.OWNER,
    "adam": Role.ADMIN,
    "eddie": Role.EDITOR,
    "bob": Role.EDITOR,
    "vera": Role.VIEWER,
    "rita": Role.VIEWER,
    "ron": Role.VIEWER,
}


def make_cast() -> Cast:
    people = {}
    for name in (*ROLES, "stranger", "guest"):
        user = User(id=f"user_{name}", email=f"{name}@example.com", name=name.title())
        user.set_password(PASSWORD)
        user.save()
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        people[name] = user
    tenants = {}
    for key, members in (("tenant", ROLES), ("other", {"stranger": Role.OWNER})):
        with scope(tenant_id=f"tenant_{key}"):
            tenants[key] = Tenant.objects.create(pk=f"tenant_{key}", name=f"The {key} shop")
            for name, role in members.items():
                Membership.objects.create(tenant=tenants[key], user=people[name], role=role)
    return Cast(**tenants, **people)


@pytest.fixture
def cast(db) -> Cast:
    """The people and tenants, rolled back with the test."""
    return make_cast()


@pytest.fixture
def committed_cast(transactional_db) -> Cast:
    """The same, committed, for tests with other connections, workers or a live server."""
    return make_cast()


@pytest.fixture
def in_tenant(cast):
    """The test runs inside the tenant's scope, as a service called by the middleware does."""
    with scope(tenant_id=cast.tenant.pk):
        yield cast.tenant
