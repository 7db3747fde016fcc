"""Numbers as people read them in sentences, notes and metrics."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils.translation import get_language, ngettext

from core.money import format_money

MINUS = "−"


class Money:
    """Shows amounts given in hundredths. One instance per plan: the pattern is looked up once."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        sample = format_money(Decimal("1234.56"), currency)
        self._plain = (get_language() or "en").startswith("en") and "1,234.56" in sample
        self._before, _, self._after = sample.partition("1,234.56")

    def __call__(self, hundredths: int) -> str:
        if not self._plain:
            return format_money(Decimal(hundredths) / 100, self.currency).replace("-", MINUS)
        whole, rest = divmod(abs(hundredths), 100)
        sign = MINUS if hundredths < 0 else ""
        return f"{sign}{self._before}{whole:,}.{rest:02d}{self._after}"

    def round(self, hundredths: int) -> str:
        """Without the pence, for sums: £1,180."""
        text = self(_rounded(Decimal(hundredths) / 100) * 100)
        return text.replace(".00", "", 1) if self._plain else text


def _rounded(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def percent(value: Decimal, *, signed: bool = False, digits: int = 1) -> str:
    """Decimal("-1.84") → −1.8%"""
    shown = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    if shown == 0:
        return f"{abs(shown)}%"
    sign = MINUS if shown < 0 else "+" if signed else ""
    return f"{sign}{abs(shown)}%"


@lru_cache(maxsize=4096)
def tenths(thousandths: int) -> str:
    """A share in thousandths, signed, as a percentage: −63 → −6.3%. Fast, for every row."""
    whole, rest = divmod(abs(thousandths), 10)
    return f"{MINUS if thousandths < 0 else '+'}{whole}.{rest}%"


@lru_cache(maxsize=16_384)
def decimal(hundredths: int | None) -> str | None:
    """An amount in hundredths as the shop stores it: 2250 → "22.50". Fast, for every row."""
    if hundredths is None:
        return None
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def count(number: int, one: str, many: str) -> str:
    """``count(3, "{n} price", "{n} prices")``, in the reader's language."""
    return ngettext(one, many, number).format(n=f"{number:,}")
