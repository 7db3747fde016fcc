"""Templates of the platform: seeded, approved for all, and revoked for all."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from core.routing import on_database
from core.scope import scope
from councils.services import keep_shared_council
from drafts.models import Draft
from templates_catalog import queries, services
from templates_catalog.models import StandingApproval, Template, TemplateVersion
from templates_catalog.services.shipping import keep_shipped_templates
from templates_catalog.services.writing import keep_shared_template
from templates_catalog.shipped import SHIPPED
from tests.drafts.conftest import raise_prices  # noqa: F401 -- fixture
from tests.templates_catalog.conftest import TYPE
from tests.workflows.conftest import make_shop
from workflows.models import Workflow

ID = "template_raise"
FACTS = {
    "name": "Raise by one",
    "category": "E-commerce",
    "workflow_type_id": TYPE,
    "default_inputs": {"add": "1.00"},
    "council_id": "council_media",
}


def shared_state() -> tuple[object, ...]:
    with on_database("staff"):
        return (
            sorted(Template.objects.values_list("pk", "version", "name")),
            TemplateVersion.objects.count(),
            sorted(StandingApproval.objects.values_list("pk", "revoked_at")),
        )


def test_seeding_twice_changes_nothing(transactional_db):
    call_command("seed_templates", stdout=StringIO())
    first = shared_state()

    call_command("seed_templates", stdout=StringIO())
    keep_shipped_templates()

    assert shared_state() == first
    assert [pk for pk, _version, _name in first[0]] == sorted(SHIPPED)
    assert len(SHIPPED) >= 8


@pytest.fixture
def shared(committed_cast):
    """A platform template approved in advance, with a council of rita's."""
    keep_shared_council(council_id="council_media", name="Media", seats={"Any": ["user_rita"]})
    with on_database("staff"):
        keep_shared_template(template_id=ID, **FACTS)
    for number, tenant in enumerate((committed_cast.tenant, committed_cast.other)):
        with scope(tenant_id=tenant.pk):
            if number == 0:
                make_shop(tenant.pk)
    with scope(tenant_id=committed_cast.tenant.pk):
        services.pre_approve(
            template_id=ID,
            bounds={"max_items": 100},
            until=timezone.now() + timezone.timedelta(days=30),
            actor=rita(committed_cast),
        )
    return ID


def rita(cast):
    return cast.actor("rita", council_ids=("council_media",))


def test_revoking_stops_what_waits_in_every_shop(committed_cast, shared, monkeypatch):
    cast = committed_cast
    runs = {}
    with scope(tenant_id=cast.tenant.pk):
        runs[cast.tenant.pk] = services.instant_run(template_id=ID, actor=cast.actor("eddie"))
    with scope(tenant_id=cast.other.pk):
        stock_other(cast.other.pk)
        runs[cast.other.pk] = services.instant_run(template_id=ID, actor=cast.actor("stranger"))

    with scope(tenant_id=cast.tenant.pk):
        services.revoke(template_id=ID, reason="Prices rise", actor=rita(cast))

    for tenant_id, ran in runs.items():
        with scope(tenant_id=tenant_id):
            assert Workflow.objects.get(pk=ran.workflow.pk).status == "cancelled"
            assert Draft.objects.get().status == "converted"
            assert queries.template(ID).is_pre_approved is False


def stock_other(tenant_id: str) -> None:
    from stores.models import Product, Variant

    product = Product.objects.create(
        tenant_id=tenant_id, external_key="key-x", handle="handle-x", title="Product X"
    )
    Variant.objects.create(
        tenant_id=tenant_id,
        product=product,
        external_key="key-x",
        sku="SKU-X",
        title="Product X",
        price="10.00",
    )


def test_a_shared_template_is_changed_by_nobody_in_a_shop(committed_cast, shared):
    client = committed_cast.client("olivia")

    answer = client.patch(f"/api/templates/{ID}", {"name": "Mine"}, content_type="application/json")

    assert answer.status_code == 403
    with scope(tenant_id=committed_cast.tenant.pk):
        assert Template.objects.get(pk=ID).name == "Raise by one"
