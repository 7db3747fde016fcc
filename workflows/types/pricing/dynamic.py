"""``pricing.dynamic_pricing``: moves prices toward the market, inside guardrails."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.money import minor_digits
from stores.queries.selling import PriceFilter
from workflows.types.base import (
    Bin,
    Group,
    Histogram,
    Metric,
    PlanSink,
    RequiredInputs,
    RiskLevel,
    RiskReason,
    WorkflowType,
)
from workflows.types.pricing.inputs import PricingInputs
from workflows.types.pricing.plan import Pricer, Tally
from workflows.types.pricing.rules import Held
from workflows.types.registry import register
from workflows.types.wording import Money, count, percent


@register
class DynamicPricing(WorkflowType):
    id = "pricing.dynamic_pricing"
    version = 1
    title = gettext_lazy("Dynamic pricing")
    description = gettext_lazy(
        "Moves prices toward what other sellers ask, never further than you allow and never below "
        "cost plus your margin."
    )
    makes = gettext_lazy("Price changes, a CSV of moves")
    risk = RiskLevel.MEDIUM
    together = frozenset({("variant", "price"), ("variant", "compare_at_price")})
    Inputs = PricingInputs

    def plan(self, store: Any, inputs: PricingInputs, out: PlanSink) -> None:
        chosen = PriceFilter(
            currency=store.currency,
            market_days=inputs.market_max_age_days,
            product_ids=inputs.product_ids,
            tags=inputs.include_tags,
            without_tags=inputs.exclude_tags,
            without_sellers=inputs.leave_out_sellers,
        )
        pricer = Pricer(inputs, out, currency=store.currency, digits=minor_digits(store.currency))
        tally = pricer.run(store.price_rows(day=store.today, chosen=chosen))
        if not tally.seen:
            raise RequiredInputs(
                {"product_ids": _("No active, priced product fits these choices.")}
            )
        out.artifact("price-moves.csv", "text/csv", pricer.table.chunks())
        money = Money(store.currency)
        _warn(tally, out)
        out.finish(
            effect=effect(tally, inputs),
            metrics=metrics(tally, money),
            groups=groups(tally),
            histogram=histogram(tally) if tally.changed else None,
            risks=risks(tally),
        )


def effect(tally: Tally, inputs: PricingInputs) -> str:
    if not tally.changed:
        return _("Changes no price: all are where these rules want them, or are held by them.")
    average = percent(Decimal(tally.moves) / tally.changed / 10, signed=True)
    floor = percent(inputs.margin_floor_percent.normalize() + 0, digits=_digits(inputs))
    parts = {
        "raised": count(tally.raised, "**{n} price**", "**{n} prices**"),
        "lowered": count(tally.lowered, "**{n} price**", "**{n} prices**"),
        "average": average,
        "floor": floor,
    }
    if tally.raised and tally.lowered:
        text = _(
            "Raises {raised} and lowers {lowered}, {average} on average, none below cost + {floor}."
        )
    elif tally.raised:
        text = _("Raises {raised}, {average} on average, none below cost + {floor}.")
    else:
        text = _("Lowers {lowered}, {average} on average, none below cost + {floor}.")
    return text.format(**parts)


def _digits(inputs: PricingInputs) -> int:
    return 0 if inputs.margin_floor_percent == int(inputs.margin_floor_percent) else 2


def metrics(tally: Tally, money: Money) -> list[Metric]:
    found = [
        Metric(
            "changes",
            _("Prices changed"),
            tally.changed,
            f"{tally.changed:,}",
            _("{seen} looked at").format(seen=f"{tally.seen:,}"),
        ),
        Metric(
            "net_effect",
            _("If sales stay flat"),
            _amount(tally.net),
            money.round(tally.net),
            _("in 90 days"),
        ),
    ]
    found.append(
        Metric(
            "backtest",
            _("In the last 30 days"),
            _amount(tally.backtest),
            money.round(tally.backtest),
            _("what these moves would have brought at the same sales"),
        )
    )
    if tally.lowest.margin is not None:
        lowest = Decimal(tally.lowest.margin) / 10
        found.append(
            Metric(
                "lowest_margin",
                _("Lowest margin over cost"),
                lowest,
                percent(lowest),
                tally.lowest.label,
            )
        )
    return found


def _amount(hundredths: int) -> Decimal:
    return Decimal(hundredths) / 100


def groups(tally: Tally) -> list[Group]:
    found = [Group("down", _("Price down")), Group("up", _("Price up"))]
    if tally.cleared:
        found.append(Group("compare_at", _("Compare-at taken away")))
    return found


BINS = 10


def histogram(tally: Tally) -> Histogram:
    """Moves by size, in steps that give at most ten bars."""
    lowest, highest = min(tally.bins), max(tally.bins)
    width = max(1, -(-(highest - lowest + 1) // BINS))
    first = lowest // width * width
    bins = []
    for start in range(first, highest + 1, width):
        number = sum(tally.bins[at] for at in range(start, start + width))
        tone = "down" if start < 0 else "up"
        bins.append(
            Bin(
                _("{low} to {high}%").format(low=_signed(start), high=_signed(start + width)),
                number,
                tone,
            )
        )
    return Histogram(
        caption=_("Prices by size of move in %"),
        finding=_("{down} down, {up} up").format(down=tally.lowered, up=tally.raised),
        column=_("Move"),
        bins=bins,
    )


def _signed(number: int) -> str:
    return f"−{-number}" if number < 0 else f"+{number}" if number else "0"


def risks(tally: Tally) -> list[RiskReason]:
    found = []
    if tally.thin:
        text = ngettext(
            "{n} price ends within 5 points of the margin floor.",
            "{n} prices end within 5 points of the margin floor.",
            tally.thin,
        )
        found.append(RiskReason(text.format(n=tally.thin), RiskLevel.LOW))
    if tally.simulated_costs:
        found.append(RiskReason(_("Some costs are simulated, not your own.")))
    return found


def _warn(tally: Tally, out: PlanSink) -> None:
    texts = {
        Held.UNKNOWN_COST: _("Cost unknown, so the price stays"),
        Held.NO_MARKET: _("Too few market prices that are recent enough"),
        Held.FLOOR: _("Kept: one step toward the market would go below the margin floor"),
        Held.ENDING: _("Kept: no price ending fits between the limits"),
        "promotion": _("Left out: on promotion now"),
        "compare_at": _("Left out: the new price would reach the compare-at price"),
        "no_price": _("Left out: the price is zero"),
        "max_items": _("Left out: more than the most prices allowed"),
    }
    for reason, text in texts.items():
        number = tally.held[reason]
        if number:
            out.warn(str(reason), f"{text}: {number:,}", tally.labels[reason])
