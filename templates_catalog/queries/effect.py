"""What a plan would do at most, read from its rows and not from what it says of itself."""

from django.db import connection

from templates_catalog.bounds import Effect
from workflows.models import Plan

PRICE_MOVE = """
SELECT CASE WHEN NOT coalesce(bool_or((before #>> '{}')::numeric = 0), false) THEN
       coalesce(max(abs((after #>> '{}')::numeric - (before #>> '{}')::numeric) * 100
                    / nullif((before #>> '{}')::numeric, 0)), 0) END
FROM workflow_planned_changes
WHERE plan_id = %s AND entity = 'variant' AND field = 'price' AND before IS NOT NULL
"""
DISCOUNT = """
SELECT CASE WHEN bool_and(after ->> 'kind' = 'percent') THEN max((after ->> 'value')::numeric)
            WHEN count(*) = 0 THEN 0 END
FROM workflow_planned_changes
WHERE plan_id = %s AND entity = 'promotion' AND kind = 'create'
"""


def effect_of(plan: Plan) -> Effect:
    """Read from the plan's rows, not from what its summary says of itself."""
    with connection.cursor() as cursor:
        cursor.execute(PRICE_MOVE, [plan.pk])
        move = cursor.fetchone()[0]
        cursor.execute(DISCOUNT, [plan.pk])
        discount = cursor.fetchone()[0]
    return Effect(price_move=None if move is None else round(move, 2), discount=discount)
