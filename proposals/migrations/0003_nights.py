"""The finder of shops to look at hands a night out again when its worker died; three times at most."""

from importlib import import_module

from django.db import migrations

from core.rls import definer_function

BEFORE = import_module("proposals.migrations.0002_jobs").TO_LOOK_AT
TO_LOOK_AT = definer_function(
    "codex_shops_to_look_at()",
    "TABLE (tenant_id varchar, day date)",
    """
    SELECT here.id, here.moment::date
    FROM (SELECT tenant.id, now() AT TIME ZONE coalesce(zone.name, 'UTC') AS moment,
                 coalesce(zone.name, 'UTC') AS zone
          FROM tenants_tenant tenant
          LEFT JOIN pg_timezone_names zone ON zone.name = tenant.timezone) here
    WHERE extract(hour FROM here.moment) >= 2
      AND NOT EXISTS (SELECT FROM core_jobslot slot
                      WHERE slot.job = 'proposals.nightly' AND slot.tenant_id = here.id
                        AND slot.slot = to_char(here.moment, 'YYYY-MM-DD'))
      AND NOT EXISTS (SELECT FROM ai_proposer_runs run
                      WHERE run.tenant_id = here.id AND run.trigger = 'schedule'
                        AND run.finished_at IS NULL
                        AND run.started_at > now() - interval '30 minutes')
      AND (SELECT count(*) FROM ai_proposer_runs run
           WHERE run.tenant_id = here.id AND run.trigger = 'schedule'
             AND run.started_at >= here.moment::date::timestamp AT TIME ZONE here.zone) < 3
    ORDER BY here.id
    """,
)


class Migration(migrations.Migration):
    dependencies = [("proposals", "0002_jobs")]
    operations = [migrations.RunSQL(TO_LOOK_AT, BEFORE)]
