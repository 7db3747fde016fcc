"""The sweeps: finders that see ids of all tenants, and the beat entries that call them."""

from django.db import migrations

from core.rls import definer_function

IDS = "TABLE (tenant_id varchar, draft_id varchar)"
EXPIRED = definer_function(
    "codex_expired_approvals()",
    IDS,
    """
    SELECT approval.tenant_id, approval.draft_id
    FROM drafts_approval approval
    JOIN workflow_drafts draft ON draft.id = approval.draft_id AND draft.status = 'approved'
    WHERE approval.voided_at IS NULL AND approval.until <= now()
    ORDER BY approval.until
    LIMIT 1000
    """,
)
WAITING = definer_function(
    "codex_waiting_previews()",
    IDS,
    """
    SELECT tenant_id, id FROM workflow_drafts
    WHERE preview_state = 'computing' AND preview_asked_at < now() - interval '30 seconds'
    ORDER BY preview_asked_at
    LIMIT 1000
    """,
)
ENTRIES = {
    "Drafts: end approvals whose time is over": (
        "drafts.sweep_approvals",
        (1, "hours"),
        "Takes approved drafts whose approval has expired back into editing.",
    ),
    "Drafts: find previews the broker forgot": (
        "drafts.sweep_previews",
        (1, "minutes"),
        "Asks again for previews that were not made, and gives up old ones.",
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
        ("drafts", "0002_approval_comment_contributor_draftshare_judge_and_more"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [
        migrations.RunSQL(EXPIRED, "DROP FUNCTION IF EXISTS codex_expired_approvals()"),
        migrations.RunSQL(WAITING, "DROP FUNCTION IF EXISTS codex_waiting_previews()"),
        migrations.RunPython(add_entries, remove_entries),
    ]
