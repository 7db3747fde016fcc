"""Rows a run makes: once, and taken back only while nobody touched them."""

import pytest

from core.scope import scope
from stores.gateways import Change, ChangeList, Outcome, Result, created_id, gateway_for
from stores.models import Campaign, Post, Promotion, PromotionProduct
from tests.stores.factories import make_product

RUN = "plan_1"


def new(entity, values, key="a", position=1):
    return Change(position, entity, created_id(entity, "draft_1", key), "", None, values)


def campaign(**more):
    return new("campaign", {"name": "Winter", "subject": "Cold?", "audience_size": 12, **more})


def create(tenant, *changes, by=RUN):
    return gateway_for(tenant.pk).create(ChangeList(changes), created_by=by)


def take_back(tenant, *changes, by=RUN):
    return gateway_for(tenant.pk).delete_unchanged(ChangeList(changes), created_by=by)


def test_an_id_follows_from_its_parts():
    assert created_id("post", "draft_1", 1) == created_id("post", "draft_1", 1)
    assert created_id("post", "draft_1", 1) != created_id("post", "draft_1", 2)
    assert len(created_id("post", "draft_1", 1)) == len("post_") + 26


def test_a_replay_makes_nothing_twice(in_tenant):
    assert create(in_tenant, campaign()) == []
    before = list(Campaign.objects.values())

    assert create(in_tenant, campaign()) == []
    assert list(Campaign.objects.values()) == before


def test_a_row_somebody_else_made_is_left(in_tenant):
    create(in_tenant, campaign(), by="plan_other")
    assert create(in_tenant, campaign(name="Mine")) == [Outcome(1, Result.TAKEN)]
    assert Campaign.objects.get().name == "Winter"


def test_a_promotion_comes_with_its_products_and_goes_with_them(in_tenant):
    products = [make_product(in_tenant).pk for _ in range(2)]
    mailing = campaign()
    offer = new(
        "promotion",
        {
            "name": "Ten off",
            "kind": "percent",
            "value": "10.00",
            "starts_at": "2026-12-01T00:00:00+00:00",
            "ends_at": "2026-12-08T00:00:00+00:00",
            "campaign_id": mailing.target_id,
            "product_ids": products,
        },
        position=2,
    )

    assert create(in_tenant, mailing, offer) == []
    assert sorted(PromotionProduct.objects.values_list("product_id", flat=True)) == sorted(products)
    assert take_back(in_tenant, mailing, offer) == []
    assert not Promotion.objects.exists()
    assert not Campaign.objects.exists()


def test_a_row_edited_since_is_kept_and_told(in_tenant):
    create(in_tenant, campaign())
    Campaign.objects.update(subject="Warm?")

    assert take_back(in_tenant, campaign()) == [Outcome(1, Result.CHANGED, {"subject": "Warm?"})]
    assert Campaign.objects.count() == 1


def test_a_promotion_given_another_product_is_kept(in_tenant):
    offer = new(
        "promotion",
        {
            "name": "Ten off",
            "value": "10.00",
            "starts_at": "2026-12-01T00:00:00+00:00",
            "ends_at": "2026-12-08T00:00:00+00:00",
            "product_ids": [make_product(in_tenant).pk],
        },
    )
    create(in_tenant, offer)
    more = make_product(in_tenant)
    PromotionProduct.objects.create(tenant=in_tenant, promotion_id=offer.target_id, product=more)

    (outcome,) = take_back(in_tenant, offer)

    assert outcome.result == Result.CHANGED
    assert Promotion.objects.count() == 1


def test_a_row_gone_already_is_missing(in_tenant):
    assert take_back(in_tenant, campaign()) == [Outcome(1, Result.MISSING)]


@pytest.mark.parametrize(
    "change",
    [
        new("campaign", {"name": ""}),
        new("campaign", {"name": "x", "tenant_id": "tenant_other"}),
        new("campaign", {"name": "x", "revenue": "lots"}),
        new("post", {"platform": "instagram", "scheduled_at": "soon"}),
        new("post", {"platform": "No Platform", "scheduled_at": "2026-12-01T10:00:00+00:00"}),
        new(
            "post",
            {
                "platform": "instagram",
                "scheduled_at": "2026-12-01T10:00:00+00:00",
                "product_id": "product_nowhere",
            },
        ),
        new("product", {"title": "x"}),
    ],
)
def test_rows_a_shop_cannot_have_are_refused(in_tenant, change):
    (outcome,) = create(in_tenant, change)

    assert outcome.result == Result.REFUSED
    assert outcome.reason
    assert not Campaign.objects.exists()
    assert not Post.objects.exists()


def test_one_bad_row_does_not_cost_the_others(in_tenant):
    good = new("post", {"platform": "instagram", "scheduled_at": "2026-12-01T10:00:00+00:00"})
    bad = new(
        "post",
        {"platform": "No Platform", "scheduled_at": "2026-12-01T10:00:00+00:00"},
        key="b",
        position=2,
    )

    outcomes = create(in_tenant, good, bad)

    assert [(outcome.position, outcome.result) for outcome in outcomes] == [(2, Result.REFUSED)]
    assert Post.objects.count() == 1


def test_a_products_of_another_tenant_cannot_be_named(cast):
    with scope(tenant_id=cast.other.pk):
        theirs = make_product(cast.other)
    with scope(tenant_id=cast.tenant.pk):
        values = {
            "platform": "instagram",
            "scheduled_at": "2026-12-01T10:00:00+00:00",
            "product_id": theirs.pk,
        }
        (outcome,) = create(cast.tenant, new("post", values))
    assert outcome.result == Result.REFUSED
