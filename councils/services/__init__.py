"""Every write to councils and reviews."""

from councils.services.administering import create_council, update_council
from councils.services.after import break_glass, close_after_review, escalate_after_review
from councils.services.attention import Attention, RedItemsLeft, attention_of, open_items
from councils.services.bulk import NotLowRisk, Outcome, approve_many
from councils.services.claiming import assign_review, claim_review, release_review
from councils.services.deciding import decide, take_back
from councils.services.delegating import delegate, end_delegation, keep_delegation
from councils.services.guests import (
    GuestLinkOver,
    GuestReader,
    give_advice,
    guest_reading,
    invite_guest,
    revoke_guest,
)
from councils.services.offers import Say, say_of
from councils.services.partly import approve_part
from councils.services.policies import policy_number, remember_policy
from councils.services.routing import (
    NO_RULE,
    Route,
    Unreviewable,
    choosable,
    facts_of,
    find_route,
    places_of,
    route_of,
    trials,
    typed_facts,
)
from councils.services.rules import move_rule, remove_rule, save_rule, set_rules
from councils.services.selection import Choice, choice_of, tick_all, tick_rows, untick_all
from councils.services.sessions import close_session, go_to_item, start_session
from councils.services.shared import keep_shared_council, keep_shared_rules
from councils.services.submitting import submit_draft, withdraw_draft
from councils.services.timing import keep_time

__all__ = [
    "NO_RULE",
    "Attention",
    "Choice",
    "GuestLinkOver",
    "GuestReader",
    "NotLowRisk",
    "Outcome",
    "RedItemsLeft",
    "Route",
    "Say",
    "Unreviewable",
    "approve_many",
    "approve_part",
    "assign_review",
    "attention_of",
    "break_glass",
    "choice_of",
    "choosable",
    "claim_review",
    "close_after_review",
    "close_session",
    "create_council",
    "decide",
    "delegate",
    "end_delegation",
    "escalate_after_review",
    "facts_of",
    "find_route",
    "give_advice",
    "go_to_item",
    "guest_reading",
    "invite_guest",
    "keep_delegation",
    "keep_shared_council",
    "keep_shared_rules",
    "keep_time",
    "move_rule",
    "open_items",
    "places_of",
    "policy_number",
    "release_review",
    "remember_policy",
    "remove_rule",
    "revoke_guest",
    "route_of",
    "save_rule",
    "say_of",
    "set_rules",
    "start_session",
    "submit_draft",
    "take_back",
    "tick_all",
    "tick_rows",
    "trials",
    "typed_facts",
    "untick_all",
    "update_council",
    "withdraw_draft",
]
