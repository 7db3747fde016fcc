"""Every write to councils and reviews."""

from councils.services.administering import create_council, set_rules, update_council
from councils.services.attention import Attention, RedItemsLeft, attention_of, open_items
from councils.services.deciding import decide, take_back
from councils.services.offers import Say, say_of
from councils.services.partly import approve_part
from councils.services.routing import Route, Unreviewable, route_of
from councils.services.shared import keep_shared_council, keep_shared_rules
from councils.services.submitting import submit_draft, withdraw_draft

__all__ = [
    "Attention",
    "RedItemsLeft",
    "Route",
    "Say",
    "Unreviewable",
    "approve_part",
    "attention_of",
    "create_council",
    "decide",
    "keep_shared_council",
    "keep_shared_rules",
    "open_items",
    "route_of",
    "say_of",
    "set_rules",
    "submit_draft",
    "take_back",
    "update_council",
    "withdraw_draft",
]
