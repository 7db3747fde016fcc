"""The sweeps: finders that see ids of all tenants, and the beat entries that call them."""

from django.db import migrations

from core.rls import definer_function

IDS = "TABLE (tenant_id varchar, id varchar)"
REVIEWS = definer_function(
    "codex_reviews_due()",
    IDS,
    """
    SELECT tenant_id, id FROM councils_reviewround
    WHERE state = 'open' AND (
        claimed_until <= now()
        OR (remind_at <= now() AND reminded_at IS NULL)
        OR (due_at <= now() AND (escalated_at IS NULL OR escalated_at < due_at))
    )
    ORDER BY due_at
    LIMIT 1000
    """,
)
DELEGATIONS = definer_function(
    "codex_delegations_due()",
    IDS,
    """
    SELECT tenant_id, id FROM councils_delegation
    WHERE tenant_id IS NOT NULL AND over_at IS NULL
        AND (ends_at <= now() OR (starts_at <= now() AND begun_at IS NULL))
    ORDER BY ends_at
    LIMIT 1000
    """,
)
AFTER = definer_function(
    "codex_after_reviews_due()",
    IDS,
    """
    SELECT tenant_id, id FROM councils_afterreview
    WHERE state = 'open' AND due_at <= now() AND escalated_at IS NULL
    ORDER BY due_at
    LIMIT 1000
    """,
)
ENTRIES = {
    "Reviews: claims, reminders and escalations": (
        "councils.sweep_reviews",
        (1, "minutes"),
        "Ends claims, reminds people, and passes on reviews that took too long.",
    ),
    "Reviews: delegations that begin or end": (
        "councils.sweep_delegations",
        (1, "minutes"),
        "Puts reviews into the queue of whoever may decide now.",
    ),
    "Reviews: break-glass runs nobody looked at": (
        "councils.sweep_after_reviews",
        (1, "hours"),
        "Tells the owners and admins of looks that are overdue.",
    ),
}


def add_entries(apps, schema_editor):
    alias = schema_editor.connection.alias
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    for name, (task, (every, period), description) in ENTRIES.items():
        interval, _ = Interval.objects.using(alias).get_or_create(every=every, period=period)
        Task.objects.using(alias).update_or_create(
            name=name,
            defaults={"task": task, "interval": interval, "description": description},
        )


def remove_entries(apps, schema_editor):
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    Task.objects.using(schema_editor.connection.alias).filter(name__in=ENTRIES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("councils", "0009_insights_indexes"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [
        migrations.RunSQL(REVIEWS, "DROP FUNCTION IF EXISTS codex_reviews_due()"),
        migrations.RunSQL(DELEGATIONS, "DROP FUNCTION IF EXISTS codex_delegations_due()"),
        migrations.RunSQL(AFTER, "DROP FUNCTION IF EXISTS codex_after_reviews_due()"),
        migrations.RunPython(add_entries, remove_entries),
    ]
