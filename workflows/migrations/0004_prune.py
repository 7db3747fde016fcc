"""Old previews that nothing refers to: a finder over all tenants and an hourly entry."""

from django.db import migrations

from core.rls import definer_function

FINDER = definer_function(
    "codex_old_plans()",
    "TABLE (tenant_id varchar, plan_id varchar)",
    """
    SELECT p.tenant_id, p.id FROM workflow_plans p
    WHERE p.computed_at < now() - interval '1 day'
      AND NOT EXISTS (SELECT FROM workflows w WHERE w.plan_id = p.id)
      AND NOT EXISTS (SELECT FROM workflow_drafts d WHERE d.plan_id = p.id)
    ORDER BY p.tenant_id, p.computed_at
    LIMIT 500
    """,
)
PRUNE = "Plans: forget old previews"


def add_entry(apps, schema_editor):
    alias = schema_editor.connection.alias
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    hourly, _ = Interval.objects.using(alias).get_or_create(every=1, period="hours")
    Task.objects.using(alias).update_or_create(
        name=PRUNE,
        defaults={
            "task": "workflows.prune_plans",
            "interval": hourly,
            "expire_seconds": 3000,
            "description": "Deletes plans of more than a day ago that nothing refers to.",
        },
    )


def remove_entry(apps, schema_editor):
    alias = schema_editor.connection.alias
    apps.get_model("django_celery_beat", "PeriodicTask").objects.using(alias).filter(
        name=PRUNE
    ).delete()


class Migration(migrations.Migration):
    dependencies = [("workflows", "0003_result_reasons"), ("drafts", "0002_approval_comment_contributor_draftshare_judge_and_more")]
    operations = [
        migrations.RunSQL(FINDER, "DROP FUNCTION IF EXISTS codex_old_plans()"),
        migrations.RunPython(add_entry, remove_entry),
    ]
