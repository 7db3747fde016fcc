"""Segments by recency, frequency and value; what each is called and how it is defined."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_noop as N_


class Segment(StrEnum):
    CHAMPIONS = "champions"
    LOYAL = "loyal"
    NEW = "new"
    PROMISING = "promising"
    AT_RISK = "at_risk"
    LAPSED = "lapsed"


NAMES: Any = {
    "champions": N_("Champions"),
    "loyal": N_("Loyal customers"),
    "new": N_("New customers"),
    "promising": N_("Promising customers"),
    "at_risk": N_("Customers at risk"),
    "lapsed": N_("Lapsed customers"),
}

# The same words as ``stores.queries.customers.SEGMENTS``, for people.
MEANINGS = {
    "champions": N_("4 orders or more, the last within 60 days, and among the top fifth by value"),
    "loyal": N_("3 orders or more, the last within 90 days"),
    "new": N_("the first order within 30 days"),
    "promising": N_("one or two orders, the last within 90 days"),
    "at_risk": N_("2 orders or more, the last 91 to 180 days ago"),
    "lapsed": N_("the last order over 180 days ago, or over 90 if it was the only one"),
}
