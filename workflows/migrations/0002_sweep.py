"""The sweep: a finder that sees ids of all tenants, and the beat entries that call it."""

from django.db import migrations

from core.rls import definer_function

FINDER = definer_function(
    "codex_runs_to_publish()",
    "TABLE (tenant_id varchar, workflow_id varchar)",
    """
    SELECT tenant_id, id FROM workflows
    WHERE (status = 'pending' AND due_at <= now()
           OR status IN ('running', 'undoing') AND lease_until <= now())
      AND (nudged_at IS NULL OR nudged_at < now() - interval '30 seconds')
    ORDER BY tenant_id, coalesce(due_at, lease_until)
    LIMIT 1000
    """,
)
SWEEP = "Runs: find what the broker forgot"


def add_entries(apps, schema_editor):
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    often, _ = Interval.objects.using(schema_editor.connection.alias).get_or_create(
        every=10, period="seconds"
    )
    Task.objects.using(schema_editor.connection.alias).update_or_create(
        name=SWEEP,
        defaults={
            "task": "workflows.sweep",
            "interval": often,
            "expire_seconds": 10,
            "description": "Publishes runs that are due and never started, or whose worker died.",
        },
    )


def remove_entries(apps, schema_editor):
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    Task.objects.using(schema_editor.connection.alias).filter(name=SWEEP).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0001_initial"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [
        migrations.RunSQL(FINDER, "DROP FUNCTION IF EXISTS codex_runs_to_publish()"),
        migrations.RunPython(add_entries, remove_entries),
    ]
