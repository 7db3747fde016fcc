"""What a run that came from a proposal brought, against what would have happened without it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import Actor, SystemActor
from core.errors import NotAllowed
from core.lifecycle import record
from proposals.models import Outcome, Proposal
from proposals.services.looking import look_of
from proposals.states import Verdict
from proposals.statistics.effects import difference_in_differences
from proposals.statistics.weeks import level_change
from workflows.models import Workflow
from workflows.states import RunState

MEASURER = SystemActor("measurer", grants=frozenset({"proposals.measure_outcome"}))
FEWEST_EVENTS = 30
SHORTEST, LONGEST = 21, 60
PRODUCTS, SHOP = "touched_against_untouched", "before_against_after"

# What each type is meant to move, and whether single products show it.
METRICS = {
    "content.product_descriptions": ("sessions", PRODUCTS),
    "seo.audit": ("sessions", PRODUCTS),
    "pricing.dynamic_pricing": ("revenue", PRODUCTS),
    "marketing.conversion_optimization": ("revenue", PRODUCTS),
    "marketing.launch_campaign": ("revenue", SHOP),
    "marketing.seasonal_campaign": ("revenue", SHOP),
    "social.content_calendar": ("sessions", SHOP),
}
# What an expectation was said in → (what is measured, whether it was said for a month).
COMPARABLE = {
    "sessions_month": ("sessions", True),
    "product_page_sessions_month": ("sessions", True),
    "revenue_month": ("revenue", True),
    "season_revenue": ("revenue", False),
    "campaign_revenue": ("revenue", False),
}
MONTH = 30

TOUCHED = """
SELECT DISTINCT CASE change.entity WHEN 'product' THEN change.target_id ELSE variant.product_id END
FROM workflow_change_results result
JOIN workflow_planned_changes change
  ON change.plan_id = %(plan)s AND change.position = result.position
LEFT JOIN stores_variant variant
  ON change.entity = 'variant' AND variant.id::text = change.target_id
WHERE result.workflow_id = %(run)s AND result.phase = 'apply' AND result.outcome = 'applied'
  AND change.entity IN ('product', 'variant')
"""
SESSIONS = """
SELECT product.id,
       coalesce(sum(day.sessions) FILTER (WHERE day.date < %(run_day)s), 0),
       coalesce(sum(day.sessions) FILTER (WHERE day.date > %(run_day)s), 0)
FROM stores_product product
LEFT JOIN stores_trafficday day
  ON day.tenant_id = product.tenant_id AND day.breakdown = 'page'
 AND day.name = '/products/' || product.handle
 AND day.date BETWEEN %(first)s AND %(last)s
WHERE product.tenant_id = %(tenant)s AND product.status = 'active'
GROUP BY 1 ORDER BY 1
"""
REVENUE = """
SELECT product.id,
       coalesce(sum(line.amount) FILTER (WHERE line.placed_on < %(run_day)s), 0),
       coalesce(sum(line.amount) FILTER (WHERE line.placed_on > %(run_day)s), 0)
FROM stores_product product
JOIN stores_variant variant
  ON variant.tenant_id = product.tenant_id AND variant.product_id = product.id
LEFT JOIN stores_orderline line
  ON line.tenant_id = variant.tenant_id AND line.variant_id = variant.id
 AND line.kind <> 'adjustment' AND line.placed_on BETWEEN %(first)s AND %(last)s
WHERE product.tenant_id = %(tenant)s AND product.status = 'active'
GROUP BY 1 ORDER BY 1
"""
DAILY = {
    "revenue": """
        SELECT placed_on, sum(amount) FROM stores_orderline
        WHERE tenant_id = %(tenant)s AND kind <> 'adjustment'
          AND placed_on BETWEEN %(first)s AND %(last)s GROUP BY 1
    """,
    "sessions": """
        SELECT date, sum(sessions) FROM stores_trafficday
        WHERE tenant_id = %(tenant)s AND breakdown = 'total'
          AND date BETWEEN %(first)s AND %(last)s GROUP BY 1
    """,
}


@dataclass(frozen=True, slots=True)
class Measured:
    """``effect`` over the window, in the metric's unit; None where the data does not tell."""

    baseline: float | None = None
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    sample: Mapping[str, Any] | None = None
    why: str = ""

    @property
    def verdict(self) -> str:
        if self.effect is None or self.low is None or self.high is None:
            return Verdict.NOT_ENOUGH_DATA
        if self.low > 0:
            return Verdict.BETTER
        return Verdict.WORSE if self.high < 0 else Verdict.NONE


@dataclass(frozen=True, slots=True)
class Window:
    """So many days on each side of the day of the run."""

    run_day: date
    days: int
    until: date

    @property
    def first(self) -> date:
        return self.run_day - timedelta(days=self.days)

    @property
    def last(self) -> date:
        return self.run_day + timedelta(days=self.days)


@transaction.atomic
def measure_outcome(*, workflow_id: str, actor: Actor = MEASURER) -> Outcome | None:
    """Measure once. None when there is nothing (or nothing more) to measure."""
    workflow = Workflow.objects.select_for_update(of=("self",)).filter(pk=workflow_id).first()
    if workflow is None or workflow.status != RunState.SUCCEEDED or not workflow.draft_id:
        return None
    proposal = Proposal.objects.filter(created_draft_id=workflow.draft_id).first()
    if proposal is None or Outcome.objects.filter(workflow=workflow).exists():
        return None
    if not actor.has_perm("proposals.measure_outcome", proposal):
        raise NotAllowed(perm="proposals.measure_outcome")
    window = window_of(proposal, workflow)
    metric, method = METRICS.get(workflow.workflow_type_id, ("revenue", SHOP))
    return _write(proposal, workflow, window, metric, method, actor)


def window_of(proposal: Proposal, workflow: Workflow) -> Window:
    shop = look_of(proposal.tenant_id).shop
    ran = workflow.first_change_at or workflow.finished_at or workflow.created_at
    asked = int(proposal.expected_impact.get("timeframe_days") or 28)
    return Window(
        run_day=ran.astimezone(ZoneInfo(shop.timezone)).date(),
        days=min(max(asked, SHORTEST), LONGEST),
        until=shop.until,
    )


def _write(
    proposal: Proposal, workflow: Workflow, window: Window, metric: str, method: str, actor: Actor
) -> Outcome:
    found = measured(workflow, window, metric, method)
    outcome = Outcome.objects.create(
        tenant_id=proposal.tenant_id,
        proposal=proposal,
        workflow=workflow,
        detector=proposal.detector,
        said_confidence=proposal.said_confidence,
        **_expected(proposal, metric, window),
        metric=metric,
        unit="count" if metric == "sessions" else look_of(proposal.tenant_id).shop.currency,
        method=method,
        window_days=window.days,
        starts_on=window.first,
        ends_on=window.last,
        baseline=found.baseline,
        effect=found.effect,
        low=found.low,
        high=found.high,
        sample=dict(found.sample or {}),
        verdict=found.verdict,
        why=found.why,
        measured_at=timezone.now(),
    )
    data = {"workflow_id": workflow.pk, "verdict": outcome.verdict, "effect": outcome.effect}
    record("proposal.measured", proposal, actor=actor, data=data)
    return outcome


def _expected(proposal: Proposal, metric: str, window: Window) -> dict[str, float | None]:
    """What was expected, as a gain over the window; unknown where it was said in another metric."""
    told = proposal.expected_impact
    measured_in, is_monthly = COMPARABLE.get(told.get("metric", ""), ("", False))
    if measured_in != metric:
        return {"expected_low": None, "expected_high": None}
    share = window.days / MONTH if is_monthly else 1.0
    low, high = ((float(told[end]) - float(told["baseline"])) * share for end in ("low", "high"))
    return {"expected_low": low, "expected_high": high}


def measured(workflow: Workflow, window: Window, metric: str, method: str) -> Measured:
    if window.until < window.last:
        return Measured(why=_("The shop's data does not reach to the end of the window."))
    if method == PRODUCTS:
        return by_products(workflow, window, metric)
    return by_days(workflow.tenant_id, window, metric)


def by_products(workflow: Workflow, window: Window, metric: str) -> Measured:
    """Touched products against untouched ones, before against after."""
    touched = {row[0] for row in _ask(TOUCHED, {"plan": workflow.plan_id, "run": workflow.pk})}
    sql = SESSIONS if metric == "sessions" else REVENUE
    rows = _ask(sql, _values(workflow.tenant_id, window))
    pairs: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for product_id, before, after in rows:
        pairs[product_id in touched].append((float(before), float(after)))
    events = sum(before + after for before, after in pairs[True])
    sample = {"touched": len(pairs[True]), "untouched": len(pairs[False]), "events": events}
    found = difference_in_differences(pairs[True], pairs[False])
    if found is None or events < FEWEST_EVENTS:
        return Measured(sample=sample, why=_("Too few products, visits or sales to compare."))
    size = len(pairs[True])
    return Measured(
        baseline=found.baseline * size,
        effect=found.value * size,
        low=found.interval.low * size,
        high=found.interval.high * size,
        sample=sample,
    )


def by_days(tenant_id: str, window: Window, metric: str) -> Measured:
    """The shop's level from the day of the run on against before it, in whole weeks."""
    rows = dict(_ask(DAILY[metric], _values(tenant_id, window)))
    whole = window.days - window.days % 7
    days = [window.run_day + timedelta(days=n) for n in range(-whole, whole)]
    series = [float(rows.get(day, 0)) for day in days]
    sample = {"days": len(series), "events": sum(series)}
    if sum(series[:whole]) < FEWEST_EVENTS or min(series) < 0:
        return Measured(sample=sample, why=_("Too few visits or sales to compare."))
    change = level_change(np.array(series), whole, days[0].weekday())
    if change is None:
        return Measured(sample=sample, why=_("Too few days to compare."))
    baseline = sum(series[whole:]) / (1 + change.share)
    return Measured(
        baseline=baseline,
        effect=baseline * change.share,
        low=baseline * change.interval.low,
        high=baseline * change.interval.high,
        sample=sample,
    )


def _values(tenant_id: str, window: Window) -> dict[str, Any]:
    return {
        "tenant": tenant_id,
        "run_day": window.run_day,
        "first": window.first,
        "last": window.last,
    }


def _ask(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
