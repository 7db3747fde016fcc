"""Many drafts of many tenants, one of them large."""

from bench import seeds

TENANTS = """
INSERT INTO tenants_tenant (id, name, country, currency, locale, timezone, allows_direct_runs,
                            created_at, updated_at)
SELECT 'tenant_bench_' || n, 'Shop ' || n, country, currency, locale, timezone,
       allows_direct_runs, now(), now()
FROM tenants_tenant, generate_series(1, %(tenants)s) AS n WHERE id = 'tenant_bench'
"""
# Half in editing, the rest turned down or thrown away: states a draft can have without a run.
DRAFTS = """
INSERT INTO workflow_drafts (id, tenant_id, workflow_type_id, name, purpose, inputs, status, version,
                             created_by_id, assigned_council_id, submitted_at, preview_state,
                             review_comment, created_at, updated_at)
SELECT 'draft_' || md5(%(tenant)s || '/' || n), %(tenant)s,
       (ARRAY['pricing.dynamic_pricing', 'seo.audit', 'social.content_calendar',
              'content.product_descriptions'])[1 + n %% 4],
       (ARRAY['Autumn prices', 'Repair titles', 'Two weeks of posts', 'Write what is missing'])[1 + n %% 4]
           || ' ' || md5(n::text),
       'Because ' || md5((n * 7)::text) || ' asked for it',
       jsonb_build_object('max_step', n %% 20, 'tone', 'plain'), state,
       1, %(person)s, CASE WHEN state = 'rejected' THEN %(council)s END,
       CASE WHEN state = 'rejected' THEN now() END, '', '',
       now() - n * interval '7 seconds', now()
FROM (SELECT n, (ARRAY['editing', 'rejected', 'editing', 'discarded'])[1 + n %% 4] AS state
      FROM generate_series(%(first)s, %(last)s) AS n) AS made
"""
COUNCIL = """
INSERT INTO councils_council (id, name, description, is_active, approval_days, created_at, updated_at)
VALUES ('council_bench', 'Bench', '', true, 14, now(), now()) ON CONFLICT DO NOTHING
"""


def make(person_id: str, *, tenants: int, each: int, large: int) -> None:
    """``each`` drafts for every small tenant, ``large`` for ``tenant_bench``."""
    with seeds.quietly("workflow_drafts", "tenants_tenant", "councils_council"):
        seeds.run(COUNCIL)
        seeds.run(TENANTS, {"tenants": tenants})
        names = ["tenant_bench", *(f"tenant_bench_{n}" for n in range(1, tenants + 1))]
        for name in names:
            count = large if name == "tenant_bench" else each
            values = {"tenant": name, "person": person_id, "council": "council_bench"}
            seeds.run(DRAFTS, values | {"first": 1, "last": count})


def fill(tenant_id: str, person_id: str, count: int) -> None:
    with seeds.quietly("workflow_drafts"):
        values = {"tenant": tenant_id, "person": person_id, "council": "council_bench"}
        seeds.run(DRAFTS, values | {"first": 1, "last": count})
