"""``marketing.seasonal_campaign``: an offer for a named occasion, its own end, and a letter."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.queries.catalogue import ProductRow
from workflows.text.base import CampaignBrief, Letter, TooFewFacts, as_tuple
from workflows.text.choice import writer_for
from workflows.types.base import (
    Metric,
    PlanSink,
    RequiredInputs,
    RiskLevel,
    RiskReason,
    WorkflowType,
)
from workflows.types.marketing.holidays import NAMES
from workflows.types.marketing.offers import (
    Offer,
    Window,
    discounted,
    margin_after,
    offer_of,
    products_for,
    why_none,
    window_of,
)
from workflows.types.marketing.seasonal_inputs import SeasonalInputs
from workflows.types.marketing.sending import (
    expected,
    facts,
    hundredths,
    letters_file,
    moment,
    money_range,
    sending_time,
)
from workflows.types.registry import register
from workflows.types.tables import Table
from workflows.types.wording import Money, count, decimal, percent

ACTIVE = ("champions", "loyal", "new", "promising", "at_risk")
YEAR = timedelta(days=364)  # same weekdays


@register
class SeasonalCampaign(WorkflowType):
    id = "marketing.seasonal_campaign"
    version = 2
    title = gettext_lazy("Seasonal campaign")
    description = gettext_lazy(
        "An offer for a named occasion that starts and ends by itself, never below your margin "
        "floor, with a letter that announces it."
    )
    makes = gettext_lazy("A promotion, a scheduled letter, a CSV of prices")
    risk = RiskLevel.MEDIUM
    Inputs = SeasonalInputs

    def plan(self, store: Any, inputs: SeasonalInputs, out: PlanSink) -> None:
        window = window_of(store, inputs)
        choice = products_for(store, inputs)
        offer = offer_of(store, inputs, window, choice)
        if not offer.rows:
            raise RequiredInputs({"product_focus": why_none(offer)})
        chosen = [choice.rows[row.id] for row in offer.rows]
        recipients = _recipients(store) if inputs.announce else 0
        letter = _letter(store, inputs, window, chosen) if recipients else None
        campaign_id = _create_campaign(store, inputs, window, letter, recipients, out)
        _create_promotion(store, inputs, window, offer, campaign_id, out)
        _files(store, inputs, offer, letter, window, out)
        _warn(offer, inputs, window, letter, recipients, out)
        told = recipients if letter else 0
        out.finish(
            effect=effect(inputs, window, offer, told),
            metrics=metrics(store, inputs, window, offer, told),
            risks=_risks(inputs, window, offer),
        )


def _letter(
    store: Any, inputs: SeasonalInputs, window: Window, chosen: list[ProductRow]
) -> Letter | None:
    writer = writer_for(store.seed, store.locale)
    brief = CampaignBrief(
        name=_campaign_name(inputs, window),
        tone=inputs.tone,
        occasion=_(NAMES[inputs.holiday.value]),
        offer=_("{percent} off").format(percent=percent(inputs.discount_percent, digits=0)),
        starts=date_format(window.first, "j F"),
        until=date_format(window.last, "j F"),
        shop=store.profile().name,
        copy_blocks=as_tuple(inputs.copy_blocks),
    )
    try:
        known = set(writer.letter(facts(chosen), brief).products)
        shown = [row for row in chosen if row.id in known][: inputs.products_shown]
        return writer.letter(facts(shown), brief)
    except TooFewFacts:
        return None


def _campaign_name(inputs: SeasonalInputs, window: Window) -> str:
    return f"{_(NAMES[inputs.holiday.value])} {window.day.year}"


def _recipients(store: Any) -> int:
    sizes = store.customer_segments(day=store.today)
    return sum(size.customers for name, size in sizes.items() if name in ACTIVE)


def _create_campaign(
    store: Any,
    inputs: SeasonalInputs,
    window: Window,
    letter: Letter | None,
    recipients: int,
    out: PlanSink,
) -> str | None:
    if letter is None:
        return None
    goes_out = moment(store, window.first, sending_time(store, None))
    name = _campaign_name(inputs, window)
    values = {
        "name": name,
        "channel": "email",
        "status": "scheduled",
        "occasion": inputs.holiday.value,
        "segment": "active",
        "segment_definition": {
            "segments": list(ACTIVE),
            "meaning": _("bought in the last half year"),
            "as_of": store.today.isoformat(),
        },
        "audience_size": recipients,
        "subject": letter.subject,
        "preview_text": letter.preheader,
        "body_html": letter.html,
        "scheduled_at": goes_out.isoformat(),
        "ends_at": _end(store, window).isoformat(),
        "extra": {"product_ids": list(letter.products)},
    }
    note = {"why": letter.subject, "columns": {_("To"): f"{recipients:,}"}}
    return out.create("campaign", "letter", name, values, note=note)


def _end(store: Any, window: Window) -> datetime:
    """The last second of the last day, in the shop's own time."""
    return moment(store, window.last + timedelta(days=1), time.min) - timedelta(seconds=1)


def _create_promotion(
    store: Any,
    inputs: SeasonalInputs,
    window: Window,
    offer: Offer,
    campaign_id: str | None,
    out: PlanSink,
) -> None:
    name = _campaign_name(inputs, window)
    discount = percent(inputs.discount_percent, digits=0)
    values = {
        "name": name,
        "kind": "percent",
        "value": f"{inputs.discount_percent:.2f}",
        "code": inputs.code or "",
        "starts_at": moment(store, window.first, time.min).isoformat(),
        "ends_at": _end(store, window).isoformat(),
        "occasion": inputs.holiday.value,
        "campaign_id": campaign_id,
        "product_ids": sorted(row.id for row in offer.rows),
    }
    dates = f"{date_format(window.first, 'j M')} – {date_format(window.last, 'j M')}"
    note = {"columns": {_("Discount"): discount, _("Runs"): dates}}
    out.create(
        "promotion",
        "offer",
        _("{name}: {discount} off").format(name=name, discount=discount),
        values,
        note=note,
    )


def _files(
    store: Any,
    inputs: SeasonalInputs,
    offer: Offer,
    letter: Letter | None,
    window: Window,
    out: PlanSink,
) -> None:
    table = Table(
        (
            _("Product"),
            _("Price from"),
            _("In the offer"),
            _("Over cost after %"),
            _("Sold in 90 days"),
        )
    )
    for row in offer.rows:
        reduced = discounted(hundredths(row.price), inputs.discount_percent)
        margin = margin_after(row, inputs)
        shown = "" if margin is None else margin.quantize(Decimal("0.1"))
        table.add(row.title, row.price, decimal(reduced), shown, row.units)
    out.artifact("offer.csv", "text/csv", table.chunks())
    if letter is not None:
        when = date_format(window.first, "j F Y")
        report = letters_file(_campaign_name(inputs, window), store, [(_("Letter"), when, letter)])
        out.artifact("letter.html", "text/html", report.chunks())


def effect(inputs: SeasonalInputs, window: Window, offer: Offer, recipients: int) -> str:
    text = _("Takes {discount} off {products} for {occasion}, from {first} to {last}")
    if recipients:
        text = _(
            "Takes {discount} off {products} for {occasion}, from {first} to {last}, "
            "and tells {customers}"
        )
    return (
        text.format(
            discount=percent(inputs.discount_percent, digits=0),
            products=count(len(offer.rows), "**{n} product**", "**{n} products**"),
            occasion=_(NAMES[inputs.holiday.value]),
            first=date_format(window.first, "j F"),
            last=date_format(window.last, "j F Y"),
            customers=count(recipients, "**{n} customer**", "**{n} customers**"),
        )
        + "."
    )


def metrics(
    store: Any, inputs: SeasonalInputs, window: Window, offer: Offer, recipients: int
) -> list[Metric]:
    money = Money(store.currency)
    off = inputs.discount_percent / 100
    ids = [row.id for row in offer.rows]
    past_units, past_money = store.sales_between(
        first=window.first - YEAR, last=window.last - YEAR, product_ids=ids
    )
    month = store.today - timedelta(days=29)
    _units, month_money = store.sales_between(first=month, last=store.today, product_ids=ids)
    cost_of_month = hundredths(max(month_money, Decimal(0)) * off)
    found = [
        Metric(
            "products",
            _("Products"),
            len(offer.rows),
            f"{len(offer.rows):,}",
            _("{n} days").format(n=window.days),
        ),
        Metric(
            "backtest",
            _("In the last 30 days"),
            Decimal(cost_of_month) / 100,
            money.round(cost_of_month),
            _("what this discount would have cost"),
        ),
    ]
    if offer.lowest is not None:
        lowest = offer.lowest.quantize(Decimal("0.1"))
        found.append(
            Metric(
                "lowest_margin",
                _("Lowest margin over cost"),
                lowest,
                percent(lowest),
                offer.lowest_label,
            )
        )
    if past_units > 0:
        found.append(
            Metric(
                "last_year",
                _("Same days last year"),
                Decimal(hundredths(past_money)) / 100,
                money.round(hundredths(past_money)),
                _("{n} sold").format(n=f"{past_units:,}"),
            )
        )
    may_bring = expected(store.campaign_record(), recipients) if recipients else None
    if may_bring is not None:
        found.append(
            Metric(
                "expected_orders",
                _("Orders the letter may bring"),
                may_bring.low,
                f"{may_bring.low:,} – {may_bring.high:,}",
                money_range(may_bring.money_low, may_bring.money_high, money),
            )
        )
    return found


REASONS = {
    "unknown_cost": gettext_lazy("Cost unknown, so no discount"),
    "floor": gettext_lazy("Would fall below the margin floor"),
    "busy": gettext_lazy("In another offer at that time"),
}


def _warn(
    offer: Offer,
    inputs: SeasonalInputs,
    window: Window,
    letter: Letter | None,
    recipients: int,
    out: PlanSink,
) -> None:
    for reason, titles in offer.left.items():
        out.warn(reason, f"{REASONS[reason]}: {len(titles):,}", titles)
    if inputs.announce and not recipients:
        out.warn("no_customers", _("No customer is known who bought lately, so no letter is sent."))
    elif inputs.announce and letter is None:
        out.warn("no_letter", _("The data of these products says too little to write a letter."))
    if offer.is_fallback:
        text = _("No product says that it belongs to {occasion}, so best sellers are offered.")
        occasion = _(NAMES[inputs.holiday.value])
        out.warn("no_occasion", text.format(occasion=occasion))
    if window.last < window.day:
        out.warn("ends_before", _("The offer ends before the day itself."))


def _risks(inputs: SeasonalInputs, window: Window, offer: Offer) -> list[RiskReason]:
    found = []
    if window.days > 31:
        found.append(RiskReason(_("The offer runs longer than a month.")))
    if offer.lowest is not None and offer.lowest < inputs.margin_floor_percent + 5:
        found.append(RiskReason(_("Some products end close to the margin floor."), RiskLevel.LOW))
    return found
