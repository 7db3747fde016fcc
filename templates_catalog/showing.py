"""How templates look to people: cards, bounds in words, the story of a version."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.ids import new_id
from core.money import format_money
from templates_catalog import queries
from templates_catalog.bounds import Bounds
from templates_catalog.differences import Difference, differences, titles_of
from templates_catalog.models import Template, TemplateVersion
from templates_catalog.queries import Record
from templates_catalog.services.using import missing_fields
from templates_catalog.states import Category
from workflows.queries import TypeRecord, type_records

TAGS = 3


@dataclass(frozen=True, slots=True)
class Card:
    """``token`` makes every click on this card's buttons one click, however often it is sent."""

    template: Any
    version: TemplateVersion
    record: Record
    may_use: bool
    of_type: TypeRecord = TypeRecord()  # noqa: RUF009 -- frozen
    token: str = field(default_factory=lambda: new_id("click"))

    @property
    def tags(self) -> list[str]:
        return self.template.tags[:TAGS]

    @property
    def more(self) -> list[str]:
        return self.template.tags[TAGS:]

    @property
    def at_once(self) -> bool:
        return self.may_use and self.template.is_pre_approved and self.of_type.is_good

    @property
    def asks(self) -> bool:
        return bool(missing_fields(self.version, {}))

    @property
    def badge(self) -> str:
        if self.template.has_standing and self.template.is_suspended:
            return "suspended"
        return "pre_approved" if self.template.is_pre_approved else ""

    @property
    def went(self) -> str:
        return record_words(self.record)


@dataclass(frozen=True, slots=True)
class Shelf:
    title: str
    cards: list[Card]


def shelves(templates: list[Any], actor: Any) -> list[Shelf]:
    """By category, as they come; four queries however many there are."""
    versions, records = queries.versions_of(templates), queries.records(templates)
    may_use = actor.role in ("owner", "admin", "editor")
    of_types = type_records()
    found: dict[str, list[Card]] = {}
    for one in templates:
        of_type = of_types.get(one.workflow_type_id, TypeRecord())
        card = Card(one, versions[one.pk], records.get(one.pk, Record()), may_use, of_type)
        found.setdefault(one.category, []).append(card)
    return [Shelf(str(Category(name).label), cards) for name, cards in found.items()]


def record_words(record: Record) -> str:
    """“99.8% of changes, 31 of 31 runs clean”."""
    if not record.runs:
        return _("no runs here yet")
    runs = ngettext(
        "%(clean)s of %(n)s run clean", "%(clean)s of %(n)s runs clean", record.runs
    ) % {"clean": record.clean, "n": record.runs}
    if record.fidelity is None:
        return runs
    return _("{share} of changes, {runs}").format(share=percent(record.fidelity), runs=runs)


def percent(share: Decimal | float | None) -> str:
    if share is None:
        return "–"
    value = Decimal(share) * 100
    digits = 0 if value == value.to_integral_value() else 1
    return f"{number_format(value, digits)}%"


def bounds_words(bounds: dict[str, Any], type_id: str, currency: str) -> list[tuple[str, str]]:
    """Every bound that is set, as title and value."""
    held = Bounds.model_validate(bounds)
    rows = [(_("Items touched"), _("at most {n}").format(n=number_format(held.max_items)))]
    if held.max_money_at_risk is not None:
        money = format_money(held.max_money_at_risk, currency)
        rows.append((_("Money at risk"), _("at most {n}").format(n=money)))
    for title, value in (
        (_("Price move"), held.max_step_percent),
        (_("Discount"), held.max_discount_percent),
    ):
        if value is not None:
            rows.append((title, _("at most {n}%").format(n=number_format(value.normalize()))))
    if held.families:
        rows.append((_("Families"), ", ".join(held.families)))
    titles = titles_of(type_id)
    rows += [
        (titles.get(name, name), _("only {values}").format(values=_listed(values)))
        for name, values in held.allowed_inputs.items()
    ]
    return [*rows, (_("Runs a day"), _("at most {n}").format(n=held.runs_per_day))]


def _listed(values: Iterable[Any]) -> str:
    return ", ".join(str(value).replace("_", " ") for value in values)


@dataclass(frozen=True, slots=True)
class VersionStory:
    version: TemplateVersion
    differences: list[Difference]
    is_first: bool


def version_stories(template: Template, tenant_id: str, most: int = 10) -> list[VersionStory]:
    """Newest first, each with what it says otherwise than the one before."""
    found = list(queries.versions(template)[: most + 1])
    stories = []
    for place, version in enumerate(found[:most]):
        before = found[place + 1] if place + 1 < len(found) else None
        said = differences(before, version, tenant_id) if before else []
        stories.append(VersionStory(version, said, is_first=before is None))
    return stories
