"""Many drafts of many tenants, one of them large."""

from bench import seeds
from councils.models import Council
from drafts.models import Draft

# Columns not named here are the first tenant's.
TENANTS = """
INSERT INTO tenants_tenant
SELECT made.* FROM tenants_tenant t, generate_series(1, %(tenants)s) AS n,
    jsonb_populate_record(t, jsonb_build_object('id', t.id || '_' || n, 'name', 'Shop ' || n)) AS made
WHERE t.id = 'tenant_bench'
"""
# Half in editing, the rest turned down or thrown away: states a draft can have without a run.
DRAFTS = """
INSERT INTO workflow_drafts
SELECT made.*
FROM (SELECT n, (ARRAY['editing', 'rejected', 'editing', 'discarded'])[1 + n %% 4] AS state
      FROM generate_series(%(first)s, %(last)s) AS n) AS numbered,
jsonb_populate_record(NULL::workflow_drafts, %(blank)s::jsonb || jsonb_build_object(
    'id', 'draft_' || md5(%(tenant)s || '/' || n), 'tenant_id', %(tenant)s,
    'workflow_type_id', (ARRAY['pricing.dynamic_pricing', 'seo.audit', 'social.content_calendar',
                               'content.product_descriptions'])[1 + n %% 4],
    'name', (ARRAY['Autumn prices', 'Repair titles', 'Two weeks of posts',
                   'Write what is missing'])[1 + n %% 4] || ' ' || md5(n::text),
    'purpose', 'Because ' || md5((n * 7)::text) || ' asked for it',
    'inputs', jsonb_build_object('max_step', n %% 20, 'tone', 'plain'), 'status', state,
    'created_by_id', %(person)s,
    'assigned_council_id', CASE WHEN state = 'rejected' THEN %(council)s END,
    'submitted_at', CASE WHEN state = 'rejected' THEN now() END,
    'created_at', now() - n * interval '7 seconds', 'updated_at', now())) AS made
"""


def make(person_id: str, *, tenants: int, each: int, large: int) -> None:
    """``each`` drafts for every small tenant, ``large`` for ``tenant_bench``."""
    with seeds.quietly("workflow_drafts", "tenants_tenant", "councils_council"):
        Council._base_manager.using("owner").create(pk="council_bench", name="Bench")
        seeds.run(TENANTS, {"tenants": tenants})
        names = ["tenant_bench", *(f"tenant_bench_{n}" for n in range(1, tenants + 1))]
        for name in names:
            count = large if name == "tenant_bench" else each
            values = {
                "tenant": name,
                "person": person_id,
                "council": "council_bench",
                "blank": seeds.blank(Draft),
            }
            seeds.run(DRAFTS, values | {"first": 1, "last": count})


def fill(tenant_id: str, person_id: str, count: int) -> None:
    with seeds.quietly("workflow_drafts"):
        values = {
            "tenant": tenant_id,
            "person": person_id,
            "council": "council_bench",
            "blank": seeds.blank(Draft),
        }
        seeds.run(DRAFTS, values | {"first": 1, "last": count})
