"""A shop, a council, a template of the test type, and a yes in advance to it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from councils import services as councils
from councils.models import Council
from drafts import services as drafts
from templates_catalog import queries, services
from templates_catalog.models import StandingApproval, Template
from tests.drafts.conftest import make_council, raise_prices  # noqa: F401 -- fixture
from tests.workflows.conftest import make_shop
from workflows.services import run_workflow

TYPE = "test.raise_prices"
SOON = timedelta(days=30)


@pytest.fixture
def shop(in_tenant):
    make_shop(in_tenant.pk)
    return in_tenant


@pytest.fixture
def council(shop) -> Council:
    return make_council(shop.pk)


@pytest.fixture
def template(cast, council) -> Template:
    """Olivia's: raises prices by one; nothing is asked for."""
    return services.create_template(
        tenant_id=cast.tenant.pk,
        actor=cast.actor("olivia"),
        name="Raise by one",
        category="E-commerce",
        tags=["price"],
        workflow_type_id=TYPE,
        default_inputs={"add": "1.00"},
        optional_fields=["posts"],
        council_id=council.pk,
    )


def reviewer(cast, council):
    return cast.actor("rita", council_ids=(council.pk,))


@pytest.fixture
def earned(monkeypatch):
    """As if the template had its clean reviewed runs; how they are counted has its own test."""
    monkeypatch.setattr("templates_catalog.queries.clean_reviewed_runs", lambda template: 3)


@pytest.fixture
def standing(cast, council, template, earned) -> StandingApproval:
    return services.pre_approve(
        template_id=template.pk,
        bounds={"max_items": 10, "max_step_percent": "20", "runs_per_day": 4},
        until=timezone.now() + SOON,
        actor=reviewer(cast, council),
    )


def in_force(template) -> Template:
    """As the catalog reads it, with usage and standing."""
    return queries.template(template.pk)


def ready_runs(cast, template, how_many: int) -> None:
    """Runs a council approved and a worker carried out exactly as planned."""
    for number in range(how_many):
        reviewed_run(cast, template, token=f"reviewed-{number}")


def reviewed_run(cast, template, token: str = ""):
    """Use, submit, approve, convert, work: the whole reviewed way."""
    eddie = cast.actor("eddie")
    draft, _template = services.use_template(template_id=template.pk, actor=eddie, token=token)
    councils.submit_draft(draft_id=draft.pk, actor=eddie)
    rita = cast.actor("rita", council_ids=(template.council_id,))
    councils.decide(draft_id=draft.pk, verdict="approve", actor=rita)
    _draft, run, _made = drafts.convert_draft(draft_id=draft.pk, actor=eddie)
    run_workflow(tenant_id=run.tenant_id, workflow_id=run.pk)
    run.refresh_from_db()
    return run
