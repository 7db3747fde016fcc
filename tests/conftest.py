"""One cast for all tests, and the database as the product has it: a login that owns nothing.

Tests run as ``codex_app`` under row-level security. What they need to write freely (making
tables, flushing them) is done by the owner's login, as in production.
"""

from dataclasses import dataclass

import pytest
from django.test import Client

from core.scope import scope
from tenants.actors import Person
from tenants.models import Membership, Role, Tenant, User

PASSWORD = "correct-horse-battery"


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
