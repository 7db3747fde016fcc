from councils.models.after import AfterReview
from councils.models.attention import Opened
from councils.models.council import Council, FurtherCouncil, RoutingRule, Seat, SeatHolder
from councils.models.delegation import Delegation
from councils.models.entry import ReviewEntry
from councils.models.policy import PolicyVersion
from councils.models.review import ReviewRound, RoundSeat, Verdict
from councils.models.selection import Unticked

__all__ = [
    "AfterReview",
    "Council",
    "Delegation",
    "FurtherCouncil",
    "Opened",
    "PolicyVersion",
    "ReviewEntry",
    "ReviewRound",
    "RoundSeat",
    "RoutingRule",
    "Seat",
    "SeatHolder",
    "Unticked",
    "Verdict",
]
