"""``marketing.conversion_optimization``: what keeps visitors from buying, by what it costs."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.queries.catalogue import ProductChoice
from workflows.text.base import Brief, TextWriter, TooFewFacts, as_tuple
from workflows.text.choice import facts_of, writer_for
from workflows.text.markup import count_words, is_filler, tidy
from workflows.text.rules.lexicon import lexicon
from workflows.text.rules.titles import clean_title, shouts
from workflows.types.base import (
    Group,
    Metric,
    PlanSink,
    RequiredInputs,
    RiskLevel,
    RiskReason,
    WorkflowType,
)
from workflows.types.marketing.conversion_inputs import Area, ConversionInputs
from workflows.types.marketing.conversion_report import conversion_report
from workflows.types.marketing.weak_pages import Change, WeakPage, changes, weak_pages
from workflows.types.modelled import model_metrics, warn_of_model
from workflows.types.registry import register
from workflows.types.seo.checks import handle_of
from workflows.types.wording import Money, count

THIN = 30
BARE = 10


@dataclass(slots=True)
class Findings:
    pages: list[WeakPage] = field(default_factory=list)
    channels: list[Change] = field(default_factory=list)
    thin: list[tuple[str, int, Decimal]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    groups: set[str] = field(default_factory=set)
    taken: Counter[str] = field(default_factory=Counter)
    seen: int = 0
    fixed: int = 0
    too_many: int = 0
    order_value: Decimal = Decimal(0)
    has_visits: bool = False
    judges_pages: bool = False
    has_pictures: bool = True

    @property
    def lost(self) -> int:
        return sum(page.lost for page in self.pages)


class Optimizer:
    def __init__(self, store: Any, inputs: ConversionInputs, out: PlanSink) -> None:
        self.store, self.inputs, self.out = store, inputs, out
        self.found = Findings()
        self.writer: TextWriter = writer_for(store.seed, store.locale, store.tenant_id)
        self.lexicon = lexicon(store.locale.partition("-")[0].lower())
        self.has_pictures: bool = store.has_pictures()
        self.brief = Brief(copy_blocks=as_tuple(inputs.copy_blocks))
        self.sellers: list[tuple[bool, Decimal, int, str, str, int]] = []

    def wants(self, *areas: Area) -> bool:
        return any(area in self.inputs.focus_areas for area in areas)

    def run(self) -> Findings:
        self.found.has_pictures = self.has_pictures
        self._visits()
        self._shelves()
        if self.wants(Area.PRODUCT_DESCRIPTIONS):
            if self.found.has_visits:
                self._thin_pages()
            else:
                self._bare_pages()
        if not self.found.seen:
            raise RequiredInputs({"": _("The shop has no active products yet.")})
        return self.found

    def _visits(self) -> None:
        store, inputs, found = self.store, self.inputs, self.found
        days, last = inputs.days, store.today
        total = store.visits(breakdown="total", last=last, days=days)
        found.has_visits = bool(total and total[0].sessions)
        if not found.has_visits:
            return
        found.order_value = total[0].revenue / total[0].orders if total[0].orders else Decimal(0)
        same: dict[str, Any] = {
            "least": inputs.least_sessions,
            "confidence": inputs.confidence_percent,
            "value": found.order_value,
        }
        if self.wants(Area.LANDING_PAGES, Area.PRODUCT_DESCRIPTIONS):
            pages = store.visits(breakdown="page", last=last, days=days)
            found.pages, found.judges_pages = weak_pages(pages, **same), True
        if self.wants(Area.CHECKOUT_FLOW):
            now = store.visits(breakdown="channel", last=last, days=days)
            earlier = last - timedelta(days=days)
            before = store.visits(breakdown="channel", last=earlier, days=days)
            found.channels = changes(now, before, **same)

    def _shelves(self) -> None:
        skip = self._left_out()
        for row in self.store.shelf_rows(day=self.store.today):
            if row.id in skip:
                continue
            self.found.seen += 1
            if self.wants(Area.COMPARE_AT_PRICES):
                self._false_discounts(row)
            if self.wants(Area.IMAGES) and self.has_pictures:
                self._picture(row)
            if self.wants(Area.TITLES):
                self._title(row)
            if self.wants(Area.SORT_ORDER) and self.inputs.fix_sort_order:
                self.sellers.append(
                    (not row.stocked, -row.taken, -row.units, row.id, row.title, row.position)
                )
        self._sort()

    def _left_out(self) -> set[str]:
        if not self.inputs.exclude_tags:
            return set()
        rows = self.store.product_rows(chosen=ProductChoice(tags=self.inputs.exclude_tags))
        return {row.id for row in rows}

    def _false_discounts(self, row: Any) -> None:
        for id_, title, sku, price, compare_at in row.false_discounts:
            self._note("compare_at_price", row)
            if self.inputs.fix_compare_at:
                label = f"{row.title}, {title}" if title and title != "Default Title" else row.title
                why = _("Not above the price of {price}.").format(price=price)
                self._fix(
                    "variant", str(id_), label, "compare_at_price", compare_at, None, why, sku=sku
                )

    def _picture(self, row: Any) -> None:
        if not row.has_image:
            self._note("needs_image", row)
        if self.inputs.flag_images and row.needs_image == row.has_image:
            why = _("Has a picture now.") if row.has_image else _("Has no picture.")
            self._fix(
                "product", row.id, row.title, "needs_image", row.needs_image, not row.has_image, why
            )

    def _title(self, row: Any) -> None:
        better = better_title(row.title, self.lexicon)
        if better == row.title:
            return
        self._note("title", row)
        if self.inputs.fix_titles:
            why = _("In capitals.") if shouts(row.title) else _("Stray spaces or signs.")
            self._fix("product", row.id, row.title, "title", row.title, better, why)

    def _sort(self) -> None:
        for place, (*_key, id_, title, position) in enumerate(sorted(self.sellers), start=1):
            if position != place:
                why = _("Place {place} by what it brings in.").format(place=place)
                self._fix("product", id_, title, "position", position, place, why)

    def _thin_pages(self) -> None:
        """Products on weak pages whose description is short: the likeliest cause."""
        handles = [handle for page in self.found.pages if (handle := handle_of(page.name))]
        known = self.store.page_products(handles=handles)
        ids = [id_ for id_, _title in known.values()]
        if not ids:
            return
        for row in self.store.product_rows(chosen=ProductChoice(product_ids=ids)):
            number = count_words(row.description_html)
            if number < THIN:
                why = _("Its page sells less than others and says {n} words.").format(n=number)
                self._describe(row, why)
                lost = next(p.lost for p in self.found.pages if handle_of(p.name) == row.handle)
                self.found.thin.append((row.title, number, Decimal(lost) / 100))

    def _bare_pages(self) -> None:
        """While no visits are known, pages that say next to nothing are the likeliest cause."""
        chosen = ProductChoice(without_tags=self.inputs.exclude_tags)
        for row in self.store.product_rows(chosen=chosen):
            number = count_words(row.description_html)
            if number < BARE or is_filler(row.description_html):
                self.found.counts["description_html"] += 1
                why = (
                    _("Says nothing of its own.") if number >= BARE else _("Says next to nothing.")
                )
                self._describe(row, why)

    def _describe(self, row: Any, why: str) -> None:
        if not self.inputs.fix_descriptions:
            return
        try:
            written = self.writer.description(facts_of(row), self.brief)
        except TooFewFacts:
            return
        self._fix(
            "product",
            row.id,
            row.title,
            "description_html",
            row.description_html,
            written.html,
            why,
        )

    def _note(self, kind: str, row: Any) -> None:
        self.found.counts[kind] += 1
        self.found.taken[kind] += int(row.taken * 100)

    def _fix(
        self,
        entity: str,
        id_: str,
        label: str,
        name: str,
        before: Any,
        after: Any,
        why: str,
        *,
        sku: str = "",
    ) -> None:
        if self.found.fixed >= self.inputs.max_items:
            self.found.too_many += 1
            return
        self.found.fixed += 1
        self.found.groups.add(name)
        note = {"group": name, "why": why} | ({"sku": sku} if sku else {})
        self.out.set(entity, id_, label, name, before, after, note=note)


def better_title(title: str, words: Any) -> str:
    """Tidied only where that needs no taste: capitals, doubled spaces, a stray sign at the end."""
    if shouts(title):
        return clean_title(title, words) or title
    return tidy(title).rstrip(" ,;-–*") or title


GROUPS = {
    "compare_at_price": gettext_lazy("False discounts"),
    "description_html": gettext_lazy("Descriptions"),
    "title": gettext_lazy("Titles"),
    "needs_image": gettext_lazy("Picture marks"),
    "position": gettext_lazy("Places on the shelf"),
}


@register
class ConversionOptimization(WorkflowType):
    id = "marketing.conversion_optimization"
    version = 2
    title = gettext_lazy("Conversion optimization")
    description = gettext_lazy(
        "Finds what keeps visitors from buying, ranks it by the revenue it may cost, and repairs "
        "what is plainly wrong."
    )
    makes = gettext_lazy("Corrected titles, compare-at prices and marks, a report to print")
    risk = RiskLevel.MEDIUM
    Inputs = ConversionInputs

    def plan(self, store: Any, inputs: ConversionInputs, out: PlanSink) -> None:
        optimizer = Optimizer(store, inputs, out)
        found = optimizer.run()
        money = Money(store.currency)
        sentence = effect(found, inputs, money)
        day = date_format(store.today, "j F Y")
        report = conversion_report(
            found,
            inputs,
            money,
            sentence,
            metrics(found, money),
            shop=store.profile().name,
            day=day,
            language=store.locale,
        )
        out.artifact("conversion.html", "text/html", report.chunks())
        _warn(found, out)
        warn_of_model(optimizer.writer, out)
        out.finish(
            effect=sentence,
            metrics=[*metrics(found, money), *model_metrics(optimizer.writer)],
            groups=[
                Group(name, str(label)) for name, label in GROUPS.items() if name in found.groups
            ],
            risks=_risks(found, inputs),
        )


def effect(found: Findings, inputs: ConversionInputs, money: Money) -> str:
    repairs = count(found.fixed, "**{n} thing**", "**{n} things**")
    if not found.pages:
        if not found.fixed:
            return _("Finds nothing that is plainly wrong.")
        return _("Repairs {things} that may keep visitors from buying.").format(things=repairs)
    pages = count(len(found.pages), "**{n} weak page**", "**{n} weak pages**")
    told = {"pages": pages, "lost": money.round(found.lost), "days": inputs.days, "things": repairs}
    if not found.fixed:
        return _("Finds {pages} that cost about {lost} in {days} days.").format(**told)
    text = _("Finds {pages} that cost about {lost} in {days} days, and repairs {things}.")
    return text.format(**told)


def metrics(found: Findings, money: Money) -> list[Metric]:
    repairs = Metric(
        "fixes",
        _("Repairs"),
        found.fixed,
        f"{found.fixed:,}",
        _("{n} products looked at").format(n=f"{found.seen:,}"),
    )
    return [repairs, *_visit_metrics(found, money)] if found.judges_pages else [repairs]


def _visit_metrics(found: Findings, money: Money) -> list[Metric]:
    listed = [
        Metric(
            "lost_revenue",
            _("Revenue missed"),
            Decimal(found.lost) / 100,
            money.round(found.lost),
            _("if weak pages sold like the others"),
        ),
        Metric("weak_pages", _("Weak pages"), len(found.pages), str(len(found.pages))),
    ]
    if found.order_value:
        value = int(found.order_value * 100)
        listed.append(
            Metric(
                "order_value",
                _("An order brings"),
                found.order_value.quantize(Decimal("0.01")),
                money(value),
            )
        )
    return listed


def _risks(found: Findings, inputs: ConversionInputs) -> list[RiskReason]:
    if inputs.fix_sort_order and Area.SORT_ORDER in inputs.focus_areas:
        return [RiskReason(_("The order of the shelves changes for every visitor at once."))]
    return []


def _warn(found: Findings, out: PlanSink) -> None:
    if not found.has_visits:
        text = _("No visits are known, so pages cannot be judged. Import them for the full report.")
        out.warn("no_visits", text)
    if not found.has_pictures:
        out.warn("no_pictures", _("The shop's data has no pictures at all, so none is missed."))
    if found.channels:
        names = [change.name for change in found.channels]
        out.warn("channels", _("Visitors from here buy less than four weeks before"), names)
    if found.thin:
        text = _("Weak pages with a short description")
        out.warn("thin_pages", text, [title for title, *_rest in found.thin])
    if found.too_many:
        out.warn("max_items", _("{n} more changes wait.").format(n=f"{found.too_many:,}"))
