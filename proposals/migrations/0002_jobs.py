"""What the beat calls, and the finders that see ids (and counts) of all tenants."""

from django.db import migrations

from core.rls import definer_function

TO_LOOK_AT = definer_function(
    "codex_shops_to_look_at()",
    "TABLE (tenant_id varchar, day date)",
    """
    SELECT here.id, here.moment::date
    FROM (SELECT tenant.id, now() AT TIME ZONE coalesce(zone.name, 'UTC') AS moment
          FROM tenants_tenant tenant
          LEFT JOIN pg_timezone_names zone ON zone.name = tenant.timezone) here
    WHERE extract(hour FROM here.moment) >= 2
      AND NOT EXISTS (SELECT FROM core_jobslot slot
                      WHERE slot.job = 'proposals.nightly' AND slot.tenant_id = here.id
                        AND slot.slot = to_char(here.moment, 'YYYY-MM-DD'))
    ORDER BY here.id
    """,
)
TO_EXPIRE = definer_function(
    "codex_proposals_to_expire()",
    "TABLE (tenant_id varchar, proposal_id varchar)",
    """
    SELECT tenant_id, id FROM ai_workflow_proposals
    WHERE status = 'pending' AND expires_at <= now()
    ORDER BY tenant_id, expires_at
    LIMIT 10000
    """,
)
DUE = definer_function(
    "codex_outcomes_due()",
    "TABLE (tenant_id varchar, workflow_id varchar)",
    """
    SELECT run.tenant_id, run.id
    FROM ai_workflow_proposals proposal
    JOIN workflows run ON run.tenant_id = proposal.tenant_id
                      AND run.draft_id = proposal.created_draft_id
    WHERE proposal.status = 'accepted' AND run.status = 'succeeded'
      AND run.finished_at + make_interval(days => 1 + least(greatest(
            coalesce((proposal.expected_impact ->> 'timeframe_days')::int, 28), 21), 60)) <= now()
      AND NOT EXISTS (SELECT FROM ai_proposal_outcomes outcome
                      WHERE outcome.tenant_id = run.tenant_id AND outcome.workflow_id = run.id)
    ORDER BY run.tenant_id, run.finished_at
    LIMIT 1000
    """,
)
LEARNING = definer_function(
    "codex_tenants_learning()",
    "TABLE (tenant_id varchar, detector varchar)",
    "SELECT DISTINCT tenant_id, detector FROM ai_proposal_outcomes ORDER BY 1, 2",
)
COUNTS = definer_function(
    "codex_outcome_counts()",
    "TABLE (detector varchar, said double precision, was_right boolean, outcomes bigint,"
    " tenants bigint, ratio double precision)",
    """
    SELECT detector, round(said_confidence::numeric, 2)::double precision, verdict = 'better',
           count(*), count(DISTINCT tenant_id),
           percentile_cont(0.5) WITHIN GROUP (
               ORDER BY effect / nullif((expected_low + expected_high) / 2, 0))
    FROM ai_proposal_outcomes
    WHERE verdict <> 'not_enough_data'
    GROUP BY GROUPING SETS ((detector, round(said_confidence::numeric, 2), verdict = 'better'),
                            (detector))
    ORDER BY 1, 2, 3
    """,
)
FINDERS = {
    "codex_shops_to_look_at": TO_LOOK_AT,
    "codex_proposals_to_expire": TO_EXPIRE,
    "codex_outcomes_due": DUE,
    "codex_tenants_learning": LEARNING,
    "codex_outcome_counts": COUNTS,
}
ENTRIES = (
    (
        "Proposals: look at the shops",
        "proposals.dispatch",
        {"minute": "5", "hour": "*"},
        "Hourly: looks at every shop once a day, from two in the morning in its time zone.",
    ),
    (
        "Proposals: expire",
        "proposals.expire",
        {"minute": "20", "hour": "*"},
        "Hourly: proposals whose time is over.",
    ),
    (
        "Proposals: measure outcomes",
        "proposals.measure",
        {"minute": "40", "hour": "4"},
        "Daily: what runs that came from proposals brought, and what is learned from it.",
    ),
)


def add_entries(apps, schema_editor):
    alias = schema_editor.connection.alias
    Crontab = apps.get_model("django_celery_beat", "CrontabSchedule")
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    for name, task, when, description in ENTRIES:
        crontab, _ = Crontab.objects.using(alias).get_or_create(
            **when, day_of_week="*", day_of_month="*", month_of_year="*", timezone="UTC"
        )
        Task.objects.using(alias).update_or_create(
            name=name,
            defaults={
                "task": task,
                "crontab": crontab,
                "expire_seconds": 3000,
                "description": description,
            },
        )


def remove_entries(apps, schema_editor):
    Task = apps.get_model("django_celery_beat", "PeriodicTask")
    names = [name for name, *_ in ENTRIES]
    Task.objects.using(schema_editor.connection.alias).filter(name__in=names).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("proposals", "0001_initial"),
        ("core", "0001_initial"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [
        *(
            migrations.RunSQL(sql, f"DROP FUNCTION IF EXISTS {name}()")
            for name, sql in FINDERS.items()
        ),
        migrations.RunPython(add_entries, remove_entries),
    ]
