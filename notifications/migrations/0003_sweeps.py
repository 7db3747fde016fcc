"""Finders of what has to leave the house in every tenant, and the beat entry that asks them."""

from django.db import migrations

from core.rls import definer_function

# A few seconds of patience: what was just committed is on its way through the broker.
GRACE = "interval '10 seconds'"


def due(name: str, owner: str, key: str, table: str) -> str:
    return definer_function(
        f"{name}()",
        f"TABLE ({owner} varchar, {key} varchar)",
        f"""
        SELECT {owner}, id FROM {table}
        WHERE state = 'pending' AND due_at <= statement_timestamp() - {GRACE}
        ORDER BY due_at
        LIMIT 1000
        """,
    )


MAILS = due("codex_mails_due", "user_id", "notice_id", "notifications_notice")
DIGESTS = due("codex_digests_due", "user_id", "digest_id", "notifications_digest")
DELIVERIES = due("codex_deliveries_due", "tenant_id", "delivery_id", "notifications_delivery")
OCCASIONS = definer_function(
    "codex_occasions_due()",
    "TABLE (tenant_id varchar, occasion_id varchar)",
    f"""
    SELECT tenant_id, id FROM notifications_occasion
    WHERE spread_at IS NULL AND created_at <= statement_timestamp() - {GRACE}
    ORDER BY created_at
    LIMIT 1000
    """,
)
NAME = "Notifications: send what waits or was lost"
DESCRIPTION = "Mails, digests whose morning has come, webhooks and chat messages, and their retries."


def add_entry(apps, schema_editor):
    alias = schema_editor.connection.alias
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.using(alias).get_or_create(every=15, period="seconds")
    Task.objects.using(alias).update_or_create(
        name=NAME,
        defaults={
            "task": "notifications.sweep",
            "interval": interval,
            "description": DESCRIPTION,
        },
    )


def remove_entry(apps, schema_editor):
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    Task.objects.using(schema_editor.connection.alias).filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_outbox"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [
        migrations.RunSQL(MAILS, "DROP FUNCTION IF EXISTS codex_mails_due()"),
        migrations.RunSQL(DIGESTS, "DROP FUNCTION IF EXISTS codex_digests_due()"),
        migrations.RunSQL(DELIVERIES, "DROP FUNCTION IF EXISTS codex_deliveries_due()"),
        migrations.RunSQL(OCCASIONS, "DROP FUNCTION IF EXISTS codex_occasions_due()"),
        migrations.RunPython(add_entry, remove_entry),
    ]
