"""``content.product_descriptions``: writes what is missing or thin, from facts alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.utils.translation import gettext_noop as N_
from pydantic import Field

from stores.queries.catalogue import ProductChoice, ProductRow
from workflows.text.base import Brief, Length, TextWriter, Tone, TooFewFacts, Written, as_tuple
from workflows.text.choice import facts_of, writer_for
from workflows.text.markup import count_words, is_filler, visible_lines, visible_text
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
from workflows.types.choices import (
    TONES,
    Block,
    Words,
    copy_blocks_field,
    exclude_tags_field,
    include_tags_field,
    tone_field,
)
from workflows.types.modelled import model_metrics, warn_of_model
from workflows.types.registry import register
from workflows.types.tables import Table
from workflows.types.wording import count

LABELS = 20
# More sentences than this in the old text say more than a new description can carry.
MOST_KEPT = 6
Example = Annotated[str, Field(min_length=1, max_length=5_000)]
Keyword = Annotated[str, Field(min_length=2, max_length=80)]


class Overwrite(StrEnum):
    MISSING_OR_THIN = "missing_or_thin"
    MISSING = "missing"
    ALL = "all"


class DescriptionInputs(TypeInputs):
    product_ids: Words = Field(
        default=(),
        max_length=10_000,
        title=N_("Products"),
        description=N_("Empty means all whose description is missing or thin."),
        json_schema_extra={"widget": "products"},
    )
    tone: Tone = tone_field(Tone.PERSUASIVE)
    length: Length = Field(
        default=Length.MEDIUM,
        title=N_("Length"),
        description=N_("Approved copy and sentences kept from the old text are not counted."),
        json_schema_extra={
            "labels": {
                "short": N_("Short, 20 to 45 words"),
                "medium": N_("Medium, 45 to 90 words"),
                "long": N_("Long, 90 to 150 words"),
            }
        },
    )
    include_features: bool = Field(
        default=True,
        title=N_("List features"),
        description=N_("Colour, material, size and choices, as the product's data states them."),
    )
    include_benefits: bool = Field(
        default=True,
        title=N_("Say what it is good for"),
        description=N_("Only what is true of such a thing in general."),
    )
    target_keywords: tuple[Keyword, ...] = Field(
        default=(),
        max_length=20,
        title=N_("Keywords"),
        description=N_("Used once, and only where the product's data bears them out."),
    )
    competitor_examples: tuple[Example, ...] = Field(
        default=(),
        max_length=10,
        title=N_("Examples from others"),
        description=N_("Hints of style. Nothing is copied from them."),
        json_schema_extra={"widget": "textarea", "more": True},
    )
    overwrite: Overwrite = Field(
        default=Overwrite.MISSING_OR_THIN,
        title=N_("Write where the description is"),
        description=N_("What an old text says beyond the product's data is kept word for word."),
        json_schema_extra={
            "labels": {
                "missing_or_thin": N_("missing or thin"),
                "missing": N_("missing"),
                "all": N_("there or not"),
            }
        },
    )
    thin_below_words: int = Field(
        default=20,
        ge=1,
        le=200,
        title=N_("Thin means fewer than"),
        description=N_("Words a customer sees."),
        json_schema_extra={"unit": N_("words"), "width": "s", "more": True},
    )
    copy_blocks: tuple[Block, ...] = copy_blocks_field()
    include_tags: Words = include_tags_field()
    exclude_tags: Words = exclude_tags_field()
    max_items: int = Field(
        default=2_000,
        ge=1,
        le=100_000,
        title=N_("At most"),
        description=N_("Products beyond this many wait for the next run."),
        json_schema_extra={"unit": N_("products"), "width": "s", "more": True},
    )

    def brief(self) -> Brief:
        return Brief(
            tone=self.tone,
            length=self.length,
            include_features=self.include_features,
            include_benefits=self.include_benefits,
            keywords=as_tuple(self.target_keywords),
            examples=self.competitor_examples,
            copy_blocks=as_tuple(self.copy_blocks),
        )


@dataclass(slots=True)
class Tally:
    seen: int = 0
    missing: int = 0
    thin: int = 0
    rewritten: int = 0
    words: int = 0
    kept: int = 0
    enough: int = 0
    keywords: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    labels: dict[str, list[str]] = field(default_factory=dict)
    filler: list[str] = field(default_factory=list)

    @property
    def written(self) -> int:
        return self.missing + self.thin + self.rewritten


@register
class ProductDescriptions(WorkflowType):
    id = "content.product_descriptions"
    version = 2
    title = gettext_lazy("Product descriptions")
    description = gettext_lazy(
        "Writes descriptions for products that lack one, from what their data says alone."
    )
    makes = gettext_lazy("Descriptions, a CSV of before and after")
    risk = RiskLevel.LOW
    Inputs = DescriptionInputs

    def plan(self, store: Any, inputs: DescriptionInputs, out: PlanSink) -> None:
        _refuse_unknown(store, inputs)
        writer = writer_for(store.seed, store.locale, store.tenant_id)
        maker = _Maker(inputs, writer, out, store.price_bands())
        chosen = ProductChoice(inputs.product_ids, inputs.include_tags, inputs.exclude_tags)
        tally = maker.run(store.product_rows(chosen=chosen))
        if not tally.seen:
            raise RequiredInputs({"product_ids": _("No active product fits these choices.")})
        out.artifact("descriptions.csv", "text/csv", maker.table.chunks())
        _warn(tally, inputs, out)
        warn_of_model(writer, out)
        out.finish(
            effect=effect(tally, inputs),
            metrics=[*metrics(tally), *model_metrics(writer)],
            groups=[
                Group("missing", _("Had none")),
                Group("thin", _("Was thin")),
                Group("rewritten", _("Rewritten"), risky=True),
            ],
            risks=_risks(tally),
        )


def _refuse_unknown(store: Any, inputs: DescriptionInputs) -> None:
    unknown = sorted(set(inputs.product_ids) - store.known_products(product_ids=inputs.product_ids))
    if unknown:
        text = _("Not an active product of this shop: {ids}.").format(ids=", ".join(unknown[:3]))
        raise RequiredInputs({"product_ids": text})


class _Maker:
    def __init__(
        self, inputs: DescriptionInputs, writer: TextWriter, out: PlanSink, bands: Any
    ) -> None:
        self.inputs, self.writer, self.out, self.bands = inputs, writer, out, bands
        self.brief = inputs.brief()
        self.tally = Tally()
        self.table = Table((_("Product"), _("Was"), _("Before"), _("After"), _("Words")))

    def run(self, rows: Iterator[ProductRow]) -> Tally:
        for row in rows:
            self.tally.seen += 1
            state = self._state(row)
            if state is None:
                self.tally.enough += 1
            elif self.tally.written >= self.inputs.max_items:
                self._skip("max_items", row)
            else:
                self._write(row, state)
        return self.tally

    def _state(self, row: ProductRow) -> str | None:
        number = count_words(row.description_html)
        if number == 0:
            return "missing"
        if self.inputs.overwrite is Overwrite.ALL:
            return "thin" if number < self.inputs.thin_below_words else "rewritten"
        if self.inputs.overwrite is Overwrite.MISSING:
            return None
        thin = number < self.inputs.thin_below_words or is_filler(row.description_html)
        return "thin" if thin else None

    def _write(self, row: ProductRow, state: str) -> None:
        facts = facts_of(row, self.bands)
        if state == "rewritten" and len(visible_text(row.description_html).split(". ")) > MOST_KEPT:
            self._skip("too_much", row)
            return
        try:
            written = self.writer.description(facts, self.brief)
        except TooFewFacts as refused:
            self._skip(f"too_few_facts:{refused}", row)
            return
        self._emit(row, state, written)

    def _emit(self, row: ProductRow, state: str, written: Written) -> None:
        tally = self.tally
        setattr(tally, state, getattr(tally, state) + 1)
        tally.words += written.words
        tally.keywords.update(written.keywords_used)
        if state != "missing" and is_filler(row.description_html) and len(tally.filler) < LABELS:
            tally.filler.append(row.title)
        note = {
            "group": state,
            "why": self._why(state),
            "columns": {_("Words"): str(written.words)},
        }
        self.out.set(
            "product",
            row.id,
            row.title,
            "description_html",
            row.description_html,
            written.html,
            note=note,
        )
        before, after = visible_text(row.description_html), "\n".join(visible_lines(written.html))
        self.table.add(row.title, self._why(state), before, after, written.words)

    def _why(self, state: str) -> str:
        if state == "missing":
            return _("No description")
        return _("Thin") if state == "thin" else _("Rewritten as asked")

    def _skip(self, reason: str, row: ProductRow) -> None:
        self.tally.skipped[reason] += 1
        labels = self.tally.labels.setdefault(reason, [])
        if len(labels) < LABELS:
            labels.append(row.title)


def effect(tally: Tally, inputs: DescriptionInputs) -> str:
    if not tally.written:
        return _("Writes nothing: no product lacks a description that its data could give.")
    states = [
        (tally.missing, _("{n} had none")),
        (tally.thin, _("{n} were thin")),
        (tally.rewritten, _("{n} are rewritten")),
    ]
    return _("Writes {texts}, {length} and {tone}: {states}.").format(
        texts=count(tally.written, "**{n} description**", "**{n} descriptions**"),
        length=_(inputs.length.value),
        tone=_(TONES[inputs.tone.value]).lower(),
        states=", ".join(text.format(n=f"{n:,}") for n, text in states if n),
    )


def metrics(tally: Tally) -> list[Metric]:
    average = round(tally.words / tally.written) if tally.written else 0
    skipped = tally.skipped.total()
    return [
        Metric(
            "written",
            _("Descriptions"),
            tally.written,
            f"{tally.written:,}",
            _("{n} products looked at").format(n=f"{tally.seen:,}"),
        ),
        Metric("average_words", _("Words on average"), average, str(average)),
        Metric("enough", _("Good as they are"), tally.enough, f"{tally.enough:,}"),
        Metric("skipped", _("Left out"), skipped, f"{skipped:,}", _("see the warnings")),
    ]


def _warn(tally: Tally, inputs: DescriptionInputs, out: PlanSink) -> None:
    for reason, number in tally.skipped.items():
        code, _sep, why = reason.partition(":")
        if code == "too_few_facts":
            text = _("Too few facts: {why}").format(why=why)
        elif code == "too_much":
            text = _("Left as they are: the old text says more than a new one could carry")
        else:
            text = _("More than the most products allowed in one run")
        out.warn(code, f"{text}: {number:,}", tally.labels[reason])
    for keyword in as_tuple(inputs.target_keywords):
        used = tally.keywords[keyword]
        if not used:
            text = _("“{keyword}” is in no text: the products' data does not bear it out.")
            out.warn("keyword", text.format(keyword=keyword))
        elif used < tally.written:
            text = ngettext(
                "“{keyword}” is in {n} text; the other products' data does not bear it out.",
                "“{keyword}” is in {n} texts; the other products' data does not bear it out.",
                used,
            )
            out.warn("keyword", text.format(keyword=keyword, n=used))
    if tally.filler:
        out.warn("filler", _("Placeholder text (“lorem ipsum”) is replaced."), tally.filler)


def _risks(tally: Tally) -> list[RiskReason]:
    if not tally.rewritten:
        return []
    text = _("Replaces descriptions that were neither missing nor thin: {n}.")
    return [RiskReason(text.format(n=f"{tally.rewritten:,}"), RiskLevel.MEDIUM)]
