"""Staff read every draft and move states by services, which write the audit."""

import pytest

from core.models import Event
from core.scope import scope
from drafts.models import Draft
from tenants.models import User
from tests.core.browser_form import Sent
from tests.drafts.conftest import begin, raise_prices  # noqa: F401
from tests.workflows.conftest import make_shop

pytestmark = pytest.mark.slow


@pytest.fixture
def staff(committed_cast, client):
    user = User.objects.create_superuser("staff@codex.local", "correct-horse", name="Staff")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def draft(committed_cast):
    with scope(tenant_id=committed_cast.tenant.pk):
        make_shop(committed_cast.tenant.pk)
        return begin(committed_cast)


def act(staff, action, draft):
    return staff.post(
        "/admin/drafts/draft/",
        {"action": action, "_selected_action": [draft.pk]},
        follow=True,
    )


def test_staff_read_drafts_but_write_none(staff, draft):
    assert draft.name in staff.get("/admin/drafts/draft/").content.decode()
    page = staff.get(f"/admin/drafts/draft/{draft.pk}/change/").content.decode()
    assert 'name="status"' not in page
    assert 'name="_save"' not in page


def test_an_action_is_the_service(staff, draft):
    response = act(staff, "discard_selected", draft)

    assert "1 discarded." in response.content.decode()
    with scope(tenant_id=draft.tenant_id):
        assert Draft.objects.get(pk=draft.pk).status == "discarded"
        event = Event.objects.get(kind="draft.discarded")
        assert event.actor_label == "staff staff@codex.local"


def test_a_refusal_is_said_and_changes_nothing(staff, draft):
    response = act(staff, "reopen_selected", draft)

    assert "This is not possible while it is “Editing”." in response.content.decode()
    with scope(tenant_id=draft.tenant_id):
        assert Draft.objects.get(pk=draft.pk).status == "editing"


@pytest.mark.parametrize(
    "table",
    [
        "drafts/draft",
        "drafts/revision",
        "drafts/approval",
        "drafts/comment",
        "councils/council",
        "councils/seat",
        "councils/routingrule",
        "councils/reviewround",
        "councils/verdict",
        "councils/reviewentry",
    ],
)
def test_every_list_opens(staff, draft, table):
    assert staff.get(f"/admin/{table}/?q=x").status_code == 200


def test_staff_add_a_shared_council(staff):
    page = staff.get("/admin/councils/council/add/").content.decode()
    assert 'name="tenant"' not in page
    typed = Sent.of(page) | {"name": ["Everyone's"], "seats-TOTAL_FORMS": ["0"]}

    response = staff.post("/admin/councils/council/add/", typed, follow=True)

    assert "was added successfully" in response.content.decode()
