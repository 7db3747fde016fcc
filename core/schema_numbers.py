"""Numbers as people type them in their own language, read and written without a float between."""

import re
from decimal import Decimal, InvalidOperation

from django.utils.formats import get_format

LONGEST = 400
SPACES = re.compile(r"[\s\u00a0\u202f'’]")


def read_number(text: str) -> Decimal:
    """``1,180.50`` in English, ``1.180,50`` or ``1180.5`` in German. Raises ``ValueError``."""
    bare = SPACES.sub("", text).replace("−", "-")
    if not bare or len(bare) > LONGEST:
        raise ValueError(text)
    try:
        number = Decimal(_with_point(bare))
    except InvalidOperation as wrong:
        raise ValueError(text) from wrong
    if not number.is_finite():
        raise ValueError(text)
    return number


def write_number(plain: str) -> str:
    """``1180.5`` with the reader's decimal sign, and no grouping to trip over."""
    return plain.replace(".", str(get_format("DECIMAL_SEPARATOR")))


def _with_point(bare: str) -> str:
    decimal = str(get_format("DECIMAL_SEPARATOR"))
    group = "." if decimal == "," else ","
    if re.fullmatch(
        rf"[-+]?\d{{1,3}}(?:{re.escape(group)}\d{{3}})+(?:{re.escape(decimal)}\d*)?", bare
    ):
        bare = bare.replace(group, "")
    elif decimal == "," and "," not in bare:
        return bare
    return bare.replace(decimal, ".")
