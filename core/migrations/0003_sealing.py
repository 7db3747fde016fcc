"""Who has events in no seal yet, and the beat entry that seals them."""

from django.db import migrations

from core.rls import definer_function

# Tenants are found by jumping along the index, not by reading all events.
TO_SEAL = definer_function(
    "codex_tenants_to_seal()",
    "TABLE (tenant_id varchar)",
    """
    WITH RECURSIVE known(id) AS (
        (SELECT e.tenant_id FROM core_event e WHERE e.tenant_id > '' ORDER BY e.tenant_id LIMIT 1)
        UNION ALL
        SELECT (SELECT e.tenant_id FROM core_event e WHERE e.tenant_id > known.id
                ORDER BY e.tenant_id LIMIT 1)
        FROM known WHERE known.id IS NOT NULL
    )
    SELECT known.id FROM known
    WHERE known.id IS NOT NULL AND EXISTS (
        SELECT 1 FROM core_event e
        WHERE e.tenant_id = known.id
          AND e.at <= statement_timestamp() - interval '1 second'
          AND e.at >= coalesce(
              (SELECT s.sealed_at FROM core_seal s WHERE s.tenant_id = known.id
               ORDER BY s.number DESC LIMIT 1), '-infinity') - interval '2 hours'
          AND NOT EXISTS (SELECT 1 FROM core_sealedevent x WHERE x.event_id = e.id)
    )
    """,
)
NAME = "Audit: seal what happened"
DESCRIPTION = "Binds new events into their tenant's signed chain."


def add_entry(apps, schema_editor):
    alias = schema_editor.connection.alias
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.using(alias).get_or_create(every=1, period="minutes")
    Task.objects.using(alias).update_or_create(
        name=NAME,
        defaults={"task": "core.seal_audit", "interval": interval, "description": DESCRIPTION},
    )


def remove_entry(apps, schema_editor):
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    Task.objects.using(schema_editor.connection.alias).filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_seals"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [
        migrations.RunSQL(TO_SEAL, "DROP FUNCTION IF EXISTS codex_tenants_to_seal()"),
        migrations.RunPython(add_entry, remove_entry),
    ]
