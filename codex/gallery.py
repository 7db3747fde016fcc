"""What the component gallery shows: made-up values, so that every piece is seen in every state."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext_noop as N_
from pydantic import BaseModel, Field

from core.schema_forms import SchemaForm
from core.words import RISK, STATUS

STATUSES = {
    N_("Draft"): ("editing", "pending_review", "approved", "rejected", "converted", "discarded"),
    N_("Run"): (
        "pending",
        "running",
        "succeeded",
        "failed",
        "stopped_by_drift",
        "cancelled",
        "undoing",
        "undone",
        "undo_incomplete",
    ),
    N_("Change"): ("open", "applied", "skipped", "drifted", "kept", "refused"),
    N_("Proposal"): ("urgent", "high", "normal", "low", "accepted", "dismissed", "expired"),
}
LINES = (
    ("editing", ""),
    ("pending_review", ""),
    ("approved", ""),
    ("converted", "running"),
    ("converted", "succeeded"),
    ("rejected", ""),
    ("converted", "stopped_by_drift"),
    ("converted", "undone"),
)
BEFORE = (
    "Four hand-glazed mugs with a robin on the handle, now £24.00 for the set."
    " Dishwasher safe, boxed and ready to give."
)
AFTER = (
    "Four hand-glazed mugs with a robin on the handle, now £22.50 for the set of four,"
    " £5.63 each. Dishwasher safe, boxed and ready to give."
)


class GuardRails(BaseModel):
    """Nested inputs, shown as a group."""

    floor: Decimal = Field(
        Decimal("25"),
        ge=0,
        le=90,
        title=N_("Margin floor"),
        description=N_("Over cost. Prices that would fall below stay as they are."),
        json_schema_extra={"unit": "%"},
    )
    never_below_cost: bool = True


class Everything(BaseModel):
    """One field of every kind the form builder knows."""

    name: str = Field(min_length=1, title=N_("Name"))
    purpose: str = Field("", title=N_("Purpose"), json_schema_extra={"widget": "textarea"})
    max_step: float = Field(
        10,
        gt=0,
        le=25,
        title=N_("Largest move"),
        description=N_("No price moves further than this in one run."),
        json_schema_extra={"unit": "%"},
    )
    posts: int = Field(10, ge=1, le=200, title=N_("Posts"))
    lowest: Decimal = Field(
        Decimal("2.50"), ge=0, title=N_("Lowest price"), json_schema_extra={"unit": "currency"}
    )
    on_promotion: bool = Field(
        False,
        title=N_("Include products on promotion"),
        description=N_("9 products are left out now"),
    )
    ending: Literal["95_or_50", "99", "any"] = Field(
        "95_or_50",
        title=N_("Price ending"),
        json_schema_extra={"labels": {"95_or_50": ".95 or .50", "99": ".99", "any": N_("Any")}},
    )
    tone: Literal["persuasive", "friendly", "friendly_professional", "plain", "premium"] = Field(
        "plain", title=N_("Tone")
    )
    platforms: list[Literal["instagram", "facebook", "pinterest", "tiktok"]] = Field(
        ["instagram"], min_length=1, title=N_("Platforms")
    )
    leave_out: list[str] = Field(
        ["made-to-order", "gift-card"], title=N_("Leave out tags"), max_length=20
    )
    up_to: date | None = Field(None, title=N_("Use market prices up to"))
    start: datetime | None = Field(None, title=N_("Start"))
    products: list[str] = Field(
        default_factory=list, title=N_("Products"), json_schema_extra={"widget": "products"}
    )
    guard: GuardRails = Field(GuardRails(floor=Decimal(25)), title=N_("Guard rails"))
    extra: dict[str, Any] = Field(
        default_factory=dict, title=N_("Inputs as JSON"), json_schema_extra={"more": True}
    )


FILLED = {
    "name": "Follow the market before Christmas",
    "purpose": "Two competitors cut mugs and boards last week.\nStay within 3% of market.",
    "platforms": ["pinterest", "instagram"],
    "up_to": "2026-11-22",
    "products": ["product_robin_mugs", "product_cheese_board"],
    "on_promotion": True,
    "extra": {"note": "for the audit"},
}
WRONG = {
    "inputs.name": "",
    "inputs.max_step": "40",
    "inputs.posts": "many",
    "inputs.platforms": [""],
    "inputs.guard.floor": "95",
    "inputs.extra": '{"max_step": 40,}',
}
NAMES = {
    "product_robin_mugs": "Robin stoneware mugs, set of 4",
    "product_cheese_board": "Walnut cheese board",
}


def everything(**how: Any) -> SchemaForm:
    return SchemaForm(
        Everything,
        currency="GBP",
        products_url="/ui/products",
        product_names=lambda ids: NAMES,
        was={"max_step": "last approved: 8%"},
        **how,
    )


def context() -> dict[str, object]:
    now = timezone.now()
    return {
        "statuses": list(STATUSES.items()),
        "every_status": list(STATUS),
        "risks": list(RISK),
        "lines": LINES,
        "before": BEFORE,
        "after": AFTER,
        "moments": {
            "now": now,
            "yesterday": now - timedelta(days=1, hours=3),
            "before": now - timedelta(days=40),
            "long_ago": now - timedelta(days=800),
        },
        "empty_form": everything(prefix="empty"),
        "filled_form": everything(prefix="filled", initial=FILLED),
        "wrong_form": everything(data=WRONG, initial=FILLED),
        "read_only": everything(initial=FILLED),
    }


def found(query: str) -> list[dict[str, str]]:
    """A products search for the gallery's picker, over a handful of made-up products."""
    more = {
        "product_candle": "Fenland beeswax candle",
        "product_socks": "Merino bed socks",
    }
    words = query.lower().split()
    return [
        {"id": key, "label": label, "note": "£12.00"}
        for key, label in (NAMES | more).items()
        if all(word in label.lower() for word in words)
    ]
