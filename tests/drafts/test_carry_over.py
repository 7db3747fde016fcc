"""An approval carried over to a new plan: within the tenant's tolerance, and never past it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict, Invalid, NotAllowed
from core.models import Event
from core.scope import scope
from drafts import queries, services
from drafts.models import Approval, Draft, Tolerance
from drafts.services.carrying import within
from notifications.models import Notice
from stores.models import Post, Product, Variant
from tests.drafts.conftest import begin, facts_of, kinds_of, reviewer
from workflows import services as workflows
from workflows.models import PlanDelta, Workflow


@pytest.fixture
def allowed(cast, shop) -> Tolerance:
    return services.set_tolerance(tenant_id=shop.pk, actor=cast.actor("olivia"), is_on=True)


@pytest.fixture
def successor(cast, bring):
    """Approved, converted, and stopped because a price was not the planned one any more."""

    def successor(moved: str = "10.40", **inputs) -> Draft:
        draft = begin(cast, inputs=inputs)
        bring(draft, "converted")
        Variant.objects.filter(sku="SKU-0").update(price=Decimal(moved))
        run = Workflow.objects.get(draft=draft)
        workflows.start_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
        workflows.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
        assert Workflow.objects.get(pk=run.pk).status == "stopped_by_drift"
        made = services.replan_draft(workflow_id=run.pk, actor=cast.actor("eddie"))
        services.preview_draft(draft_id=made.pk, actor=cast.actor("eddie"))
        made.refresh_from_db()
        return made

    return successor


def carry(cast, draft, who="eddie") -> Draft:
    return services.approve_by_carry_over(draft_id=draft.pk, actor=cast.actor(who))


def test_only_what_the_shop_changed_differs(cast, successor):
    """New rows keep their ids and chance falls as before: the seed is the earlier plan's."""
    draft = successor(posts=3, tags=["new"])

    delta = queries.delta_of(draft)

    assert delta.counts == {"added": 0, "gone": 0, "after": 1, "before": 0, "same": 12}
    assert delta.earlier.draft_id != draft.pk
    assert draft.plan.fingerprint != delta.earlier.fingerprint


def test_a_run_that_left_something_keeps_its_ids(cast, bring):
    draft = bring(begin(cast, inputs={"posts": 1}), "converted")
    run = Workflow.objects.get(draft=draft)
    workflows.start_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
    workflows.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
    assert Post.objects.count() == 1

    made = services.replan_draft(workflow_id=run.pk, actor=cast.actor("eddie"))

    assert made.seed == ""


def test_within_tolerance_the_earlier_yes_stands(cast, allowed, successor):
    draft = successor()
    given = Approval.objects.get(kind="council")

    approved = carry(cast, draft)

    carried = Approval.objects.get(kind="carry_over")
    assert approved.status == "approved"
    assert (carried.carried_from_id, carried.until) == (given.pk, given.until)
    assert (carried.approved_by_id, carried.council_id) == (
        given.approved_by_id,
        given.council_id,
    )
    assert carried.fingerprint == draft.plan.fingerprint != given.fingerprint
    event = Event.objects.get(kind="draft.approval_carried_over")
    assert event.actor_id == "user_eddie"
    assert event.data["automatic"] is False
    assert event.data["delta"]["after"] == 1
    with scope(tenant_id=cast.tenant.pk, user_id="user_rita"):
        assert Notice.objects.filter(kind="review.carried_over", user_id="user_rita").count() == 1

    _draft, run, _made = services.convert_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    workflows.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
    assert Workflow.objects.get(pk=run.pk).status == "succeeded"
    assert str(Variant.objects.get(sku="SKU-0").price) == "11.40"


def test_with_the_preview_where_the_tenant_wants_that(cast, allowed, successor):
    services.set_tolerance(tenant_id=cast.tenant.pk, actor=cast.actor("olivia"), is_automatic=True)

    draft = successor()

    assert draft.status == "approved"
    assert kinds_of(draft) == ["draft.created", "draft.previewed", "draft.approval_carried_over"]
    assert Event.objects.get(kind="draft.approval_carried_over").data["automatic"] is True


def test_off_by_default(cast, successor):
    draft = successor()
    before = facts_of(draft)

    with pytest.raises(Conflict, match="Approvals may be carried over in this shop"):
        carry(cast, draft)

    assert facts_of(draft) == before
    assert queries.tolerance().is_on is False


def add_a_product(draft):
    Product.objects.create(
        id="product_more", tenant_id=draft.tenant_id, external_key="more", title="More"
    )
    Variant.objects.create(
        tenant_id=draft.tenant_id, product_id="product_more", external_key="more", price=5
    )


REFUSED = [
    (add_a_product, "No new item or field appears"),
    (
        lambda draft: Variant.objects.filter(sku="SKU-1").delete(),
        "The number of changes is within 5 %",
    ),
    (
        lambda draft: Draft.objects.filter(pk=draft.pk).update(inputs={"add": "1.01"}),
        "The inputs are the approved ones",
    ),
]


@pytest.mark.parametrize(("meanwhile", "why"), REFUSED)
def test_past_tolerance_it_is_refused_with_the_condition(cast, allowed, successor, meanwhile, why):
    draft = successor()
    meanwhile(draft)
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    before = facts_of(draft)

    with pytest.raises(Conflict, match=why):
        carry(cast, draft)

    assert facts_of(draft) == before
    assert Approval.objects.filter(kind="carry_over").count() == 0


def test_texts_are_not_judged_by_totals(cast, allowed, successor):
    draft = successor(posts=1)
    Draft.objects.filter(pk=draft.pk).update(seed="another")
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    with pytest.raises(Conflict, match="No new item or field"):
        carry(cast, draft)


def test_an_expired_approval_is_not_carried(cast, allowed, successor, monkeypatch):
    draft = successor()
    later = timezone.now() + timedelta(days=15)
    monkeypatch.setattr("drafts.services.carrying.timezone.now", lambda: later)

    with pytest.raises(Conflict, match="has not expired"):
        carry(cast, draft)


def test_the_shop_moved_since_the_preview(cast, allowed, successor):
    draft = successor()
    Variant.objects.filter(sku="SKU-1").update(price=Decimal("11.01"))

    with pytest.raises(Conflict, match="Preview it again"):
        carry(cast, draft)

    assert facts_of(draft)["status"] == "editing"


def test_what_was_unticked_does_not_come_back_unseen(cast, council, allowed):
    """The approved part is what a new plan is measured by: the whole plan has more than that."""
    from councils import services as councils

    draft = begin(cast)
    councils.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    rita = reviewer(cast, "rita", council)
    councils.approve_part(draft_id=draft.pk, revision_number=1, actor=rita, without=[5])
    _draft, run, _made = services.convert_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    Variant.objects.filter(sku="SKU-0").update(price=Decimal("10.01"))
    workflows.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
    made = services.replan_draft(workflow_id=run.pk, actor=cast.actor("eddie"))
    services.preview_draft(draft_id=made.pk, actor=cast.actor("eddie"))
    made.refresh_from_db()

    assert queries.delta_of(made).counts["added"] == 1
    with pytest.raises(Conflict, match="No new item"):
        carry(cast, made)


def test_a_chain_is_measured_by_what_people_approved(cast, allowed, successor):
    """Small steps do not add up: each is compared with the plan the council saw."""
    services.set_tolerance(
        tenant_id=cast.tenant.pk, actor=cast.actor("olivia"), items_percent=Decimal(25)
    )
    first = successor()
    carry(cast, first)
    _draft, run, _made = services.convert_draft(
        draft_id=first.pk, actor=cast.actor("eddie"), auto_execute=False
    )
    Variant.objects.filter(sku="SKU-1").update(price=Decimal("11.50"))
    workflows.start_workflow(workflow_id=run.pk, actor=cast.actor("eddie"))
    workflows.run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
    second = services.replan_draft(workflow_id=run.pk, actor=cast.actor("eddie"))
    services.preview_draft(draft_id=second.pk, actor=cast.actor("eddie"))
    second.refresh_from_db()

    council = Approval.objects.get(kind="council")
    assert queries.approved_before(second) == council
    assert queries.delta_of(second).earlier_id == council.plan_id
    assert queries.delta_of(second).counts["after"] == 2
    carry(cast, second)
    newest = Approval.objects.get(draft=second)
    assert newest.carried_from_id == council.pk


@pytest.mark.parametrize("door", ["page", "api"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("eddie", 200), ("olivia", 200), ("bob", 404), ("vera", 404), ("rita", 404)],
)
def test_the_same_answer_at_every_door(cast, allowed, successor, door, who, status):
    draft = successor()
    client = cast.client(who)
    if door == "api":
        response = client.post(
            f"/api/drafts/{draft.pk}/carry-over", {}, content_type="application/json"
        )
    else:
        response = client.post(f"/portal/workflows/drafts/{draft.pk}/carry-over", follow=True)

    assert response.status_code == status
    assert facts_of(draft)["status"] == ("approved" if status == 200 else "editing")


def test_submitted_the_council_sees_just_the_delta(cast, successor):
    from councils import services as councils

    draft = successor()
    councils.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    page = cast.client("rita").get(f"/portal/reviews/{draft.pk}").content.decode()

    assert "Compared with what was approved before" in page
    body = cast.client("rita").get(f"/api/drafts/{draft.pk}/delta").json()
    assert body["counts"] == {"added": 0, "gone": 0, "after": 1, "before": 0, "same": 4}
    assert [(row["label"], row["difference"]) for row in body["changes"]] == [
        ("Product 0", "after")
    ]
    assert (body["changes"][0]["was_after"], body["changes"][0]["after"]) == ("11.00", "11.40")
    assert body["carry_over"] is None


def test_the_editor_shows_the_delta_and_why_it_may_be_carried(cast, allowed, successor):
    draft = successor()
    page = cast.client("eddie").get(f"/portal/workflows/drafts/{draft.pk}").content.decode()

    assert "Compared with what was approved before" in page
    assert "Carry the approval over" in page
    body = cast.client("eddie").get(f"/api/drafts/{draft.pk}/delta?difference=gone").json()
    assert (body["total"], body["carry_over"]["possible"]) == (0, True)


def test_a_draft_without_a_forerunner_has_no_delta(cast, draft):
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    response = cast.client("eddie").get(f"/api/drafts/{draft.pk}/delta")

    assert response.status_code == 404
    assert PlanDelta.objects.count() == 0


# The tolerance itself


@pytest.mark.parametrize("door", ["page", "api"])
@pytest.mark.parametrize(
    ("who", "status"), [("olivia", 200), ("adam", 200), ("eddie", 403), ("vera", 403)]
)
def test_who_sets_the_tolerance(cast, shop, door, who, status):
    client = cast.client(who)
    if door == "api":
        response = client.patch(
            "/api/settings/carry-over",
            {"is_on": True, "items_percent": "2.50"},
            content_type="application/json",
        )
    else:
        response = client.post(
            "/portal/settings/carry-over",
            {"is_on": "on", "items_percent": "2.5", "value_percent": "5", "money_percent": "5"},
            follow=True,
        )

    assert response.status_code == status
    if status == 200:
        held = Tolerance.objects.get()
        assert (held.is_on, held.is_automatic, held.items_percent) == (True, False, Decimal("2.5"))
        event = Event.objects.get(kind="tenant.tolerance_changed")
        assert event.data == {"is_on": [False, True], "items_percent": ["5.00", "2.50"]}
    else:
        assert Tolerance.objects.count() == 0


@pytest.mark.parametrize("value", ["-1", "100.01", "x", "NaN"])
def test_a_tolerance_is_a_percentage(cast, shop, value):
    client = cast.client("olivia")
    response = client.patch(
        "/api/settings/carry-over", {"items_percent": value}, content_type="application/json"
    )

    assert response.status_code == 422
    assert Tolerance.objects.count() == 0


def test_switched_off_nothing_is_automatic(cast, allowed):
    olivia = cast.actor("olivia")
    services.set_tolerance(tenant_id=cast.tenant.pk, actor=olivia, is_automatic=True)

    held = services.set_tolerance(tenant_id=cast.tenant.pk, actor=olivia, is_on=False)

    assert (held.is_on, held.is_automatic) == (False, False)
    for broken in ({"is_automatic": True}, {"items_percent": 101}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Tolerance.objects.update(**broken)
    with pytest.raises(NotAllowed):
        services.set_tolerance(tenant_id=cast.tenant.pk, actor=cast.actor("eddie"), is_on=True)
    with pytest.raises(Invalid):
        services.set_tolerance(tenant_id=cast.tenant.pk, actor=olivia, colour="red")


@given(
    then=st.decimals("0", "99999999", places=2),
    share=st.decimals("0", "100", places=2),
)
def test_the_edge_is_inside_and_a_penny_past_it_is_not(then, share):
    edge = then * share / 100
    assert within(str(then), str(then + edge), share)
    assert within(str(then), str(then - edge), share)
    assert not within(str(then), str(then + edge + Decimal("0.0001")), share)
    assert not within(str(then), str(then - edge - Decimal("0.0001")), share)
    assert not within(None, str(then), share)
