"""How runs of a shared template went: sums over all shops, and only where there are five."""

from django.db import migrations

from core.rls import definer_function

RESULTS = definer_function(
    "codex_template_results(wanted varchar[])",
    "TABLE (template_id varchar, shops bigint, runs bigint, succeeded bigint, broken bigint, fidelity numeric,"
    " low numeric, middle numeric, high numeric)",
    """
    SELECT shared.id, count(DISTINCT run.tenant_id), count(*),
           count(*) FILTER (WHERE run.status = 'succeeded'),
           count(*) FILTER (WHERE run.status IN ('failed', 'undoing', 'undone', 'undo_incomplete')),
           avg(run.fidelity),
           (percentile_cont(0.25) WITHIN GROUP (ORDER BY run.fidelity))::numeric,
           (percentile_cont(0.5) WITHIN GROUP (ORDER BY run.fidelity))::numeric,
           (percentile_cont(0.75) WITHIN GROUP (ORDER BY run.fidelity))::numeric
    FROM workflows run
    JOIN workflow_drafts draft ON draft.id = run.draft_id
    JOIN workflow_templates template ON template.id = draft.created_from_template_id
    JOIN workflow_templates shared ON shared.id IN (template.id, template.origin_id)
    WHERE run.finished_at IS NOT NULL AND shared.id = ANY(wanted) AND shared.tenant_id IS NULL
    GROUP BY shared.id
    HAVING count(DISTINCT run.tenant_id) >= 5
    """,
)


class Migration(migrations.Migration):
    dependencies = [("templates_catalog", "0004_library"), ("workflows", "0004_prune")]
    operations = [
        migrations.RunSQL(RESULTS, "DROP FUNCTION IF EXISTS codex_template_results(varchar[])")
    ]
