"""Settings that come from the environment, read with an error that names what is wrong."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent
ALIASES = {
    "default": "DATABASE_URL",
    "owner": "DATABASE_OWNER_URL",
    "staff": "DATABASE_STAFF_URL",
    "scan": "DATABASE_SCAN_URL",
}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name).lower()
    if value in ("", None):
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name} is “{value}”; say 1 or 0")


def words(name: str, default: str = "") -> list[str]:
    return [word for word in text(name, default).replace(",", " ").split() if word]


def home() -> Path:
    """Where state lives that is not in the database: uploads, artifacts, logs."""
    return Path(text("CODEX_HOME") or ROOT / "var").expanduser()


def databases(*, pooled: bool) -> dict[str, dict[str, object]]:
    """Four logins of one database. A web process pools its connections; workers keep one."""
    missing = [name for name in ALIASES.values() if not text(name)]
    if missing:
        raise ImproperlyConfigured(
            f"{', '.join(missing)} not set. bin/demo and bin/up start a database and set them;"
            " with a database of your own give one address per login (docs/deploy.md)."
        )
    return {alias: _database(alias, name, pooled=pooled) for alias, name in ALIASES.items()}


def _database(alias: str, name: str, *, pooled: bool) -> dict[str, object]:
    try:
        found = dj_database_url.parse(text(name))
    except Exception as error:
        raise ImproperlyConfigured(f"{name} is not a database address: {error}") from error
    options = {**found.get("OPTIONS", {}), "application_name": f"codex-{alias}"}
    if pooled and alias == "default":
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    else:
        found["CONN_MAX_AGE"] = 60
        found["CONN_HEALTH_CHECKS"] = True
    test = {"NAME": text("CODEX_TEST_DB", "test_codex")}
    if alias != "owner":
        test["MIRROR"] = "owner"  # one test database, reached through every login
    return {**found, "OPTIONS": options, "TEST": test}


def cache() -> dict[str, object]:
    url = text("CACHE_URL")
    if url:
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}
    return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "codex_cache"}


def mail_server() -> dict[str, object]:
    """``CODEX_SMTP``: ``smtps://name:password@host:465``, or ``smtp://host:587?tls=1``."""
    found = urlsplit(text("CODEX_SMTP"))
    if not found.hostname:
        return {}
    if found.scheme not in ("smtp", "smtps"):
        raise ImproperlyConfigured("CODEX_SMTP is no address of a mail server: smtps://host:465")
    return {
        "EMAIL_HOST": found.hostname,
        "EMAIL_PORT": found.port or (465 if found.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(found.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(found.password or ""),
        "EMAIL_USE_SSL": found.scheme == "smtps",
        "EMAIL_USE_TLS": "tls=1" in found.query,
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    }


def secret_key(*, production: bool) -> str:
    key = text("CODEX_SECRET_KEY")
    if key:
        return key
    if production:
        raise ImproperlyConfigured(
            "CODEX_SECRET_KEY is not set. Give every web and worker machine the same long random"
            " text, e.g. from: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return "development-only-secret-key-never-used-in-production"
