"""The report of a conversion plan: problems in the order of what they cost."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from workflows.types.base import Metric
from workflows.types.marketing.conversion_inputs import Area, ConversionInputs
from workflows.types.reports import Report, Section
from workflows.types.wording import Money, percent

LISTED = 200


def conversion_report(
    found: Any,
    inputs: ConversionInputs,
    money: Money,
    sentence: str,
    figures: Sequence[Metric],
    *,
    shop: str,
    day: str,
    language: str,
) -> Report:
    report = Report(
        title=_("What keeps visitors from buying"),
        subtitle=_("{shop}, visits of {days} days up to {day}").format(
            shop=shop, days=inputs.days, day=day
        ),
        effect=sentence,
        figures=[(metric.label, metric.display) for metric in figures],
        footer=_(
            "Made by Codex from the shop's data of {day}. Nothing has been changed yet."
        ).format(day=day),
        language=language,
    )
    if found.pages:
        report.sections.append(_pages(found, money))
    if found.channels:
        report.sections.append(_channels(found, money))
    if found.thin:
        report.sections.append(_thin(found, money))
    report.sections.append(_shelves(found, inputs, money))
    return report


def _pages(found: Any, money: Money) -> Section:
    rows = [
        (
            page.name,
            f"{page.sessions:,}",
            page.orders,
            percent(page.rate, digits=2),
            percent(page.usual, digits=2),
            money.round(page.lost),
        )
        for page in found.pages[:LISTED]
    ]
    header = (_("Page"), _("Visits"), _("Orders"), _("Buy"), _("Elsewhere"), _("Missed"))
    intro = _("Surely below the rest of the shop; missed is what they would bring at its rate.")
    return Section(_("Weak pages"), intro, header, rows, frozenset({1, 2, 3, 4, 5}))


def _channels(found: Any, money: Money) -> Section:
    rows = [
        (
            change.name,
            f"{change.sessions:,}",
            percent(change.before, digits=2),
            percent(change.now, digits=2),
            money.round(change.lost),
        )
        for change in found.channels
    ]
    header = (_("From"), _("Visits"), _("Bought before"), _("Buy now"), _("Missed"))
    intro = _("Visitors from here buy less than in the period before, more than chance explains.")
    return Section(_("The way to the order"), intro, header, rows, frozenset({1, 2, 3, 4}))


def _thin(found: Any, money: Money) -> Section:
    ranked = sorted(found.thin, key=lambda page: (-page[2], page[0]))[:LISTED]
    rows = [(title, number, money.round(int(lost * 100))) for title, number, lost in ranked]
    header = (_("Product"), _("Words"), _("Missed on its page"))
    intro = _("A short description is the likeliest cause; a draft can write a better one.")
    return Section(_("Weak pages with little text"), intro, header, rows, frozenset({1, 2}))


def _shelves(found: Any, inputs: ConversionInputs, money: Money) -> Section:
    names = {
        "compare_at_price": (Area.COMPARE_AT_PRICES, _("Compare-at prices not above the price")),
        "title": (Area.TITLES, _("Titles in capitals or with stray signs")),
        "needs_image": (Area.IMAGES, _("Products without a picture")),
    }
    if not found.has_visits:
        names["description_html"] = (
            Area.PRODUCT_DESCRIPTIONS,
            _("Descriptions that say next to nothing"),
        )
    rows = [
        (label, f"{found.counts[kind]:,}", money.round(found.taken[kind]))
        for kind, (area, label) in names.items()
        if area in inputs.focus_areas and found.counts[kind]
    ]
    rows.sort(key=lambda row: -found.taken[_kind_of(row[0], names)])
    header = (_("On the shelves"), _("Found"), _("Sold there in 90 days"))
    intro = "" if rows else _("Nothing to report.")
    return Section(_("On the shelves"), intro, header, rows, frozenset({1, 2}))


def _kind_of(label: str, names: dict[str, tuple[Area, str]]) -> str:
    return next(kind for kind, (_area, text) in names.items() if text == label)
