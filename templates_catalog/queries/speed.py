"""How long it takes from a click to the first change in the shop: at once, and by way of a review.

Both clocks start when somebody presses the button that begins it, and stop when the run wrote its
first change; reading, filling in and waiting for people are in both of them.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from core.scope import require_tenant_id

MEDIANS = """
WITH timed AS (
    SELECT used.at_once_at IS NOT NULL AS at_once,
           run.first_change_at - coalesce(used.clicked_at, draft.created_at) AS took
    FROM workflows run
    JOIN workflow_drafts draft ON draft.id = run.draft_id
    LEFT JOIN templates_catalog_templateuse used ON used.draft_id = draft.id
    WHERE run.tenant_id = %(tenant)s
      AND run.first_change_at > now() - make_interval(days => %(days)s)
      AND (used.at_once_at IS NOT NULL OR EXISTS (
          SELECT FROM drafts_approval approval
          WHERE approval.draft_id = draft.id AND approval.kind = 'council'))
)
SELECT at_once, count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY took),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY took)
FROM timed GROUP BY at_once
"""
GOAL = 0.8


@dataclass(frozen=True, slots=True)
class Took:
    """How many runs there were, and how long half and nine in ten of them took at most."""

    runs: int = 0
    median: timedelta | None = None
    most: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Speed:
    instant: Took
    reviewed: Took

    @property
    def saved(self) -> float | None:
        """Share of the reviewed way's median that instant runs save; the goal is four fifths."""
        if not self.instant.median or not self.reviewed.median:
            return None
        return 1 - self.instant.median / self.reviewed.median

    @property
    def reaches_goal(self) -> bool:
        return self.saved is not None and self.saved >= GOAL


def click_to_first_change(days: int = 90) -> Speed:
    """Of this tenant's runs of the last ``days`` days that wrote something."""
    with connection.cursor() as cursor:
        cursor.execute(MEDIANS, {"tenant": require_tenant_id(), "days": days})
        found = {at_once: Took(*figures) for at_once, *figures in cursor.fetchall()}
    return Speed(instant=found.get(True, Took()), reviewed=found.get(False, Took()))
