"""A draft starts from the template that fits; one that asks for more than is known does not."""

import pytest

from core.scope import scope
from proposals.models import Proposal
from proposals.services import accept_proposal, propose_for_tenant
from templates_catalog.services.writing import create_template
from tests.proposals.conftest import DESCRIPTIONS, SOCIAL, in_shop


def template(shop, **facts):
    with in_shop(shop):
        return create_template(
            tenant_id=shop.tenant.pk,
            actor=shop.actor("olivia"),
            **{
                "name": "Ours",
                "description": "How we do it",
                "category": "Content",
                "tags": [],
                "workflow_type_id": "content.product_descriptions",
                "default_inputs": {"tone": "plain"},
                "required_fields": ["product_ids"],
                "optional_fields": [],
                "approved_copy_blocks": [],
                **facts,
            },
        )


def accepted(shop, detector):
    (found,) = propose_for_tenant(tenant_id=shop.tenant.pk, detector=detector).proposals
    with scope(tenant_id=shop.tenant.pk, user_id=shop.eddie.pk):
        _done, draft = accept_proposal(proposal_id=found.pk, actor=shop.actor("eddie"))
    return found, draft


def test_the_draft_starts_from_the_template_that_fits(shop):
    ours = template(shop)
    found, draft = accepted(shop, DESCRIPTIONS)
    assert (found.template_id, draft.created_from_template_id) == (ours.pk, ours.pk)
    assert draft.created_from_proposal_id == found.pk
    assert draft.inputs["tone"] == "plain"
    assert draft.inputs["product_ids"] == found.suggested_inputs["product_ids"]


def test_the_card_says_what_it_starts_from(shop):
    template(shop)
    propose_for_tenant(tenant_id=shop.tenant.pk, detector=DESCRIPTIONS)
    html = shop.client("vera").get("/portal/workflows/proposals").content.decode()
    assert "Starts from Ours" in html


def test_a_template_that_asks_for_more_does_not_fit(shop):
    template(
        shop,
        category="Marketing",
        workflow_type_id="social.content_calendar",
        default_inputs={"posts_per_day": 2},
        required_fields=["brand_voice"],
    )
    found, draft = accepted(shop, SOCIAL)
    assert (found.template_id, draft.created_from_template_id) == (None, None)
    assert draft.inputs == found.suggested_inputs


def test_a_retired_template_is_not_used(shop):
    from templates_catalog.services.writing import retire_template

    ours = template(shop)
    propose_for_tenant(tenant_id=shop.tenant.pk, detector=DESCRIPTIONS)
    with in_shop(shop):
        retire_template(template_id=ours.pk, reason="Old", actor=shop.actor("olivia"))
        found = Proposal.objects.get()
    with scope(tenant_id=shop.tenant.pk, user_id=shop.eddie.pk):
        _done, draft = accept_proposal(proposal_id=found.pk, actor=shop.actor("eddie"))
    assert draft.created_from_template_id is None


DETECTORS = "/portal/workflows/proposals/detectors"


def posted(**values):
    """The settings form of the descriptions' detector as a browser sends it."""
    fields = {"threshold": "0.3", "fewest_products": "10", "days": "28", **values}
    return {f"{DESCRIPTIONS}.{name}": value for name, value in fields.items()}


@pytest.mark.parametrize(
    ("who", "status"), [("olivia", 302), ("adam", 302), ("eddie", 403), ("vera", 403)]
)
def test_owners_and_admins_change_detectors(shop, who, status):
    client = shop.client(who)
    response = client.post(f"{DETECTORS}/{DESCRIPTIONS}", {**posted(threshold="0.5"), "is_on": "1"})
    assert response.status_code == status
    found = propose_for_tenant(tenant_id=shop.tenant.pk, detector=DESCRIPTIONS, dry_run=True)
    assert len(found.decisions) == (0 if status == 302 else 1)


def test_a_switched_off_detector_is_not_asked(shop):
    shop.client("olivia").post(f"{DETECTORS}/{DESCRIPTIONS}", posted())
    report = propose_for_tenant(tenant_id=shop.tenant.pk)
    assert [proposal.detector for proposal in report.proposals] == [SOCIAL]


def test_what_cannot_be_is_said_beside_its_field(shop):
    response = shop.client("olivia").post(
        f"{DETECTORS}/{DESCRIPTIONS}", {**posted(threshold="7"), "is_on": "1"}
    )
    assert response.status_code == 422
    assert "data-invalid" in response.content.decode()


def test_every_member_sees_what_they_are_held_to(shop):
    html = shop.client("vera").get(DETECTORS).content.decode()
    assert html.count("Held to by tests over random shops") == 7
    assert '<button class="btn" type="submit">Save' not in html
