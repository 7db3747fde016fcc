"""The two councils that all tenants share, and which drafts come to them.

What is shared belongs to the platform, so it is written with the staff's login.
"""

from django.db import transaction

from codex.demo.people import REVIEWERS
from core.routing import on_database
from councils.models import Council, RoutingRule, Seat, SeatHolder
from tenants.models import User

MEDIA, CONTENT = "council_media", "council_content"
COUNCILS = {
    MEDIA: ("Media council", "What the shop says in public: posts, mailings, campaigns."),
    CONTENT: ("Content council", "What stands in the shop: texts, search and prices."),
}
RULES = (
    ("rule_social", "Posts", "social", MEDIA),
    ("rule_marketing", "Campaigns and offers", "marketing", MEDIA),
    ("rule_content", "Product texts", "content", CONTENT),
    ("rule_seo", "Search", "seo", CONTENT),
    ("rule_pricing", "Prices", "pricing", CONTENT),
    ("rule_rest", "Everything else", "", CONTENT),
)


def ensure_councils(users: dict[str, User]) -> None:
    """Each council asks for one yes, and either reviewer may give it."""
    reviewers = [users[person.email].pk for person in REVIEWERS]
    with on_database("staff"), transaction.atomic(using="staff"):
        for council_id, (name, description) in COUNCILS.items():
            _ensure_council(council_id, name, description, reviewers)
        for position, rule in enumerate(RULES, 1):
            _ensure_rule(position * 10, *rule)


def _ensure_council(council_id: str, name: str, description: str, reviewers: list[str]) -> None:
    facts = {"name": name, "description": description}
    _, is_new = Council.objects.get_or_create(pk=council_id, tenant=None, defaults=facts)
    if not is_new:
        return
    seat = Seat.objects.create(
        pk=council_id.replace("council", "seat"), council_id=council_id, name="Reviewer", needed=1
    )
    for user_id in reviewers:
        SeatHolder.objects.create(seat=seat, user_id=user_id)


def _ensure_rule(position: int, rule_id: str, name: str, family: str, council_id: str) -> None:
    RoutingRule.objects.get_or_create(
        pk=rule_id,
        tenant=None,
        defaults={
            "position": position,
            "name": name,
            "family": family,
            "council_id": council_id,
        },
    )
