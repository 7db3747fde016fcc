"""The two councils that all tenants share, and which drafts come to them."""

from codex.demo.people import REVIEWERS
from core.routing import on_database
from councils import services
from councils.models import RoutingRule, SeatHolder
from tenants.models import User

MEDIA, CONTENT = "council_media", "council_content"
COUNCILS = {
    MEDIA: ("Media council", "What the shop says in public: posts, mailings, campaigns."),
    CONTENT: ("Content council", "What stands in the shop: texts, search and prices."),
}
SEAT = "Review"
RULES = (
    {"name": "Posts", "family": "social", "council_id": MEDIA},
    {"name": "Campaigns and offers", "family": "marketing", "council_id": MEDIA},
    {"name": "Product texts", "family": "content", "council_id": CONTENT},
    {"name": "Search", "family": "seo", "council_id": CONTENT},
    {"name": "Prices", "family": "pricing", "council_id": CONTENT},
    {"name": "Everything else", "family": "", "council_id": CONTENT},
)


def ensure_councils(users: dict[str, User]) -> None:
    """Each asks for one yes, and either reviewer may give it. Where somebody sits, all stays.

    The template catalog makes both councils too, without people, as it needs their names.
    """
    with on_database("staff"):
        held = SeatHolder.objects.filter(seat__council__tenant=None)
        known = set(held.values_list("seat__council_id", flat=True))
        has_rules = RoutingRule.objects.filter(tenant=None).exists()
    reviewers = [users[person.email].pk for person in REVIEWERS]
    for council_id, (name, description) in COUNCILS.items():
        if council_id not in known:
            services.keep_shared_council(
                council_id=council_id,
                name=name,
                description=description,
                seats={SEAT: reviewers},
            )
    if not has_rules:
        services.keep_shared_rules(rules=RULES)
