"""The watch over templates: finders that see ids of all tenants, and the beat entry that calls it."""

from django.db import migrations

from core.rls import definer_function

DRAFTS = "TABLE (tenant_id varchar, draft_id varchar)"
TEMPLATES = "TABLE (tenant_id varchar, template_id varchar)"
WAITING = """
    SELECT approval.tenant_id, approval.draft_id
    FROM drafts_approval approval
    JOIN workflow_drafts draft ON draft.id = approval.draft_id
    LEFT JOIN workflows run ON run.draft_id = draft.id
    {join}
    WHERE approval.voided_at IS NULL AND (draft.status = 'approved' OR run.status = 'pending')
      AND {condition}
    ORDER BY approval.tenant_id, approval.created_at
    LIMIT 1000
"""
OF_STANDING = definer_function(
    "codex_runs_of_standing(wanted varchar)",
    DRAFTS,
    WAITING.format(join="", condition="approval.standing_approval_id = wanted"),
)
REVOKED = definer_function(
    "codex_revoked_but_waiting()",
    DRAFTS,
    WAITING.format(
        join="JOIN templates_catalog_standingapproval given"
        " ON given.id = approval.standing_approval_id",
        condition="given.revoked_at IS NOT NULL AND given.revoked_why <> 'replaced'",
    ),
)
BROKEN = definer_function(
    "codex_templates_broken()",
    TEMPLATES,
    """
    SELECT DISTINCT run.tenant_id, draft.created_from_template_id
    FROM workflows run
    JOIN workflow_drafts draft ON draft.id = run.draft_id
    JOIN workflow_templates template ON template.id = draft.created_from_template_id
    LEFT JOIN templates_catalog_templatetrack track
      ON track.tenant_id = run.tenant_id AND track.template_id = template.id
    WHERE run.status IN ('failed', 'undoing', 'undone', 'undo_incomplete')
      AND track.suspended_at IS NULL
      AND (track.cleared_at IS NULL
           OR coalesce(run.undo_started_at, run.finished_at) > track.cleared_at)
    LIMIT 1000
    """,
)
EARNED = definer_function(
    "codex_templates_earned()",
    TEMPLATES,
    """
    SELECT template.tenant_id, template.id
    FROM workflow_templates template
    JOIN workflow_drafts draft
      ON draft.created_from_template_id = template.id AND draft.tenant_id = template.tenant_id
    JOIN workflows run
      ON run.draft_id = draft.id AND run.status = 'succeeded' AND run.fidelity = 1
    JOIN drafts_approval approval
      ON approval.draft_id = draft.id AND approval.kind = 'council' AND approval.voided_at IS NULL
    LEFT JOIN templates_catalog_templatetrack track
      ON track.tenant_id = template.tenant_id AND track.template_id = template.id
    LEFT JOIN templates_catalog_templatesettings settings
      ON settings.tenant_id = template.tenant_id
    WHERE template.retired_at IS NULL AND template.council_id IS NOT NULL
      AND track.eligible_at IS NULL
    GROUP BY template.tenant_id, template.id, settings.clean_runs_needed
    HAVING count(*) >= coalesce(settings.clean_runs_needed, 3)
    LIMIT 1000
    """,
)
ENDING = definer_function(
    "codex_standing_ending()",
    "TABLE (tenant_id varchar, standing_id varchar)",
    """
    SELECT coalesce(given.tenant_id, track.tenant_id), given.id
    FROM templates_catalog_standingapproval given
    LEFT JOIN templates_catalog_templatetrack track
      ON given.tenant_id IS NULL AND track.template_id = given.template_id
     AND track.usage_count > 0
    WHERE given.revoked_at IS NULL
      AND given.until BETWEEN now() - interval '1 day' AND now() + interval '7 days'
      AND coalesce(given.tenant_id, track.tenant_id) IS NOT NULL
    ORDER BY given.until
    LIMIT 1000
    """,
)
WATCH = "Templates: watch what runs at once"


def add_entry(apps, schema_editor):
    alias = schema_editor.connection.alias
    Interval = apps.get_model("django_celery_beat", "IntervalSchedule")
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    interval, _ = Interval.objects.using(alias).get_or_create(every=5, period="minutes")
    Task.objects.using(alias).update_or_create(
        name=WATCH,
        defaults={
            "task": "templates_catalog.watch",
            "interval": interval,
            "expire_seconds": 300,
            "description": "Stops runs whose yes was revoked, suspends templates whose runs broke,"
            " tells councils what was earned and what is about to end.",
        },
    )


def remove_entry(apps, schema_editor):
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    Task.objects.using(schema_editor.connection.alias).filter(name=WATCH).delete()


def drop(signature):
    return f"DROP FUNCTION IF EXISTS {signature}"


class Migration(migrations.Migration):
    dependencies = [
        ("templates_catalog", "0002_at_once_and_earned"),
        ("workflows", "0004_prune"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [
        migrations.RunSQL(OF_STANDING, drop("codex_runs_of_standing(varchar)")),
        migrations.RunSQL(REVOKED, drop("codex_revoked_but_waiting()")),
        migrations.RunSQL(BROKEN, drop("codex_templates_broken()")),
        migrations.RunSQL(EARNED, drop("codex_templates_earned()")),
        migrations.RunSQL(ENDING, drop("codex_standing_ending()")),
        migrations.RunPython(add_entry, remove_entry),
    ]
