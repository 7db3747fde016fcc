"""Row-level security, written from the models themselves after every ``migrate``.

A model says what it is (``rls``), and ``sync`` makes the database hold it: policies per class of
table (docs/security.md), grants, composite foreign keys, checks of references to shared rows.
Everything is idempotent; a policy is replaced only when its text changed.

``tenant``
    rows of one tenant: ``tenant_id`` equals the scope's.
``tenant_or_platform``
    also readable when ``tenant_id`` is null; only the scope's own rows can be written.
``own``
    a policy of its own, written on the model as ``rls_using`` (and ``rls_check``).
``global``
    no policy; the model is on ``GLOBAL_TABLES`` with the reason.

``guest_path`` on a model names the way from its row to a draft's id: when a scope names a draft
(a shared council's member as a guest), only rows of that draft are seen, and models without a
path show nothing. ``guest_may_insert`` lets a guest's decision leave a row behind, unread.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

APP, STAFF, SCAN, OWNER = "codex_app", "codex_staff", "codex_scan", "codex_owner"

TENANT = "nullif(current_setting('codex.tenant_id', true), '')"
USER = "nullif(current_setting('codex.user_id', true), '')"
COUNCILS = "string_to_array(coalesce(current_setting('codex.council_ids', true), ''), ',')"
DRAFT = "(SELECT coalesce(current_setting('codex.draft_id', true), ''))"

# Tables of no tenant, each with the reason why every scope may read it.
GLOBAL_TABLES = {
    "django_migrations": "Django's list of migrations",
    "django_content_type": "names of models",
    "django_session": "sessions: read before it is known who asks; keys are unguessable",
    "django_admin_log": "written and read by staff alone; the app role has no right to it",
    "auth_permission": "names of permissions, for staff",
    "auth_group": "groups of staff",
    "auth_group_permissions": "groups of staff",
    "tenants_user": "people: one person may be in several tenants; code shows co-members only",
    "tenants_user_groups": "groups of staff",
    "tenants_user_user_permissions": "permissions of staff",
    "tenants_apitoken": "hashes of tokens: read before it is known who asks",
    "account_emailaddress": "sign-in addresses, before it is known who asks",
    "account_emailconfirmation": "sign-in, before it is known who asks",
    "mfa_authenticator": "second factors, before it is known who asks",
    "usersessions_usersession": "a person's own sessions, by user id in code",
    "core_jobslot": "names of jobs and dates",
    "ai_detector_pooled": "how often each detector was right over all shops: counts alone",
    "codex_cache": "cached answers and counters under unguessable keys",
    "django_celery_beat_clockedschedule": "the beat's timetable",
    "django_celery_beat_crontabschedule": "the beat's timetable",
    "django_celery_beat_intervalschedule": "the beat's timetable",
    "django_celery_beat_periodictask": "the beat's timetable",
    "django_celery_beat_periodictasks": "the beat's timetable",
    "django_celery_beat_solarschedule": "the beat's timetable",
}

# Global tables the app role has no business with.
STAFF_ONLY_TABLES = ("django_admin_log",)

# SECURITY DEFINER functions and why each may step over the policies. A test compares.
DEFINER_FUNCTIONS = {
    "codex_expired_approvals": "the hourly sweep's finder: ids of drafts whose approval is over",
    "codex_reviews_due": "the minute's finder: ids of rounds to remind of or to pass on",
    "codex_delegations_due": "the minute's finder: ids of delegations that begin or end",
    "codex_after_reviews_due": "the hourly finder: ids of overdue looks at break-glass runs",
    "codex_waiting_previews": "the sweep's finder: ids of drafts whose preview nobody made yet",
    "codex_analyze_shop": "statistics for the planner after an import; answers nothing",
    "codex_imports_to_publish": "the sweep's finder: ids of imports waiting or left by a worker",
    "codex_uploads_to_expire": "the hourly sweep's finder: ids of uploads nobody confirmed",
    "codex_old_plans": "finds ids of old previews that no run or draft refers to",
    "codex_runs_to_publish": "the sweep's finder: ids of runs due or left by their worker",
    "codex_shops_to_look_at": "the proposer's finder: ids of shops whose night has come",
    "codex_proposals_to_expire": "the proposer's finder: ids of proposals whose time is over",
    "codex_outcomes_due": "the proposer's finder: ids of runs whose effect can be measured",
    "codex_tenants_learning": "ids of tenants and detectors that have outcomes",
    "codex_outcome_counts": "how often detectors were right over all shops: counts alone",
    "codex_mails_due": "the minute's sweep: ids of notices whose mail nobody sent",
    "codex_digests_due": "the minute's sweep: ids of digests whose morning has come",
    "codex_occasions_due": "the minute's sweep: ids of happenings no endpoint was told of",
    "codex_deliveries_due": "the minute's sweep: ids of messages due or left by their worker",
    "codex_runs_of_standing": "ids of drafts that wait on one standing approval, to stop them",
    "codex_revoked_but_waiting": "the sweep's finder: ids of drafts whose standing yes was revoked",
    "codex_templates_broken": "the sweep's finder: ids of templates with a run undone or failed",
    "codex_templates_earned": "the sweep's finder: ids of templates with enough clean runs",
    "codex_standing_ending": "the sweep's finder: ids of standing approvals about to end",
    "codex_template_results": "how runs of a shared template went over all shops, from five on",
    "codex_tenants_to_seal": "the sealer's finder: ids of tenants with events in no seal yet",
    "codex_reference_visible": "checks that a reference to a shared row stays in the tenant",
}


def ruled_models() -> Iterator[type[models.Model]]:
    """Every model with a table of its own that declares its class."""
    for model in apps.get_models(include_auto_created=True):
        if getattr(model, "rls", None) and model._meta.managed and not model._meta.proxy:
            yield model


def sync(connection: BaseDatabaseWrapper) -> None:
    """Make policies, grants and tenant-wise references agree with the models; run as the owner."""
    tables = set(connection.introspection.table_names())
    ruled = [model for model in ruled_models() if model._meta.db_table in tables]
    with connection.cursor() as cursor:
        _require_roles(cursor)
        cursor.execute(REFERENCE_VISIBLE)
        _grant(cursor, ruled, tables)
        for model in ruled:
            _sync_policies(cursor, model)
        for model in ruled:
            for field in model._meta.local_concrete_fields:
                _sync_reference(cursor, model, field, tables)


def _require_roles(cursor) -> None:
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[APP, STAFF, SCAN]])
    missing = {APP, STAFF, SCAN} - {name for (name,) in cursor.fetchall()}
    if missing:
        raise RuntimeError(
            f"database roles are missing: {', '.join(sorted(missing))};"
            " create them with bin/launcher/roles.sql"
        )


# Grants


def _grant(cursor, ruled, tables: set[str]) -> None:
    for role in (APP, STAFF):
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
        )
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {SCAN}")
    for table in {"django_migrations"} & tables:
        cursor.execute(f'REVOKE INSERT, UPDATE, DELETE ON "{table}" FROM {APP}, {STAFF}')
    for table in set(STAFF_ONLY_TABLES) & tables:
        cursor.execute(f'REVOKE ALL ON "{table}" FROM {APP}')
    for model in ruled:
        table = model._meta.db_table
        if getattr(model, "append_only", False):
            cursor.execute(f'REVOKE UPDATE, DELETE, TRUNCATE ON "{table}" FROM {APP}, {STAFF}')
        if getattr(model, "scan_readable", False):
            cursor.execute(f'GRANT SELECT ON "{table}" TO {SCAN}')


# Policies


def policies_of(model: type[models.Model]) -> dict[str, str]:
    """Name → everything after ``CREATE POLICY name ON table``."""
    kind = model.rls  # type: ignore[attr-defined]
    guest = _guest_condition(model)
    found = {"staff": f"FOR ALL TO {STAFF} USING (true) WITH CHECK (true)"}
    if getattr(model, "scan_readable", False):
        found["scan"] = f"FOR SELECT TO {SCAN} USING (true)"
    if kind == "own":
        using, check = model.rls_using, getattr(model, "rls_check", model.rls_using)  # type: ignore[attr-defined]
        return {**found, "app": f"FOR ALL TO {APP} USING ({using}) WITH CHECK ({check})"}
    own = f"tenant_id = {TENANT}"
    found["app"] = f"FOR ALL TO {APP} USING ({own} AND {guest}) WITH CHECK ({own} AND {guest})"
    if kind == "tenant_or_platform":
        found["app_platform"] = f"FOR SELECT TO {APP} USING (tenant_id IS NULL)"
    if getattr(model, "guest_may_insert", False):
        found["app_guest"] = f"FOR INSERT TO {APP} WITH CHECK ({own})"
    for name, text in getattr(model, "rls_more", {}).items():
        found[name] = text
    return found


def _guest_condition(model: type[models.Model]) -> str:
    path = getattr(model, "guest_path", None)
    if path is None:
        return f"{DRAFT} = ''"
    if "__" not in path:
        return f"({DRAFT} = '' OR {path} = {DRAFT})"
    link, column = path.split("__")
    field: Any = model._meta.get_field(link)
    target = field.remote_field.model._meta.db_table
    return (
        f"({DRAFT} = '' OR {field.column} IN"
        f' (SELECT id FROM "{target}" WHERE {column} = {DRAFT}))'
    )


def _sync_policies(cursor, model: type[models.Model]) -> None:
    table = model._meta.db_table
    wanted = policies_of(model)
    cursor.execute(
        "SELECT polname, obj_description(oid, 'pg_policy') FROM pg_policy"
        " WHERE polrelid = %s::regclass",
        [f'"{table}"'],
    )
    present = dict(cursor.fetchall())
    cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [f'"{table}"'])
    if not cursor.fetchone()[0]:
        cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    for name in present.keys() - wanted.keys():
        cursor.execute(f'DROP POLICY "{name}" ON "{table}"')
    for name, text in wanted.items():
        mark = hashlib.sha256(text.encode()).hexdigest()
        if present.get(name) == mark:
            continue
        cursor.execute(f'DROP POLICY IF EXISTS "{name}" ON "{table}"')
        cursor.execute(f'CREATE POLICY "{name}" ON "{table}" {text}')
        cursor.execute(f'COMMENT ON POLICY "{name}" ON "{table}" IS \'{mark}\'')


# References: a foreign key's own check steps over row-level security, so tenants are compared too


def _sync_reference(cursor, model, field, tables: set[str]) -> None:
    if not getattr(field, "tenant_key", False):
        return
    target = field.remote_field.model
    if target._meta.db_table not in tables:
        return
    if getattr(target, "rls", None) == "tenant_or_platform":
        _sync_platform_reference(cursor, model._meta.db_table, field.column, target._meta.db_table)
    else:
        _sync_composite_key(cursor, model._meta.db_table, field.column, target._meta.db_table)


def _short(name: str) -> str:
    """PostgreSQL cuts names at 63 bytes; cut them here, with a hash to keep them apart."""
    return (
        name if len(name) <= 60 else f"{name[:51]}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    )


def _sync_composite_key(cursor, table: str, column: str, target: str) -> None:
    unique, name = _short(f"{target}_tenant_row"), _short(f"{table}_{column}_same_tenant")
    cursor.execute(f'CREATE UNIQUE INDEX IF NOT EXISTS "{unique}" ON "{target}" (tenant_id, id)')
    if _has_constraint(cursor, table, name):
        return
    cursor.execute(
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (tenant_id, "{column}")'
        f' REFERENCES "{target}" (tenant_id, id) DEFERRABLE INITIALLY DEFERRED NOT VALID'
    )
    cursor.execute(f'ALTER TABLE "{table}" VALIDATE CONSTRAINT "{name}"')


def _sync_platform_reference(cursor, table: str, column: str, target: str) -> None:
    exists, name = _short(f"{table}_{column}_exists"), _short(f"{table}_{column}_visible")
    if not _has_constraint(cursor, table, exists):
        cursor.execute(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{exists}" FOREIGN KEY ("{column}")'
            f' REFERENCES "{target}" (id) DEFERRABLE INITIALLY DEFERRED'
        )
    cursor.execute(
        "SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s",
        [f'"{table}"', name],
    )
    if cursor.fetchone() is None:
        cursor.execute(
            f'CREATE TRIGGER "{name}" BEFORE INSERT OR UPDATE OF "{column}", tenant_id'
            f' ON "{table}" FOR EACH ROW WHEN (NEW."{column}" IS NOT NULL)'
            f" EXECUTE FUNCTION codex_reference_visible('{target}', '{column}')"
        )


def _has_constraint(cursor, table: str, name: str) -> bool:
    cursor.execute(
        "SELECT 1 FROM pg_constraint WHERE conrelid = %s::regclass AND conname = %s",
        [f'"{table}"', name],
    )
    return cursor.fetchone() is not None


REFERENCE_VISIBLE = """
CREATE OR REPLACE FUNCTION codex_reference_visible() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted text := to_jsonb(NEW) ->> TG_ARGV[1];
    visible boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE id = $1'
                   ' AND (tenant_id IS NULL OR tenant_id = $2))', TG_ARGV[0])
        INTO visible USING wanted, NEW.tenant_id;
    IF NOT visible THEN
        RAISE EXCEPTION '% % is not one of this tenant', TG_ARGV[0], wanted
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NEW;
END $$;
"""


def definer_function(signature: str, returns: str, body: str) -> str:
    """SQL that makes a finder which sees all tenants; its name must be on ``DEFINER_FUNCTIONS``.

    ``signature`` is ``name(argument type, …)``; ``body`` is one SQL query. It answers ids alone.
    """
    name = signature.partition("(")[0]
    if name not in DEFINER_FUNCTIONS:
        raise ValueError(f"{name} is not on core.rls.DEFINER_FUNCTIONS")
    return (
        f"CREATE OR REPLACE FUNCTION {signature} RETURNS {returns} LANGUAGE sql"
        f" SECURITY DEFINER SET search_path = public, pg_temp AS $body$ {body} $body$;"
        f" REVOKE ALL ON FUNCTION {name} FROM PUBLIC;"
        f" GRANT EXECUTE ON FUNCTION {name} TO {APP}, {STAFF};"
    )
