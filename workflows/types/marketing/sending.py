"""What campaigns share: when they go out, what they may bring, how their letters look in a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import sqrt
from statistics import NormalDist
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from stores.queries.catalogue import ProductChoice, ProductRow
from workflows.text.base import Facts, Letter
from workflows.text.choice import facts_of
from workflows.types.reports import Report, Section
from workflows.types.wording import Money

USUAL_HOUR = 10
CONFIDENCE = 0.9
SHOWN = 6


def tomorrow(store: Any) -> date:
    """After the real today, also where the shop's history ended long ago."""
    return max(store.today, store.local_today()) + timedelta(days=1)


def moment(store: Any, day: date, at: time) -> datetime:
    """A time of the shop's own day, in UTC."""
    return datetime.combine(day, at, ZoneInfo(str(store.timezone))).astimezone(UTC)


def sending_time(store: Any, wanted: time | None) -> time:
    if wanted is not None:
        return wanted
    hours = store.sending_hours(zone=str(store.timezone))
    return time(hours[0] if hours else USUAL_HOUR)


def featured(store: Any, focus: Sequence[str], most: int = SHOWN * 5) -> list[ProductRow]:
    """Best sellers in focus, those with a picture first."""
    ids = store.best_sellers(day=store.today, most=most, focus=focus)
    if not ids:
        return []
    rows = {row.id: row for row in store.product_rows(chosen=ProductChoice(product_ids=ids))}
    found = [rows[id_] for id_ in ids if id_ in rows]
    return sorted(found, key=lambda row: row.pictures == 0)


def facts(rows: Sequence[ProductRow]) -> list[Facts]:
    return [facts_of(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Expected:
    """Orders and money a letter to ``recipients`` may bring, from what past letters brought."""

    low: int
    high: int
    money_low: int
    money_high: int


def expected(record: Any, recipients: int) -> Expected | None:
    """None while there is no past to go by. Wilson interval over orders per recipient."""
    if record.recipients < 100 or not record.orders:
        return None
    low, high = wilson(record.orders, record.recipients)
    each = record.revenue * 100 / record.orders
    orders_low, orders_high = int(low * recipients), int(high * recipients) + 1
    return Expected(orders_low, orders_high, int(orders_low * each), int(orders_high * each))


def wilson(successes: int, trials: int) -> tuple[float, float]:
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    whole = 1 + z * z / trials
    return (centre - spread) / whole, (centre + spread) / whole


def letters_file(title: str, store: Any, letters: Sequence[tuple[str, str, Letter]]) -> Report:
    """Letters to read and print: (to whom, when, letter)."""
    report = Report(title=title, subtitle=str(store.profile().name), language=store.locale)
    for to_whom, when, letter in letters:
        lines = [(_("Subject"), letter.subject), (_("Preview"), letter.preheader)]
        report.sections.append(
            Section(f"{to_whom}, {when}", "", ("", ""), lines, letter=letter.html)
        )
    report.footer = _("Drafts of letters. Nothing has been sent.")
    return report


def shown_day(when: datetime, store: Any) -> str:
    return date_format(when.astimezone(ZoneInfo(str(store.timezone))), "j F, H:i")


def money_range(low: int, high: int, money: Money) -> str:
    return f"{money.round(low)} – {money.round(high)}"


def hundredths(amount: Decimal) -> int:
    return int((amount * 100).to_integral_value())
