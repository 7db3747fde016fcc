"""Every participant gets each decision, with the text that came with it."""

from core.scope import scope
from councils import services
from drafts import services as drafts
from notifications.models import Notice
from tests.drafts.conftest import begin, make_council, reviewer


def told(cast, kind):
    """Person → (text, link) of their notices of that kind."""
    found = {}
    for name in ("olivia", "adam", "eddie", "bob", "vera", "rita", "ron", "stranger"):
        with scope(tenant_id=cast.tenant.pk, user_id=f"user_{name}"):
            mine = Notice.objects.filter(kind=kind, user_id=f"user_{name}")
            for notice in mine.order_by("id"):
                found.setdefault(name, []).append((notice.text, notice.url))
    return found


def test_all_who_wrote_judged_or_spoke_are_told_with_the_words(cast, shop):
    council = make_council(shop.pk, {"A": ["user_rita"], "B": ["user_ron"]})
    draft = begin(cast)
    drafts.edit_draft(draft_id=draft.pk, actor=cast.actor("olivia"), inputs={"add": "2.00"})
    drafts.comment(draft_id=draft.pk, actor=cast.actor("adam"), text="Sure?")
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    rita, ron = reviewer(cast, "rita", council), reviewer(cast, "ron", council)

    services.decide(draft_id=draft.pk, verdict="approve", actor=rita, comment="Stock covers it.")
    page, review = f"/portal/workflows/drafts/{draft.pk}", f"/portal/reviews/{draft.pk}"
    words = "Stock covers it."
    assert told(cast, "review.verdict") == {
        "eddie": [(words, page)],
        "olivia": [(words, page)],
        "adam": [(words, review)],
    }

    services.decide(draft_id=draft.pk, verdict="reject", actor=ron, comment="Not now.")
    latest = {who: said[-1] for who, said in told(cast, "review.verdict").items()}
    assert latest == {
        "eddie": ("Not now.", page),
        "olivia": ("Not now.", page),
        "adam": ("Not now.", review),
        "rita": ("Not now.", review),
    }


def test_whoever_judged_an_earlier_revision_hears_of_the_next_verdict(cast, draft, council):
    rita, ron = reviewer(cast, "rita", council), reviewer(cast, "ron", council)
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    services.decide(draft_id=draft.pk, verdict="request_changes", comment="Less.", actor=rita)
    services.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    services.decide(draft_id=draft.pk, verdict="approve", comment="Fine.", actor=ron)

    assert told(cast, "review.verdict")["rita"] == [("Fine.", f"/portal/reviews/{draft.pk}")]
