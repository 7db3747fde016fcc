"""``seo.audit``: a report of what search engines see, and the repairs that need no guessing."""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.queries.catalogue import ProductChoice, ProductRow
from workflows.text.base import TextWriter, TooFewFacts
from workflows.text.choice import facts_of, writer_for
from workflows.text.markup import count_words
from workflows.text.rules.short import shortened
from workflows.types.base import (
    Group,
    Metric,
    PlanSink,
    RequiredInputs,
    RiskLevel,
    RiskReason,
    WorkflowType,
)
from workflows.types.modelled import model_metrics, warn_of_model
from workflows.types.registry import register
from workflows.types.seo.checks import (
    LowClicks,
    better_slug,
    description_fault,
    low_clicks,
    shorter_title,
    slug_fault,
    title_fault,
)
from workflows.types.seo.inputs import AuditInputs, Check
from workflows.types.seo.report import audit_report
from workflows.types.wording import count

LISTED = 200
LABELS = 20
NOTHING = "–"


@dataclass(slots=True)
class Finding:
    number: int = 0
    rows: list[tuple[object, ...]] = field(default_factory=list)

    def add(self, *row: object) -> None:
        self.number += 1
        if len(self.rows) < LISTED:
            self.rows.append(row)


class Audit:
    """Walks the shop once, collects findings, emits repairs."""

    def __init__(self, store: Any, inputs: AuditInputs, out: PlanSink) -> None:
        self.store, self.inputs, self.out = store, inputs, out
        self.writer: TextWriter = writer_for(store.seed, store.locale, store.tenant_id)
        self.shop: str = store.profile().name
        self.findings = {check: Finding() for check in Check}
        self.pages = self.clean = self.fixes = 0
        self.per_group: Counter[str] = Counter()
        self.not_written: list[str] = []
        self.left = 0
        self.too_many = 0
        self.lost_clicks = 0
        self.searches = 0
        self.repeated_titles: set[str] = store.repeated_texts(field="seo_title")
        self.repeated_descriptions: set[str] = store.repeated_texts(field="seo_description")
        self.used: set[int] = set()

    def wants(self, check: Check) -> bool:
        return check in self.inputs.checks

    def run(self) -> None:
        inputs = self.inputs
        chosen = ProductChoice(inputs.product_ids, inputs.include_tags, inputs.exclude_tags)
        for row in self.store.product_rows(chosen=chosen):
            self.pages += 1
            self.clean += not self._page(row)
        if not self.pages:
            raise RequiredInputs({"product_ids": _("No active product fits these choices.")})
        if self.wants(Check.ALT_TEXTS):
            self._pictures(chosen)
        if self.wants(Check.SEARCHES):
            self._searches()

    def _page(self, row: ProductRow) -> int:
        """How many faults the page has."""
        faults = 0
        if self.wants(Check.DESCRIPTIONS):
            faults += self._description(row)
        if self.wants(Check.SLUGS):
            faults += self._slug(row)
        if self.wants(Check.TITLES):
            faults += self._title(row)
        if self.wants(Check.THIN_PAGES):
            faults += self._thin(row)
        return faults

    def _title(self, row: ProductRow) -> bool:
        fault = title_fault(row.seo_title, row.title, self.repeated_titles, self.inputs.title_max)
        if fault is None:
            return False
        becomes = self._write_title(row, fault) if self.inputs.fix_titles else ""
        self.findings[Check.TITLES].add(
            row.title, FAULTS[fault], row.seo_title or NOTHING, becomes or NOTHING
        )
        return True

    def _write_title(self, row: ProductRow, fault: str) -> str:
        limit = self.inputs.title_max
        written = self._title_for(row, fault, limit)
        if written and hash_of(written) in self.used and row.vendor:
            written = f"{row.title} – {row.vendor}"[:limit]
        if not written or hash_of(written) in self.used or written == row.seo_title:
            return self._left(row.title)
        self.used.add(hash_of(written))
        return self._fix("product", row.id, row.title, "seo_title", row.seo_title, written, fault)

    def _title_for(self, row: ProductRow, fault: str, limit: int) -> str:
        """What people wrote is shortened, not replaced."""
        if fault == "too_long":
            return shorter_title(row.seo_title, limit)
        try:
            return self.writer.seo_title(facts_of(row), shop=self.shop, limit=limit)
        except TooFewFacts:
            return row.title if len(row.title) <= limit else ""

    def _description(self, row: ProductRow) -> bool:
        most = self.inputs.description_max
        fault = description_fault(row.seo_description, self.repeated_descriptions, most)
        if fault is None:
            return False
        may_write = self.inputs.fix_descriptions and fault != "too_short"
        becomes = self._write_description(row, fault) if may_write else ""
        self.findings[Check.DESCRIPTIONS].add(
            row.title, FAULTS[fault], row.seo_description or NOTHING, becomes or NOTHING
        )
        return True

    def _write_description(self, row: ProductRow, fault: str) -> str:
        written = self._description_for(row, fault, self.inputs.description_max)
        if not written or written == row.seo_description:
            return self._left(row.title)
        return self._fix(
            "product", row.id, row.title, "seo_description", row.seo_description, written, fault
        )

    def _description_for(self, row: ProductRow, fault: str, limit: int) -> str:
        if fault == "too_long":
            return shortened(row.seo_description.strip(), limit)
        try:
            copy = self.inputs.copy_text
            return self.writer.meta_description(facts_of(row), limit=limit, copy=copy)
        except TooFewFacts:
            return ""

    def _thin(self, row: ProductRow) -> bool:
        number = count_words(row.description_html)
        if number >= self.inputs.thin_below_words:
            return False
        self.findings[Check.THIN_PAGES].add(row.title, number)
        return True

    def _slug(self, row: ProductRow) -> bool:
        fault = slug_fault(row.handle, row.title)
        if fault is None:
            return False
        becomes = self._write_slug(row, fault) if self.inputs.fix_slugs else ""
        self.findings[Check.SLUGS].add(row.title, FAULTS[fault], row.handle, becomes or NOTHING)
        return True

    def _write_slug(self, row: ProductRow, fault: str) -> str:
        first = better_slug(row.title, set())
        tried = [first, *(f"{first}-{number}" for number in range(2, 20))] if first else []
        taken = self.store.handles(among=tried)
        taken |= {text for text in tried if hash_of(f"/{text}") in self.used}
        slug = better_slug(row.title, taken)
        if slug is None or slug == row.handle:
            return self._left(row.title)
        self.used.add(hash_of(f"/{slug}"))
        return self._fix(
            "product", row.id, row.title, "handle", row.handle, slug, fault, risky=True
        )

    def _pictures(self, chosen: ProductChoice) -> None:
        for image in self.store.images_without_alt(chosen=chosen):
            becomes = self._write_alt(image) if self.inputs.fix_alt_texts else ""
            self.findings[Check.ALT_TEXTS].add(image.title, image.place, becomes or NOTHING)

    def _write_alt(self, image: Any) -> str:
        row = _bare(image.product_id, image.title)
        try:
            written = self.writer.alt_text(facts_of(row), position=image.place)
        except TooFewFacts:
            written = image.title
        return self._fix("image", str(image.id), image.title, "alt", "", written, "missing")

    def _searches(self) -> None:
        rows = self.store.search_rows(
            day=self.store.today, least_impressions=self.inputs.least_impressions
        )
        found = []
        for row in rows:
            self.searches += 1
            if low := low_clicks(row, self.inputs.low_click_share):
                found.append(low)
        for low in sorted(found, key=lambda low: (-low.lost, low.query)):
            self.lost_clicks += low.lost
            self.findings[Check.SEARCHES].add(*_search_cells(low))

    def _fix(
        self,
        entity: str,
        id_: str,
        label: str,
        name: str,
        before: str,
        after: str,
        fault: str,
        *,
        risky: bool = False,
    ) -> str:
        """What it becomes; empty where the cap is reached."""
        if self.fixes >= self.inputs.max_items:
            self.too_many += 1
            return ""
        self.fixes += 1
        self.per_group[name] += 1
        note = {"group": name, "why": str(FAULTS[fault]), "risky": risky}
        self.out.set(entity, id_, label, name, before, after, note=note)
        return after

    def _left(self, title: str) -> str:
        self.left += 1
        if len(self.not_written) < LABELS:
            self.not_written.append(title)
        return ""


def hash_of(text: str) -> int:
    """Remembers a text in eight bytes, so that a large shop's texts need not all be held."""
    return int.from_bytes(blake2b(text.lower().encode(), digest_size=8).digest(), "big")


def _bare(id_: str, title: str) -> ProductRow:
    return ProductRow(id_, title, "", "", "", "", (), "", "", 0, False, (), None, None, 0, None)


def _search_cells(low: LowClicks) -> tuple[object, ...]:
    return low.query, low.page, f"{low.impressions:,}", low.clicks, low.position, low.lost


FAULTS = {
    "missing": gettext_lazy("Missing"),
    "repeated": gettext_lazy("Same as another page"),
    "too_long": gettext_lazy("Too long"),
    "too_short": gettext_lazy("Very short"),
    "says_nothing": gettext_lazy("Says nothing"),
    "other_words": gettext_lazy("Other words than the title"),
}
GROUPS = {
    "seo_title": gettext_lazy("Search titles"),
    "seo_description": gettext_lazy("Search descriptions"),
    "alt": gettext_lazy("Alt texts"),
    "handle": gettext_lazy("Addresses"),
}


@register
class SeoAudit(WorkflowType):
    id = "seo.audit"
    version = 2
    title = gettext_lazy("SEO audit")
    description = gettext_lazy(
        "Finds what search engines cannot read or will not show, repairs what needs no guessing, "
        "and reports the rest."
    )
    makes = gettext_lazy("Search titles and descriptions, alt texts, a report to print")
    risk = RiskLevel.LOW
    Inputs = AuditInputs

    def plan(self, store: Any, inputs: AuditInputs, out: PlanSink) -> None:
        audit = Audit(store, inputs, out)
        audit.run()
        sentence = effect(audit)
        report = audit_report(audit, sentence, metrics(audit))
        out.artifact("seo-audit.html", "text/html", report.chunks())
        _warn(audit, out)
        warn_of_model(audit.writer, out)
        out.finish(
            effect=sentence,
            metrics=[*metrics(audit), *model_metrics(audit.writer)],
            groups=[
                Group(name, str(label), risky=name == "handle")
                for name, label in GROUPS.items()
                if audit.per_group[name]
            ],
            risks=_risks(audit),
        )


def effect(audit: Audit) -> str:
    faults = sum(finding.number for finding in audit.findings.values())
    found = count(faults, "{n} fault", "{n} faults")
    pages = count(audit.pages, "{n} page", "{n} pages")
    if not audit.fixes:
        return _("Finds {faults} on {pages}, and none that it can repair.").format(
            faults=found, pages=pages
        )
    repaired = count(audit.fixes, "**{n} of them**", "**{n} of them**")
    return _("Finds {faults} on {pages} and repairs {repaired}.").format(
        faults=found, pages=pages, repaired=repaired
    )


def metrics(audit: Audit) -> list[Metric]:
    share = audit.clean * 100 // audit.pages
    return [
        Metric("fixes", _("Repairs"), audit.fixes, f"{audit.fixes:,}"),
        Metric("pages", _("Pages looked at"), audit.pages, f"{audit.pages:,}"),
        Metric(
            "clean",
            _("Pages without a fault"),
            share,
            f"{share}%",
            _("{n} of {all}").format(n=f"{audit.clean:,}", all=f"{audit.pages:,}"),
        ),
        *([_missed(audit)] if audit.searches else []),
    ]


def _missed(audit: Audit) -> Metric:
    return Metric(
        "lost_clicks",
        _("Clicks missed"),
        audit.lost_clicks,
        f"{audit.lost_clicks:,}",
        _("in 90 days, against what is usual at that place"),
    )


def _risks(audit: Audit) -> list[RiskReason]:
    if not audit.per_group["handle"]:
        return []
    text = _("{n} addresses change: links to the old ones break unless your shop forwards them.")
    return [RiskReason(text.format(n=audit.per_group["handle"]), RiskLevel.HIGH)]


def _warn(audit: Audit, out: PlanSink) -> None:
    if audit.not_written:
        text = _("Too few facts for a text of its own: {n}").format(n=f"{audit.left:,}")
        out.warn("not_written", text, audit.not_written)
    if audit.too_many:
        text = _("{n} more could be repaired; they are in the report.")
        out.warn("max_items", text.format(n=f"{audit.too_many:,}"))
    if audit.wants(Check.SEARCHES) and not audit.searches:
        text = _("No searches are known. Import them to see which pages are shown but not clicked.")
        out.warn("no_searches", text)
    thin = audit.findings[Check.THIN_PAGES].number
    if thin:
        text = _("{n} pages say little. A draft of product descriptions can write them.")
        out.warn("thin_pages", text.format(n=f"{thin:,}"))
