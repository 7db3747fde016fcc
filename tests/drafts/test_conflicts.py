"""Two plans that write the same field: found, bounded, and no more told than may be known."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.scope import scope
from councils import services as councils
from drafts import services
from drafts.clashing import conflicts_of
from drafts.models import Draft
from tests.drafts.conftest import begin, make_council, reviewer
from tests.workflows.test_properties import PROPERTY
from workflows import services as workflows
from workflows.models import PlannedChange
from workflows.planning.clashes import clashes


def previewed(cast, who="eddie", **inputs) -> Draft:
    draft = begin(cast, who, name=f"{who} raises", inputs=inputs)
    services.preview_draft(draft_id=draft.pk, actor=cast.actor(who))
    draft.refresh_from_db()
    return draft


def met(cast, draft, who="eddie", **more) -> list[tuple]:
    found = conflicts_of(draft, actor=cast.actor(who, **more))
    return [(one.rival.name if one.rival else None, one.count) for one in found]


def test_the_same_field_of_the_same_thing_is_a_clash(cast, shop):
    mine, theirs = previewed(cast), previewed(cast, "olivia", add="2.00", tags=["new"])

    [found] = conflicts_of(mine, actor=cast.actor("olivia"))

    assert (found.rival.draft_id, found.rival.status, found.count) == (theirs.pk, "editing", 5)
    first = found.first[0]
    assert (first.label, first.field, first.before, first.after, first.other_after) == (
        "Product 0",
        "price",
        '"10.00"',
        '"11.00"',
        '"12.00"',
    )
    assert not first.is_same


def test_other_fields_and_other_things_do_not_meet(cast, shop):
    mine = previewed(cast)
    previewed(cast, "olivia", add="0", tags=["new"])

    assert met(cast, mine, "olivia") == []


@pytest.mark.parametrize(
    ("state", "clash"),
    [
        ("editing", True),
        ("pending_review", True),
        ("approved", True),
        ("converted", True),
        ("rejected", False),
        ("discarded", False),
    ],
)
def test_only_what_may_still_run_is_in_the_way(cast, bring, state, clash):
    other = begin(cast, name="Other")
    services.preview_draft(draft_id=other.pk, actor=cast.actor("eddie"))
    bring(other, state)
    mine = previewed(cast)

    assert met(cast, mine) == ([("Other", 5)] if clash else [])


def test_a_run_that_is_over_is_in_nobodys_way(cast, bring):
    other = bring(begin(cast, name="Other"), "converted")
    run = other.converted_to_workflow
    mine = previewed(cast)
    assert met(cast, mine) == [("Other", 5)]
    workflows.cancel_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))

    assert met(cast, mine) == []


def test_its_own_plans_are_no_rivals(cast, bring):
    draft = bring(begin(cast), "converted")
    assert met(cast, draft) == []


def test_of_the_hidden_only_thing_and_field_are_told(cast, shop):
    hidden = previewed(cast, "olivia", add="7.77")
    mine = previewed(cast)

    [found] = conflicts_of(mine, actor=cast.actor("eddie"))
    assert (found.rival, found.count) == (None, 5)
    for clash in found.first:
        assert (clash.before, clash.after, clash.other_after) == (None, None, None)

    body = cast.client("eddie").get(f"/api/drafts/{mine.pk}/conflicts").json()
    assert body["total"] == 5
    assert body["conflicts"][0]["with"] is None
    assert body["conflicts"][0]["changes"][0].keys() == {
        "position",
        "entity",
        "target_id",
        "field",
        "label",
    }
    text = cast.client("eddie").get(f"/portal/workflows/drafts/{mine.pk}").content.decode()
    assert "A draft you cannot see" in text
    assert "olivia raises" not in text
    assert hidden.pk not in text
    assert "17.77" not in text


def test_what_is_shared_is_not_hidden(cast, shop):
    theirs = previewed(cast, "olivia", add="2.00")
    services.share_draft(draft_id=theirs.pk, user_id="user_eddie", actor=cast.actor("olivia"))
    mine = previewed(cast)

    assert met(cast, mine) == [("olivia raises", 5)]
    body = cast.client("eddie").get(f"/api/drafts/{mine.pk}/conflicts").json()
    assert body["conflicts"][0]["with"]["draft_id"] == theirs.pk
    assert body["conflicts"][0]["changes"][0]["other_after"] == "12.00"
    page = cast.client("eddie").get(f"/portal/workflows/drafts/{mine.pk}").content.decode()
    assert "olivia raises" in page
    assert "£12.00" in page


def test_the_reviewer_sees_the_clash_on_the_decision_page(cast, bring):
    previewed(cast, "olivia", add="2.00")
    mine = bring(previewed(cast), "pending_review")

    page = cast.client("rita").get(f"/portal/reviews/{mine.pk}").content.decode()

    assert "Clashes" in page
    assert "A draft you cannot see" in page
    assert "olivia raises" not in page


def test_a_guest_is_told_of_the_clash_and_nothing_else(cast, shop):
    """In the scope that shows one draft alone, the others are still looked at."""
    council = make_council(shop.pk)
    previewed(cast, "olivia", add="2.00")
    mine = previewed(cast)
    councils.submit_draft(draft_id=mine.pk, actor=cast.actor("eddie"))
    mine.refresh_from_db()
    guest = reviewer(cast, "guest", council)
    with scope(tenant_id=shop.pk, user_id="user_guest", draft_id=mine.pk):
        assert Draft.objects.count() == 1
        [found] = conflicts_of(mine, actor=guest)
        assert (found.rival, found.count, found.first[0].other_after) == (None, 5, None)
        assert Draft.objects.count() == 1


def test_another_tenants_plans_never_meet(cast, shop):
    mine, other = previewed(cast), previewed(cast)
    plan = mine.plan
    assert list(clashes(plan, [other.plan_id], first=5)) == [other.plan_id]
    with scope(tenant_id=cast.other.pk):
        assert clashes(plan, [other.plan_id], first=5) == {}
    assert cast.client("stranger").get(f"/api/drafts/{mine.pk}/conflicts").status_code == 404


def test_the_list_is_bounded_and_the_count_is_not(cast, in_tenant):
    from tests.workflows.conftest import make_shop

    make_shop(in_tenant.pk, 60)
    mine, _other = previewed(cast), previewed(cast, add="2.00")

    [found] = conflicts_of(mine, actor=cast.actor("eddie"))

    assert (found.count, len(found.first)) == (60, 20)
    assert [clash.position for clash in found.first] == list(range(1, 21))


def test_a_due_time_is_told(cast, bring):
    other = bring(begin(cast, name="Other"), "approved")
    at = timezone.now() + timedelta(days=2)
    services.convert_draft(draft_id=other.pk, actor=cast.actor("eddie"), run_at=at)
    mine = previewed(cast)

    [found] = conflicts_of(mine, actor=cast.actor("vera"))

    assert (found.rival.status, found.rival.due_at) == ("pending", at)


FIELDS = [("variant", "price"), ("product", "title"), ("product", "tags")]
KEYS = st.sets(
    st.tuples(st.sampled_from(FIELDS), st.integers(1, 6)).map(
        lambda one: (one[0][0], f"target-{one[1]}", one[0][1])
    ),
    max_size=12,
)


@PROPERTY
@given(data=st.data())
def test_conflicts_are_those_of_brute_force(cast, shop, data):
    """Rows written by hand: any plans at all, as sets of keys laid over each other."""
    base = [previewed(cast, add=f"{n}.00") for n in (1, 2, 3)]
    keys = []
    for draft in base:
        PlannedChange.objects.filter(plan=draft.plan).delete()
        wanted = sorted(data.draw(KEYS))
        keys.append(wanted)
        PlannedChange.objects.bulk_create(
            PlannedChange(
                tenant_id=shop.pk,
                plan=draft.plan,
                position=position,
                kind="set",
                entity=entity,
                target_id=target,
                field=field,
                label=target,
                before="a",
                after=f"{draft.pk}",
            )
            for position, (entity, target, field) in enumerate(wanted, start=1)
        )
    found = clashes(base[0].plan, [draft.plan_id for draft in base], first=3)

    for draft, theirs in zip(base[1:], keys[1:], strict=True):
        both = [key for key in keys[0] if key in theirs]
        if not both:
            assert draft.plan_id not in found
            continue
        count, first = found[draft.plan_id]
        assert count == len(both)
        assert [(c.entity, c.target_id, c.field) for c in first] == both[:3]
    Draft.objects.update(plan=None)
