"""The catalogue of the database is read and held against what the code says of itself."""

import pytest
from django.db import connection

from core import rls

pytestmark = pytest.mark.django_db


def rows(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def tables() -> set[str]:
    return {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def test_tests_run_as_the_app_which_owns_nothing():
    assert rows("SELECT current_user") == [(rls.APP,)]
    assert rows(
        "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    ) == [(False, False, False)]
    owners = rows("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert owners == [(rls.OWNER,)]


def test_the_app_is_no_member_of_a_stronger_role():
    assert (
        rows(
            "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", rls.APP
        )
        == []
    )


def test_every_table_has_policies_or_a_reason():
    guarded = {
        name
        for (name,) in rows(
            "SELECT relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
        )
    }
    assert tables() - guarded - rls.GLOBAL_TABLES.keys() == set()
    assert guarded & rls.GLOBAL_TABLES.keys() == set()


def test_no_reason_is_stale():
    optional = {"codex_cache"}  # only where no CACHE_URL names a cache
    assert rls.GLOBAL_TABLES.keys() - tables() - optional == set()


def test_the_policies_are_those_of_the_models():
    for model in rls.ruled_models():
        wanted = set(rls.policies_of(model))
        found = {
            name
            for (name,) in rows(
                "SELECT polname FROM pg_policy WHERE polrelid = %s::regclass",
                f'"{model._meta.db_table}"',
            )
        }
        assert found == wanted, model._meta.label


def test_no_policy_for_the_app_lets_everything_through():
    assert (
        rows(
            "SELECT tablename, policyname FROM pg_policies WHERE %s = ANY(roles) AND qual = 'true'",
            rls.APP,
        )
        == []
    )


def test_what_only_grows_cannot_be_changed_by_the_app():
    for model in rls.ruled_models():
        if getattr(model, "append_only", False):
            for right in ("UPDATE", "DELETE", "TRUNCATE"):
                table = f'"{model._meta.db_table}"'
                assert rows("SELECT has_table_privilege(%s, %s, %s)", rls.APP, table, right) == [
                    (False,)
                ], (table, right)


def test_every_key_between_tenant_rows_compares_tenants():
    keyed = {
        (table, column)
        for table, column in rows(
            "SELECT conrelid::regclass::text, a.attname FROM pg_constraint"
            " JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[2]"
            " WHERE contype = 'f' AND conname LIKE '%%_same_tenant%%' AND convalidated"
        )
    }
    for model in rls.ruled_models():
        for field in model._meta.local_concrete_fields:
            target = field.remote_field.model if field.is_relation else None
            if getattr(field, "checked_by_statement", False):
                continue  # stores.models.bulk: a trigger per statement, tested there
            if getattr(target, "rls", None) == "tenant" and getattr(model, "rls", "") == "tenant":
                name = (model._meta.db_table, field.column)
                assert getattr(field, "tenant_key", False), f"{name} has to be a TenantKey"
                assert name in keyed


def test_functions_that_step_over_the_policies_are_listed():
    found = {
        name
        for (name,) in rows(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
    }
    assert found == rls.DEFINER_FUNCTIONS.keys()


def test_views_ask_with_the_rights_of_who_asks():
    assert (
        rows(
            "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm')"
            " AND relnamespace = 'public'::regnamespace"
            " AND NOT coalesce('security_invoker=true' = ANY(reloptions), false)"
        )
        == []
    )


def test_the_scan_login_reads_what_it_may_and_writes_nothing():
    may_read = {m._meta.db_table for m in rls.ruled_models() if getattr(m, "scan_readable", False)}
    for table in tables():
        rights = [
            right
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE")
            if rows("SELECT has_table_privilege(%s, %s, %s)", rls.SCAN, f'"{table}"', right)[0][0]
        ]
        assert rights == (["SELECT"] if table in may_read else []), table
