from councils.models.after import AfterReview
from councils.models.attention import Opened
from councils.models.council import Council, FurtherCouncil, RoutingRule, Seat, SeatHolder
from councils.models.delegation import Delegation
from councils.models.entry import ReviewEntry
from councils.models.guest import Advice, Guest
from councils.models.policy import PolicyVersion
from councils.models.review import ReviewRound, RoundSeat, Verdict
from councils.models.selection import Unticked
from councils.models.session import Session, SessionItem

__all__ = [
    "Advice",
    "AfterReview",
    "Council",
    "Delegation",
    "FurtherCouncil",
    "Guest",
    "Opened",
    "PolicyVersion",
    "ReviewEntry",
    "ReviewRound",
    "RoundSeat",
    "RoutingRule",
    "Seat",
    "SeatHolder",
    "Session",
    "SessionItem",
    "Unticked",
    "Verdict",
]
