"""Staff see runs of all tenants and move them by the services alone."""

import pytest
from django.urls import reverse

from core.models import Event
from core.scope import scope
from tenants.models import User
from tests.workflows.conftest import make_shop
from tests.workflows.test_crashes import make_run
from workflows.models import Workflow


@pytest.fixture
def staff(committed_cast):
    return User.objects.create_superuser("staff@example.com", "x", name="Staff")


@pytest.fixture
def run(committed_cast) -> Workflow:
    with scope(tenant_id=committed_cast.tenant.pk):
        make_shop(committed_cast.tenant.pk)
        return make_run(committed_cast)


def signed_in(client, staff):
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def act(client, action: str, run: Workflow):
    body = {"action": action, "_selected_action": [run.pk]}
    return client.post(reverse("admin:workflows_workflow_changelist"), body, follow=True)


def test_staff_read_runs_and_cannot_edit_them(client, staff, run):
    client = signed_in(client, staff)

    assert run.name in client.get(reverse("admin:workflows_workflow_changelist")).content.decode()
    page = reverse("admin:workflows_workflow_change", args=[run.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"name": "other"}).status_code == 403
    for name in ("plan", "artifact"):
        assert client.get(reverse(f"admin:workflows_{name}_changelist")).status_code == 200


def test_an_action_goes_through_the_service_and_leaves_its_event(client, staff, run):
    act(signed_in(client, staff), "cancel_selected", run)

    with scope(tenant_id=run.tenant_id):
        assert Workflow.objects.get().status == "cancelled"
        event = Event.objects.get(kind="workflow.cancelled")
        assert event.actor_label == "staff staff@example.com"


def test_an_action_that_is_not_possible_says_so(client, staff, run):
    page = act(signed_in(client, staff), "undo_selected", run).content.decode()

    assert "This is not possible while it is" in page
    with scope(tenant_id=run.tenant_id):
        assert Workflow.objects.get().status == "pending"
