"""The report of an audit: what was found, check by check, to be read on paper too."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workflows.types.base import Metric
from workflows.types.reports import Report, Section
from workflows.types.seo.inputs import CHECKS, Check


def audit_report(audit: Any, sentence: str, figures: Sequence[Metric]) -> Report:
    """``audit`` is the finished ``Audit``."""
    day = date_format(audit.store.today, "j F Y")
    report = Report(
        title=_("SEO audit"),
        subtitle=_("{shop}, {day}").format(shop=audit.shop or audit.store.tenant_id, day=day),
        effect=sentence,
        figures=[(metric.label, metric.display) for metric in figures],
        footer=_(
            "Made by Codex from the shop's data of {day}. Nothing has been changed yet."
        ).format(day=day),
        language=audit.store.locale,
    )
    for check in audit.inputs.checks:
        finding = audit.findings[check]
        header, numeric = HEADERS[check]
        more = finding.number - len(finding.rows)
        report.sections.append(
            Section(
                title=f"{_(CHECKS[check.value])}: {finding.number:,}",
                intro=str(INTROS[check]) if finding.number else _("Nothing to report."),
                header=[str(text) for text in header],
                rows=finding.rows,
                numeric=frozenset(numeric),
                more=_("And {n} more.").format(n=f"{more:,}") if more else "",
            )
        )
    return report


_PRODUCT, _FAULT = gettext_lazy("Product"), gettext_lazy("Fault")
_NOW, _BECOMES = gettext_lazy("Now"), gettext_lazy("Becomes")
HEADERS: dict[Check, tuple[tuple[Any, ...], tuple[int, ...]]] = {
    Check.TITLES: ((_PRODUCT, _FAULT, _NOW, _BECOMES), ()),
    Check.DESCRIPTIONS: ((_PRODUCT, _FAULT, _NOW, _BECOMES), ()),
    Check.ALT_TEXTS: ((_PRODUCT, gettext_lazy("Picture"), _BECOMES), (1,)),
    Check.THIN_PAGES: ((_PRODUCT, gettext_lazy("Words")), (1,)),
    Check.SLUGS: ((_PRODUCT, _FAULT, gettext_lazy("Address"), _BECOMES), ()),
    Check.SEARCHES: (
        (
            gettext_lazy("Search"),
            gettext_lazy("Page"),
            gettext_lazy("Shown"),
            gettext_lazy("Clicks"),
            gettext_lazy("Place"),
            gettext_lazy("Clicks missed"),
        ),
        (2, 3, 4, 5),
    ),
}
INTROS = {
    Check.TITLES: gettext_lazy("The line people click. It should be there, differ, and fit."),
    Check.DESCRIPTIONS: gettext_lazy("The two lines below it, which persuade or do not."),
    Check.ALT_TEXTS: gettext_lazy("Read out to people who cannot see a picture, and by search."),
    Check.THIN_PAGES: gettext_lazy("Pages with little on them are shown seldom."),
    Check.SLUGS: gettext_lazy("An address should say what the page is about."),
    Check.SEARCHES: gettext_lazy("Shown often, clicked seldom, for the place they have."),
}
