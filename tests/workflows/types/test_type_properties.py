"""All seven types on random shops with random inputs: a plan writes nothing and repeats, a run is
its plan, an undo is the way back, and what an input caps stays capped."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from tests.workflows.types.examples import rolled_back, some
from tests.workflows.types.shops import plan_for
from tests.workflows.types.test_every_type import make_random_shop, whole_shop
from workflows import services
from workflows.models import Plan, Workflow

TONES = st.sampled_from(["persuasive", "friendly", "friendly_professional", "plain", "premium"])
BLOCKS = st.lists(
    st.sampled_from(["Ad.", "Terms & <conditions> apply.", "Two\nlines."]), max_size=2
)
MOST = st.integers(1, 12)
FOCUS = st.sampled_from([[], ["christmas"], ["mug", "candle"], ["zebra"]])
TAGS = st.sampled_from([[], ["red"], ["gift-card"]])


def inputs(**fields: st.SearchStrategy) -> st.SearchStrategy[dict[str, Any]]:
    """Some of these fields; the others keep their defaults."""
    return st.fixed_dictionaries({}, optional=fields)


SEVEN = {
    "content.product_descriptions": inputs(
        tone=TONES,
        length=st.sampled_from(["short", "medium", "long"]),
        overwrite=st.sampled_from(["missing", "missing_or_thin", "all"]),
        include_features=st.booleans(),
        include_benefits=st.booleans(),
        target_keywords=st.lists(st.sampled_from(["red mug", "gifts"]), max_size=2),
        copy_blocks=BLOCKS,
        include_tags=TAGS,
        max_items=MOST,
    ),
    "seo.audit": inputs(
        checks=st.lists(
            st.sampled_from(["titles", "descriptions", "alt_texts", "thin_pages", "slugs"]),
            min_size=1,
            unique=True,
        ),
        fix_slugs=st.booleans(),
        fix_titles=st.booleans(),
        title_max=st.integers(30, 70),
        description_max=st.integers(120, 200),
        copy_blocks=BLOCKS,
        exclude_tags=TAGS,
        max_items=MOST,
    ),
    "pricing.dynamic_pricing": inputs(
        max_step_percent=st.sampled_from(["0.50", "10", "50"]),
        margin_floor_percent=st.sampled_from(["0", "15", "100"]),
        price_ending=st.sampled_from(["95_50", "99", "00", "any"]),
        compare_at=st.sampled_from(["clear", "leave_out"]),
        market_max_age_days=st.sampled_from([7, 30]),
        exclude_tags=TAGS,
        max_items=MOST,
    ),
    "social.content_calendar": inputs(
        platforms=st.lists(
            st.sampled_from(["instagram", "x", "pinterest", "linkedin"]), min_size=1, unique=True
        ),
        posts=st.integers(1, 15),
        posts_per_day=st.integers(1, 3),
        tone=TONES,
        hashtag_strategy=st.sampled_from(["none", "few", "many"]),
        posting_times=st.sampled_from([[], ["09:00"], ["07:15", "23:45"]]),
        product_focus=FOCUS,
        copy_blocks=BLOCKS,
    ),
    "marketing.launch_campaign": inputs(
        segments=st.lists(
            st.sampled_from(["champions", "loyal", "new", "promising", "at_risk", "lapsed"]),
            min_size=1,
            unique=True,
        ),
        smallest_segment=st.integers(1, 3),
        hold_out_percent=st.integers(0, 50),
        products_shown=st.integers(1, 5),
        days_between=st.integers(0, 2),
        product_focus=FOCUS,
        tone=TONES,
        copy_blocks=BLOCKS,
    ),
    "marketing.seasonal_campaign": inputs(
        holiday=st.sampled_from(["black_friday", "christmas", "mothers_day"]),
        discount_percent=st.integers(1, 70),
        margin_floor_percent=st.sampled_from(["0", "10", "80"]),
        product_focus=FOCUS,
        announce=st.booleans(),
        code=st.sampled_from([None, "SAVE-20"]),
        tone=TONES,
        copy_blocks=BLOCKS,
        max_items=MOST,
    ),
    "marketing.conversion_optimization": inputs(
        focus_areas=st.lists(
            st.sampled_from(["product_descriptions", "compare_at_prices", "titles", "sort_order"]),
            min_size=1,
            unique=True,
        ),
        fix_sort_order=st.booleans(),
        fix_titles=st.booleans(),
        copy_blocks=BLOCKS,
        exclude_tags=TAGS,
        max_items=MOST,
    ),
}
# What ``max_items`` counts, where that is not simply every change.
COUNTED = {"pricing.dynamic_pricing": "price", "marketing.seasonal_campaign": None}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("type_id", SEVEN)
def test_plan_run_and_undo_on_any_shop(in_tenant, cast, type_id):
    @given(seed=st.integers(0, 10_000), asked=SEVEN[type_id])
    @some(12)
    def holds(seed, asked):
        with rolled_back():
            make_random_shop(in_tenant, seed)
            _holds(cast, type_id, asked)

    holds()


def _holds(cast, type_id: str, asked: dict[str, Any]) -> None:
    before = whole_shop()
    try:
        plan = plan_for(cast, type_id, **asked)
    except Invalid:
        assert (whole_shop(), Plan.objects.count()) == (before, 0)
        return
    again = plan_for(cast, type_id, **asked)

    assert whole_shop() == before
    assert plan.fingerprint == again.fingerprint == services.stored_fingerprint(plan)
    _is_capped(plan, asked)
    if plan.change_count:
        _runs_and_returns(cast, plan, before)


def _is_capped(plan: Plan, asked: dict[str, Any]) -> None:
    field = COUNTED.get(plan.workflow_type_id, "")
    if "max_items" in asked and field is not None:
        rows = plan.changes.filter(field=field) if field else plan.changes
        assert rows.count() <= asked["max_items"]


def _runs_and_returns(cast, plan: Plan, before: list) -> None:
    run = services.create_workflow(
        plan=plan, name="Run", inputs=plan.inputs, draft_id=None, actor=cast.actor("eddie")
    )
    services.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
    done = Workflow.objects.get(pk=run.pk)
    assert (done.status, done.fidelity, done.applied) == ("succeeded", 1, plan.change_count)
    assert whole_shop() != before
    services.undo_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
    services.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
    assert Workflow.objects.get(pk=run.pk).status == "undone"
    assert whole_shop() == before
