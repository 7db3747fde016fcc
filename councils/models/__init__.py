from councils.models.attention import Opened
from councils.models.council import Council, RoutingRule, Seat, SeatHolder
from councils.models.entry import ReviewEntry
from councils.models.review import ReviewRound, RoundSeat, Verdict

__all__ = [
    "Council",
    "Opened",
    "ReviewEntry",
    "ReviewRound",
    "RoundSeat",
    "RoutingRule",
    "Seat",
    "SeatHolder",
    "Verdict",
]
