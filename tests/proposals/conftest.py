"""A small shop with gaps that real detectors find, and the moves the tests make on it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.scope import scope
from proposals.models import Proposal
from proposals.services import propose_for_tenant
from stores.models import Post, Product, StoreProfile

DESCRIPTIONS, SOCIAL = "products_without_descriptions", "social_gaps"


def stock(tenant, *, described=6, bare=4):
    """Four of ten products have no description: 40 %, over the line of 30."""
    StoreProfile.objects.create(tenant=tenant, clock="live", currency="GBP", country="GB")
    Product.objects.bulk_create(
        Product(
            tenant=tenant,
            external_key=f"thing-{n}",
            handle=f"thing-{n}",
            title=f"Oak bowl {n}",
            product_type="Bowls",
            vendor="Fenland Turners",
            tags=["oak", "handmade", "kitchen"],
            description_html="" if n >= described else "<p>A thing that is described well.</p>",
        )
        for n in range(described + bare)
    )


def post(tenant, platform="pinterest", *, silent=20, count=20):
    now = timezone.now()
    Post.objects.bulk_create(
        Post(
            tenant=tenant,
            platform=platform,
            status="published",
            caption="Look",
            scheduled_at=now - timedelta(days=silent + 2 * n),
            published_at=now - timedelta(days=silent + 2 * n),
        )
        for n in range(count)
    )


@pytest.fixture
def shop(cast):
    """The tenant's shop, with one finding of the catalogue and one of marketing."""
    with scope(tenant_id=cast.tenant.pk):
        stock(cast.tenant)
        post(cast.tenant)
    return cast


@pytest.fixture
def proposal(shop) -> Proposal:
    """The open proposal about descriptions."""
    report = propose_for_tenant(tenant_id=shop.tenant.pk, detector=DESCRIPTIONS)
    return report.proposals[0]


def in_shop(cast):
    return scope(tenant_id=cast.tenant.pk)


def state_of(cast, proposal) -> str:
    with in_shop(cast):
        return str(Proposal.objects.values_list("status", flat=True).get(pk=proposal.pk))
