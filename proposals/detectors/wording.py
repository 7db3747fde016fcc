"""Figures as the shop's language writes them; detectors are asked with it switched on."""

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from django.utils.translation import get_language, to_locale

from core.money import format_money, quantize
from proposals.statistics.intervals import Interval


def _locale() -> str:
    return to_locale(get_language() or "en-gb")


def percent(share: float, digits: int | None = None) -> str:
    """``22%``; small shares keep a digit (``0.6%``)."""
    if digits is None:
        digits = 0 if abs(share) >= 0.0995 else 1
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
    return format_percent(share, format=pattern, locale=_locale())


def count(number: float) -> str:
    return format_decimal(round(number), locale=_locale())


def decimal(number: float, digits: int = 1) -> str:
    return format_decimal(round(number, digits), locale=_locale())


def money(amount: float, currency: str) -> str:
    """Without pennies where they would be noise."""
    exact = quantize(Decimal(str(round(amount, 2))), currency)
    text = format_money(exact, currency)
    if abs(exact) < 100:
        return text
    return format_money(exact.to_integral_value(), currency).removesuffix(".00").removesuffix(",00")


def day(value: date) -> str:
    """``27 November``; with its year when that is not obvious, see ``full_day``."""
    return format_date(value, "d MMMM", locale=_locale())


def full_day(value: date) -> str:
    return format_date(value, "d MMMM yyyy", locale=_locale())


def percent_range(interval: Interval, digits: int | None = None) -> tuple[str, str]:
    return percent(interval.low, digits), percent(interval.high, digits)


def moved(share: float) -> str:
    """``+12%``, ``-7%``."""
    return format_percent(share, format="+#,##0%;-#,##0%", locale=_locale())
