"""Every shipped template runs on the demo shop as it is shipped, by the way it is meant to go."""

from io import StringIO

import pytest
from django.core.management import call_command

from codex.demo.people import DEMO, EDITOR, RITA
from codex.demo.shops import SHELVES
from core.scope import scope
from councils import services as councils
from councils.queries import council_ids_of
from drafts import services as drafts
from templates_catalog import queries, services
from templates_catalog.services.sampling import made_up_inputs
from templates_catalog.shipped import SHIPPED
from tenants.actors import Person
from tenants.models import User
from tests.demo.stocking import QUIET_SHELVES
from workflows.models import Workflow
from workflows.services import run_workflow


@pytest.fixture
def demo(transactional_db, monkeypatch):
    """The whole demo shop: a quiet one has no customers who stayed away long enough."""
    monkeypatch.setattr("codex.demo.shops.SHELVES", QUIET_SHELVES | {DEMO: SHELVES[DEMO]})
    for command in ("seed_templates", "seed_demo"):
        call_command(command, stdout=StringIO())


def person(who) -> Person:
    user = User.objects.get(email=who.email)
    return Person(
        user=user,
        tenant_id=DEMO,
        role=who.role,
        council_ids=council_ids_of(str(user.pk), who.role),
    )


def started(template_id: str) -> Workflow:
    """The run of it: at once where a council has said yes, by a review otherwise."""
    eddie, template = person(EDITOR), queries.template(template_id)
    asked = made_up_inputs(queries.version_in_force(template))
    if template.is_pre_approved:
        ran = services.instant_run(template_id=template_id, actor=eddie, inputs=asked)
        assert ran.outside == ()
        return ran.workflow
    draft, _template = services.use_template(template_id=template_id, actor=eddie, inputs=asked)
    draft = councils.submit_draft(draft_id=draft.pk, actor=eddie)
    rita = person(RITA)
    red = [item.key for item in councils.attention_of(draft, actor=rita).left]
    if red:
        councils.open_items(draft_id=draft.pk, items=red, actor=rita)
    councils.decide(draft_id=draft.pk, verdict="approve", actor=rita)
    _draft, run, _made = drafts.convert_draft(draft_id=draft.pk, actor=eddie)
    return run


@pytest.mark.slow
def test_each_runs_untouched_on_the_demo_shop(demo):
    told = {}
    # The tune-up comes first: others repair on the way what little it finds.
    for template_id in sorted(SHIPPED, key=lambda name: name != "template_conversion_tune_up"):
        with scope(tenant_id=DEMO):
            run = started(template_id)
        run_workflow(tenant_id=DEMO, workflow_id=run.pk)
        with scope(tenant_id=DEMO):
            run = Workflow.objects.get(pk=run.pk)
            told[template_id] = (run.status, run.fidelity == 1, run.applied > 0)

    assert told == dict.fromkeys(SHIPPED, ("succeeded", True, True))
    at_once = {name for name, facts in SHIPPED.items() if "standing" in facts}
    assert at_once == {"template_social_calendar", "template_black_friday"}
