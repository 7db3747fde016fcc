"""The dry run: at once when small, by a worker when large, never onto other inputs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import Conflict
from drafts import services
from drafts.models import Draft
from drafts.services import previewing
from tests.drafts.conftest import DOORS, facts_of, kinds_of, press


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("who", "status"), [("eddie", 200), ("olivia", 200), ("bob", 404), ("vera", 404)]
)
def test_who_may_preview(cast, draft, council, door, who, status):
    assert press(cast, who, "preview", draft, door).status_code == status
    assert (facts_of(draft)["plan_id"] is not None) == (status == 200)


def test_a_small_preview_is_there_at_once(cast, draft):
    shown = press(cast, "eddie", "preview", draft, "api").json()

    assert (shown["plan"]["change_count"], shown["preview_state"]) == (5, "")
    client = cast.client("eddie")
    changes = client.get(f"/api/drafts/{draft.pk}/changes?limit=2").json()
    assert (changes["total"], len(changes["changes"])) == (5, 2)
    first = changes["changes"][0]
    assert (first["field"], first["before"], first["after"]) == ("price", "10.00", "11.00")
    assert (
        client.get(f"/api/drafts/{draft.pk}/plan").json()["fingerprint"]
        == (shown["plan"]["fingerprint"])
    )


@pytest.fixture
def large(monkeypatch):
    """As if the shop had more targets than are previewed at once."""
    monkeypatch.setattr(previewing, "INLINE_TARGETS", 3)
    sent = []
    monkeypatch.setattr(
        previewing.tasks.preview, "publish", lambda **ids: sent.append(ids), raising=True
    )
    return sent


def test_a_large_preview_is_a_workers(cast, draft, large):
    response = press(cast, "eddie", "preview", draft, "api")

    assert (response.status_code, response["Retry-After"]) == (202, "1")
    assert large == [{"tenant_id": draft.tenant_id, "draft_id": draft.pk}]
    client = cast.client("eddie")
    assert client.get(f"/api/drafts/{draft.pk}/plan").status_code == 202
    assert services.compute_preview(draft_id=draft.pk) is True
    assert services.compute_preview(draft_id=draft.pk) is False
    assert client.get(f"/api/drafts/{draft.pk}/plan").json()["change_count"] == 5
    assert kinds_of(draft) == ["draft.created", "draft.previewed"]


def test_a_workers_preview_never_lands_on_other_inputs(cast, draft, large):
    press(cast, "eddie", "preview", draft, "api")
    as_it_was = Draft.objects.get(pk=draft.pk)
    plan = previewing._plan(as_it_was, cast.actor("eddie"))
    services.edit_draft(draft_id=draft.pk, actor=cast.actor("eddie"), inputs={"add": "3.00"})

    with pytest.raises(Conflict):
        previewing._put(as_it_was, plan, cast.actor("eddie"))

    assert facts_of(draft)["plan_id"] is None
    assert services.compute_preview(draft_id=draft.pk) is False


def test_a_workers_refusal_is_said_on_the_page(cast, draft, large, monkeypatch):
    press(cast, "eddie", "preview", draft, "api")
    Draft.objects.filter(pk=draft.pk).update(inputs={"posts": -1})

    services.compute_preview(draft_id=draft.pk)

    assert facts_of(draft)["preview_state"] == "failed"
    page = cast.client("eddie").get(f"/portal/workflows/drafts/{draft.pk}").content.decode()
    assert "No preview yet" in page


def test_a_preview_nobody_made_is_given_up_after_a_while(cast, draft, large):
    press(cast, "eddie", "preview", draft, "api")

    assert previewing.give_up_preview(draft_id=draft.pk) is False
    Draft.objects.update(preview_asked_at=timezone.now() - timedelta(hours=1))
    assert previewing.give_up_preview(draft_id=draft.pk) is True

    assert facts_of(draft)["preview_state"] == "failed"


def test_the_panel_is_one_fragment(cast, draft):
    client = cast.client("eddie")
    response = client.post(
        f"/portal/workflows/drafts/{draft.pk}/preview", headers={"HX-Request": "true"}
    )

    page = response.content.decode()
    assert response.status_code == 200
    assert 'id="preview"' in page
    assert "<html" not in page
    assert "Raises <strong>all prices</strong>." in page
