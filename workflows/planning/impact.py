"""What a plan may cost, and how risky it is: the same figures for every type, by the engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import quantize
from workflows.planning.extent import WINDOW_DAYS, Extent
from workflows.types.base import RiskLevel, RiskReason

# Each figure in percent, or a count, at which a reason becomes medium and high risk.
SHARE_OF_REVENUE = (Decimal("0.2"), Decimal("0.5"))
PRICE_MOVE = (Decimal(15), Decimal(30))
DISCOUNT = (Decimal(15), Decimal(30))
MONEY_OF_REVENUE = (Decimal("0.01"), Decimal("0.05"))
MANY_ITEMS = 1_000
GOOD_FIDELITY = Decimal("0.98")

# One high reason makes a plan high, whatever its kind; several medium ones add up to high.
KIND_POINTS = {RiskLevel.LOW: 5, RiskLevel.MEDIUM: 15, RiskLevel.HIGH: 40}
REASON_POINTS = {RiskLevel.LOW: 3, RiskLevel.MEDIUM: 10, RiskLevel.HIGH: 35}
MEDIUM_FROM, HIGH_FROM, MOST_POINTS = 15, 40, 100

Figures = dict[str, Any]


def impact_document(extent: Extent, currency: str) -> Figures:
    """For ``plan.summary["impact"]``; amounts and shares are strings, as everywhere in JSON."""
    money, share = extent.money_at_risk, extent.revenue_share
    return {
        "money_at_risk": None
        if money is None
        else {"amount": str(quantize(money, currency)), "currency": currency},
        "why_no_money": _why_no_money(extent),
        "items": extent.items,
        "revenue_share": None if share is None else f"{share:.4f}",
        "window_days": WINDOW_DAYS,
        "prices": extent.prices,
        "offers": extent.offers,
        "recipients": extent.recipients,
        "largest_raise_percent": f"{extent.raise_percent:.2f}",
        "largest_cut_percent": f"{extent.cut_percent:.2f}",
        "largest_discount_percent": f"{extent.discount_percent:.2f}",
    }


def _why_no_money(extent: Extent) -> str:
    if not extent.moves_money:
        return _("Changes no price and gives no discount.")
    if extent.money_at_risk is None:
        return _("Nothing was sold in the last 90 days, so there is nothing to reckon with.")
    return ""


@dataclass(frozen=True, slots=True)
class Record:
    """How true a type's plans came: the share over its last runs, None before there are any."""

    fidelity: Decimal | None = None


def risk_document(
    kind_risk: RiskLevel, extent: Extent, own: Iterable[RiskReason], record: Record
) -> Figures:
    """Points add up to the score; the level follows from the score. Worst first, the kind last."""
    kind = RiskReason(_of_its_kind(kind_risk), kind_risk)
    reasons = [
        *(_reason(reason, "engine", REASON_POINTS) for reason in _found(extent, record)),
        *(_reason(reason, "type", REASON_POINTS) for reason in own),
    ]
    reasons.sort(key=lambda reason: -reason["points"])
    reasons.append(_reason(kind, "kind", KIND_POINTS))
    score = min(MOST_POINTS, sum(reason["points"] for reason in reasons))
    return {"level": level_of(score).value, "score": score, "reasons": reasons}


def _reason(reason: RiskReason, source: str, points: Mapping[RiskLevel, int]) -> Figures:
    """``source`` says who found it: the type, the engine, or the kind of automation as such."""
    return {
        "text": str(reason.text),
        "level": reason.level.value,
        "points": points[reason.level],
        "source": source,
    }


def own_reasons(risk: Figures) -> list[RiskReason]:
    """What the type itself said in an earlier document, to be weighed again."""
    return [
        RiskReason(reason["text"], RiskLevel(reason["level"]))
        for reason in risk["reasons"]
        if reason.get("source") == "type"
    ]


def level_of(score: int) -> RiskLevel:
    if score >= HIGH_FROM:
        return RiskLevel.HIGH
    return RiskLevel.MEDIUM if score >= MEDIUM_FROM else RiskLevel.LOW


def _of_its_kind(level: RiskLevel) -> str:
    texts = {
        RiskLevel.LOW: _("Automation of this kind is low risk."),
        RiskLevel.MEDIUM: _("Automation of this kind is medium risk."),
        RiskLevel.HIGH: _("Automation of this kind is high risk."),
    }
    return texts[level]


def _found(extent: Extent, record: Record) -> list[RiskReason]:
    return [
        reason
        for reason in (
            _of_revenue(extent),
            _of_money(extent),
            _of_moves(extent),
            _of_discount(extent),
            _of_letters(extent),
            _of_number(extent),
            _of_record(record),
        )
        if reason is not None
    ]


def _graded(value: Decimal | None, steps: tuple[Decimal, Decimal], text: str) -> RiskReason | None:
    medium, high = steps
    if value is None or value <= medium:
        return None
    return RiskReason(text, RiskLevel.HIGH if value > high else RiskLevel.MEDIUM)


def _of_revenue(extent: Extent) -> RiskReason | None:
    share = extent.revenue_share
    text = _("These products bring in {share}% of the revenue.")
    return _graded(share, SHARE_OF_REVENUE, text.format(share=f"{(share or 0) * 100:.0f}"))


def _of_money(extent: Extent) -> RiskReason | None:
    money = extent.money_at_risk
    if money is None:
        return RiskReason(
            _("Nothing was sold in the last 90 days: what it may cost is not known."),
            RiskLevel.MEDIUM,
        )
    if extent.revenue <= 0:
        return None
    share = money / extent.revenue
    text = _("The money at risk is {share}% of 90 days' revenue.")
    return _graded(share, MONEY_OF_REVENUE, text.format(share=f"{share * 100:.1f}"))


def _of_moves(extent: Extent) -> RiskReason | None:
    largest = max(extent.raise_percent, extent.cut_percent)
    text = _("The largest price move is {percent}%.")
    return _graded(largest, PRICE_MOVE, text.format(percent=plain(largest)))


def _of_discount(extent: Extent) -> RiskReason | None:
    text = _("The largest discount is {percent}%.")
    percent = extent.discount_percent
    return _graded(percent, DISCOUNT, text.format(percent=plain(percent)))


def _of_letters(extent: Extent) -> RiskReason | None:
    if not extent.recipients:
        return None
    text = ngettext(
        "Writes to {n} customer; a letter that has gone out cannot be called back.",
        "Writes to {n} customers; a letter that has gone out cannot be called back.",
        extent.recipients,
    )
    return RiskReason(text.format(n=f"{extent.recipients:,}"), RiskLevel.MEDIUM)


def _of_number(extent: Extent) -> RiskReason | None:
    if extent.items < MANY_ITEMS:
        return None
    return RiskReason(_("Touches {n} items.").format(n=f"{extent.items:,}"), RiskLevel.MEDIUM)


def _of_record(record: Record) -> RiskReason | None:
    if record.fidelity is None or record.fidelity >= GOOD_FIDELITY:
        return None
    text = _("Runs of this type went only {share}% as planned.")
    return RiskReason(text.format(share=f"{record.fidelity * 100:.1f}"), RiskLevel.MEDIUM)


def plain(number: Decimal) -> str:
    """32 rather than 32.00, 31.5 rather than 31.50."""
    return f"{number.normalize():f}"
