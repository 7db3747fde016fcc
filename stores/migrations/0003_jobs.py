"""Finders of the sweep, statistics after an import, and the beat entries that call them."""

from django.db import migrations

from core.rls import definer_function

TO_PUBLISH = definer_function(
    "codex_imports_to_publish()",
    "TABLE (tenant_id varchar, run_id varchar)",
    """
    SELECT tenant_id, id FROM stores_importrun
    WHERE status IN ('queued', 'running') AND queued_at < now() - interval '60 seconds'
    ORDER BY queued_at LIMIT 1000
    """,
)
TO_EXPIRE = definer_function(
    "codex_uploads_to_expire()",
    "TABLE (tenant_id varchar, run_id varchar)",
    """
    SELECT tenant_id, id FROM stores_importrun
    WHERE status = 'previewed' AND created_at < now() - interval '24 hours'
    ORDER BY created_at LIMIT 1000
    """,
)
# Only a table's owner may gather its statistics; the planner needs them right after an import.
ANALYZE = """
CREATE OR REPLACE FUNCTION codex_analyze_shop() RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $body$
BEGIN
    ANALYZE stores_product, stores_variant, stores_productimage, stores_order, stores_orderline,
            stores_marketprice, stores_trafficday;
END $body$;
REVOKE ALL ON FUNCTION codex_analyze_shop() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION codex_analyze_shop() TO codex_app, codex_staff;
"""
ENTRIES = (
    (
        "Imports: find what the broker forgot",
        "stores.sweep",
        1,
        "minutes",
        "Publishes imports that are queued and never started, or whose worker died.",
    ),
    (
        "Imports: throw away what nobody confirmed",
        "stores.expire_uploads",
        1,
        "hours",
        "Deletes uploads that were not confirmed within a day.",
    ),
)


def add_entries(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    alias = schema_editor.connection.alias
    for name, task, every, period, description in ENTRIES:
        often, _ = Interval.objects.using(alias).get_or_create(every=every, period=period)
        Task.objects.using(alias).update_or_create(
            name=name, defaults={"task": task, "interval": often, "description": description}
        )


def remove_entries(apps, schema_editor):
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    names = [name for name, *_ in ENTRIES]
    Task.objects.using(schema_editor.connection.alias).filter(name__in=names).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("stores", "0002_reference_plans"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [
        migrations.RunSQL(TO_PUBLISH, "DROP FUNCTION IF EXISTS codex_imports_to_publish()"),
        migrations.RunSQL(TO_EXPIRE, "DROP FUNCTION IF EXISTS codex_uploads_to_expire()"),
        migrations.RunSQL(ANALYZE, "DROP FUNCTION IF EXISTS codex_analyze_shop()"),
        migrations.RunPython(add_entries, remove_entries),
    ]
