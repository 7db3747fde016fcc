"""Amounts are ``Decimal`` in a currency; this is how they are rounded and shown."""

from decimal import ROUND_HALF_UP, Decimal

from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision
from django.utils.translation import get_language, to_locale


def minor_digits(currency: str) -> int:
    """Digits after the point: 2 for GBP, 0 for JPY."""
    return get_currency_precision(currency)


def quantize(amount: Decimal, currency: str) -> Decimal:
    """Rounded half up to the currency's smallest coin."""
    return amount.quantize(Decimal(1).scaleb(-minor_digits(currency)), rounding=ROUND_HALF_UP)


def format_money(amount: Decimal, currency: str) -> str:
    """As the reader's language writes it, e.g. ``£1,180.00``."""
    return format_currency(amount, currency, locale=to_locale(get_language() or "en-gb"))


def is_currency(code: str) -> bool:
    return code in get_global("all_currencies")
