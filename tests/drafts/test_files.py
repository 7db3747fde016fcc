"""Files and changes of a draft's plan: for those who see the draft, and nobody else."""

import pytest
from django.urls import reverse

from drafts import services
from tests.drafts.conftest import begin, raise_prices  # noqa: F401
from tests.workflows.conftest import make_shop


@pytest.fixture
def draft(cast, in_tenant):
    make_shop(in_tenant.pk)
    draft = begin(cast)
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    return draft


def get(cast, who: str, name: str, *args: str):
    return cast.client(who).get(reverse(f"drafts:{name}", args=args))


@pytest.mark.parametrize("who", ["eddie", "olivia"])
def test_who_sees_the_draft_may_have_its_files(cast, draft, who):
    made = get(cast, who, "file", draft.pk, "prices.csv")
    changes = get(cast, who, "changes_csv", draft.pk)

    assert b"".join(made.streaming_content) == b"row 0\nrow 1\nrow 2\n"
    assert len(b"".join(changes.streaming_content).splitlines()) == 6
    page = get(cast, who, "draft", draft.pk).content.decode()
    assert reverse("drafts:file", args=[draft.pk, "prices.csv"]) in page
    assert 'aria-label="All go up."' in page


@pytest.mark.parametrize("who", ["bob", "vera", "stranger", "guest"])
def test_everybody_else_finds_nothing(cast, draft, who):
    assert get(cast, who, "file", draft.pk, "prices.csv").status_code == 404
    assert get(cast, who, "changes_csv", draft.pk).status_code == 404


def test_there_is_no_file_of_another_name(cast, draft):
    assert get(cast, "eddie", "file", draft.pk, "other.csv").status_code == 404
