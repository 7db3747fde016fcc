import pytest

from core.scope import scope
from notifications import services
from notifications.models import Notice


def tell(cast, *names, key="occasion", url="/portal/x"):
    with scope(tenant_id=cast.tenant.pk, user_id=cast.eddie.pk):
        return services.notify(
            tenant_id=cast.tenant.pk,
            user_ids=[getattr(cast, name).pk for name in names],
            kind="draft.submitted",
            subject="A draft waits",
            text="Twelve prices",
            url=url,
            dedupe_key=key,
        )


def inbox_of(cast, name):
    with scope(user_id=getattr(cast, name).pk):
        return [notice.subject for notice in Notice.objects.all()]


def test_each_person_is_told_once_per_occasion(cast):
    tell(cast, "rita", "ron")
    tell(cast, "rita", "ron")
    tell(cast, "rita", key="another")

    assert inbox_of(cast, "rita") == ["A draft waits"] * 2
    assert inbox_of(cast, "ron") == ["A draft waits"]
    assert inbox_of(cast, "eddie") == []


def test_a_guests_decision_leaves_a_notice_behind(cast):
    with scope(tenant_id=cast.tenant.pk, user_id=cast.guest.pk, draft_id="draft_x"):
        services.notify(
            tenant_id=cast.tenant.pk,
            user_ids=[cast.eddie.pk],
            kind="draft.approved",
            subject="Approved",
            dedupe_key="x",
        )
        assert list(Notice.objects.all()) == []

    assert inbox_of(cast, "eddie") == ["Approved"]


def test_the_inbox_shows_and_opens(cast):
    (notice,) = tell(cast, "rita")
    client = cast.client("rita")

    assert "A draft waits" in client.get("/portal/inbox").content.decode()
    response = client.post(f"/portal/inbox/{notice.pk}")

    assert response["Location"] == "/portal/x"
    with scope(user_id=cast.rita.pk):
        assert Notice.objects.get().read_at is not None


@pytest.mark.parametrize("method", ["get", "head"])
def test_looking_at_a_notices_address_reads_nothing(cast, method):
    (notice,) = tell(cast, "rita")

    response = getattr(cast.client("rita"), method)(f"/portal/inbox/{notice.pk}")

    assert response.status_code == 405
    with scope(user_id=cast.rita.pk):
        assert Notice.objects.get().read_at is None


def test_the_api_lists_and_reads_ones_own_only(cast):
    (notice,) = tell(cast, "rita")

    listed = cast.client("rita").get("/api/notifications").json()
    assert (listed["total"], [row["id"] for row in listed["notifications"]]) == (1, [notice.pk])
    assert cast.client("ron").get("/api/notifications").json()["total"] == 0
    assert cast.client("ron").post(f"/api/notifications/{notice.pk}/read").status_code == 404
