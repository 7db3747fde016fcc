"""``marketing.launch_campaign``: one letter per segment of customers, with copy and a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as N_
from pydantic import Field

from stores.queries.catalogue import ProductRow
from workflows.text.base import CampaignBrief, Letter, TextWriter, Tone, TooFewFacts, as_tuple
from workflows.text.choice import writer_for
from workflows.types.base import (
    Group,
    Metric,
    PlanSink,
    RequiredInputs,
    RiskLevel,
    RiskReason,
    TypeInputs,
    WorkflowType,
)
from workflows.types.choices import Block, ListedWords, copy_blocks_field, tone_field
from workflows.types.marketing.segments import MEANINGS, NAMES, Segment
from workflows.types.marketing.sending import (
    Expected,
    expected,
    facts,
    featured,
    hundredths,
    letters_file,
    moment,
    money_range,
    sending_time,
    shown_day,
    tomorrow,
)
from workflows.types.registry import register
from workflows.types.tables import Table
from workflows.types.wording import Money, count

WHOLE = 100


class LaunchInputs(TypeInputs):
    campaign_name: str = Field(
        default="News from the shop",
        min_length=1,
        max_length=120,
        title=N_("Campaign"),
        description=N_("For you; customers do not see it."),
    )
    segments: tuple[Segment, ...] = Field(
        default=(Segment.CHAMPIONS, Segment.LOYAL, Segment.AT_RISK),
        min_length=1,
        max_length=6,
        title=N_("To"),
        description=N_("Each gets a letter of its own. Nobody is in two of them."),
        json_schema_extra={"labels": NAMES},
    )
    product_focus: ListedWords = Field(
        default=(),
        max_length=50,
        title=N_("Products in focus"),
        description=N_("Tags, types or words of titles. Empty means your best sellers."),
    )
    products_shown: int = Field(
        default=4,
        ge=1,
        le=12,
        title=N_("Products in a letter"),
        description=N_("The first also gives the subject."),
        json_schema_extra={"width": "s"},
    )
    tone: Tone = tone_field(Tone.FRIENDLY_PROFESSIONAL)
    send_date: date | None = Field(
        default=None, title=N_("Goes out on"), description=N_("Empty means tomorrow.")
    )
    send_time: time | None = Field(
        default=None,
        title=N_("At"),
        description=N_("Empty means the hour your letters were opened most."),
    )
    days_between: int = Field(
        default=0,
        ge=0,
        le=14,
        title=N_("Days between segments"),
        description=N_("0 sends all on one day, half an hour apart."),
        json_schema_extra={"unit": N_("days"), "width": "s", "more": True},
    )
    hold_out_percent: int = Field(
        default=10,
        ge=0,
        le=50,
        title=N_("Hold back"),
        description=N_("This share gets no letter, so that its effect can be measured."),
        json_schema_extra={"unit": "%", "width": "s", "more": True},
    )
    smallest_segment: int = Field(
        default=20,
        ge=1,
        le=10_000,
        title=N_("Segments of at least"),
        description=N_("Smaller ones are left out."),
        json_schema_extra={"unit": N_("customers"), "width": "s", "more": True},
    )
    copy_blocks: tuple[Block, ...] = copy_blocks_field()


@dataclass(frozen=True, slots=True)
class Mailing:
    segment: Segment
    size: Any
    recipients: int
    goes_out: datetime
    letter: Letter


@dataclass(slots=True)
class Made:
    mailings: list[Mailing] = field(default_factory=list)
    small: list[str] = field(default_factory=list)

    @property
    def recipients(self) -> int:
        return sum(mailing.recipients for mailing in self.mailings)


@register
class LaunchCampaign(WorkflowType):
    id = "marketing.launch_campaign"
    version = 2
    title = gettext_lazy("Launch a campaign")
    description = gettext_lazy(
        "Writes a letter to each segment of your customers, by how lately, how often and how much "
        "they bought, and schedules it."
    )
    makes = gettext_lazy("Scheduled campaigns, the letters to read, a CSV of segments")
    risk = RiskLevel.MEDIUM
    Inputs = LaunchInputs

    def plan(self, store: Any, inputs: LaunchInputs, out: PlanSink) -> None:
        products = featured(store, inputs.product_focus)
        if not products:
            text = _("No active product has such a tag, type or word in its title.")
            raise RequiredInputs({"product_focus": text})
        sizes = store.customer_segments(day=store.today)
        if not sizes:
            raise RequiredInputs({"": _("The shop has no orders with customers yet.")})
        made = _mailings(store, inputs, products, sizes)
        if not made.mailings:
            text = _("None of these segments has {n} customers.")
            raise RequiredInputs({"segments": text.format(n=inputs.smallest_segment)})
        for mailing in made.mailings:
            _create(mailing, inputs, store, out)
        _files(made, inputs, store, sizes, out)
        if made.small:
            out.warn("small_segments", _("Too few customers, so no letter"), made.small)
        may_bring = expected(store.campaign_record(), made.recipients)
        out.finish(
            effect=effect(made, store),
            metrics=metrics(made, may_bring, sizes, Money(store.currency)),
            groups=[Group(m.segment.value, _(NAMES[m.segment.value])) for m in made.mailings],
            risks=_risks(made, sizes),
        )


def _mailings(
    store: Any, inputs: LaunchInputs, products: Sequence[ProductRow], sizes: dict[str, Any]
) -> Made:
    writer = writer_for(store.seed, store.locale)
    first, at = inputs.send_date or tomorrow(store), sending_time(store, inputs.send_time)
    made = Made()
    for number, segment in enumerate(dict.fromkeys(inputs.segments)):
        size = sizes.get(segment.value)
        recipients = size.customers * (WHOLE - inputs.hold_out_percent) // WHOLE if size else 0
        if size is None or size.customers < inputs.smallest_segment:
            made.small.append(_(NAMES[segment.value]))
            continue
        day = first + timedelta(days=number * inputs.days_between)
        goes_out = moment(store, day, at)
        if not inputs.days_between:
            goes_out += timedelta(minutes=30 * len(made.mailings))
        # Each segment starts with another product, so that the subjects differ.
        turned = [*products[number:], *products[:number]]
        letter = _letter(writer, inputs, segment, turned, store)
        made.mailings.append(Mailing(segment, size, recipients, goes_out, letter))
    return made


def _letter(
    writer: TextWriter,
    inputs: LaunchInputs,
    segment: Segment,
    products: Sequence[ProductRow],
    store: Any,
) -> Letter:
    brief = CampaignBrief(
        name=inputs.campaign_name,
        tone=inputs.tone,
        shop=store.profile().name,
        segment=segment.value,
        copy_blocks=as_tuple(inputs.copy_blocks),
    )
    readable = _readable(writer, products, brief)[: inputs.products_shown]
    try:
        return writer.letter(facts(readable), brief)
    except TooFewFacts:
        text = _("The data of these products says too little to write a letter from.")
        raise RequiredInputs({"product_focus": text}) from None


def _readable(
    writer: TextWriter, products: Sequence[ProductRow], brief: CampaignBrief
) -> list[ProductRow]:
    """Those that a letter can speak of."""
    try:
        known = set(writer.letter(facts(products), brief).products)
    except TooFewFacts:
        return []
    return [row for row in products if row.id in known]


def _create(mailing: Mailing, inputs: LaunchInputs, store: Any, out: PlanSink) -> None:
    segment = mailing.segment.value
    values: dict[str, Any] = {
        "name": f"{inputs.campaign_name} – {_(NAMES[segment])}",
        "channel": "email",
        "status": "scheduled",
        "segment": segment,
        "segment_definition": {
            "segment": segment,
            "meaning": _(MEANINGS[segment]),
            "as_of": store.today.isoformat(),
            "customers": mailing.size.customers,
            "hold_out_percent": inputs.hold_out_percent,
        },
        "audience_size": mailing.recipients,
        "subject": mailing.letter.subject,
        "preview_text": mailing.letter.preheader,
        "body_html": mailing.letter.html,
        "scheduled_at": mailing.goes_out.isoformat(),
        "extra": {"product_ids": list(mailing.letter.products)},
    }
    note = {
        "group": segment,
        "why": _(MEANINGS[segment]),
        "columns": {
            _("To"): f"{mailing.recipients:,}",
            _("Goes out"): shown_day(mailing.goes_out, store),
        },
    }
    out.create("campaign", segment, str(values["name"]), values, note=note)


def _files(
    made: Made, inputs: LaunchInputs, store: Any, sizes: dict[str, Any], out: PlanSink
) -> None:
    table = Table(
        (
            _("Segment"),
            _("Means"),
            _("Customers"),
            _("Orders"),
            _("Spent"),
            _("Quiet for days"),
            _("Gets a letter"),
        )
    )
    chosen = {mailing.segment.value for mailing in made.mailings}
    for segment in Segment:
        size = sizes.get(segment.value)
        if size is not None:
            table.add(
                _(NAMES[segment.value]),
                _(MEANINGS[segment.value]),
                size.customers,
                size.orders,
                f"{size.value:.2f}",
                size.quiet_days,
                _("yes") if segment.value in chosen else _("no"),
            )
    out.artifact("segments.csv", "text/csv", table.chunks())
    letters = [
        (_(NAMES[mailing.segment.value]), shown_day(mailing.goes_out, store), mailing.letter)
        for mailing in made.mailings
    ]
    report = letters_file(inputs.campaign_name, store, letters)
    out.artifact("letters.html", "text/html", report.chunks())


def effect(made: Made, store: Any) -> str:
    return _("Schedules {letters} to {customers} from {when}.").format(
        letters=count(len(made.mailings), "**{n} letter**", "**{n} letters**"),
        customers=count(made.recipients, "**{n} customer**", "**{n} customers**"),
        when=shown_day(min(mailing.goes_out for mailing in made.mailings), store),
    )


def metrics(
    made: Made, may_bring: Expected | None, sizes: dict[str, Any], money: Money
) -> list[Metric]:
    everyone = sum(size.customers for size in sizes.values())
    spent = sum((mailing.size.value for mailing in made.mailings), Decimal(0))
    found = [
        Metric("campaigns", _("Letters"), len(made.mailings), str(len(made.mailings))),
        Metric(
            "recipients",
            _("Customers"),
            made.recipients,
            f"{made.recipients:,}",
            _("of {n}").format(n=f"{everyone:,}"),
        ),
        Metric(
            "spent",
            _("They have spent"),
            spent.quantize(Decimal("0.01")),
            money.round(hundredths(spent)),
            _("in two years"),
        ),
    ]
    if may_bring is not None:
        found.append(
            Metric(
                "expected_orders",
                _("Orders to expect"),
                may_bring.low,
                f"{may_bring.low:,} – {may_bring.high:,}",
                money_range(may_bring.money_low, may_bring.money_high, money),
            )
        )
    return found


def _risks(made: Made, sizes: dict[str, Any]) -> list[RiskReason]:
    everyone = sum(size.customers for size in sizes.values())
    if made.recipients * 2 > everyone:
        return [RiskReason(_("More than half of all customers get a letter."))]
    return []
