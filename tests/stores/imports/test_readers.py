"""Readers: line numbers, numbers, dates, and that every row is accounted for."""

import csv
import io
import logging
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stores.imports import values
from stores.imports.errors import BadRow, Unreadable
from stores.imports.export import csv_lines, safe
from stores.imports.kinds import KINDS, detected
from stores.imports.table import sniffed
from tests.stores.files import (
    INVOICES,
    SHOPIFY_NEW,
    SHOPIFY_OLD,
    SHOPIFY_ORDERS,
    WOOCOMMERCE,
)
from tests.stores.imports.reading import accounted, read, refusals

logging.getLogger("hypothesis").setLevel(logging.ERROR)
FILES = {
    "shopify_products": SHOPIFY_OLD,
    "woocommerce_products": WOOCOMMERCE,
    "shopify_orders": SHOPIFY_ORDERS,
    "invoice_lines": INVOICES,
}


@pytest.mark.parametrize("kind", FILES)
def test_a_kind_is_known_by_its_columns(kind):
    header = next(csv.reader(io.StringIO(FILES[kind].lstrip("\ufeff"))))
    assert detected(header) == kind
    assert detected([name.upper() for name in header]) == kind
    assert detected(["colour", "weight"]) == ""


def test_both_dialects_are_one_kind():
    header = next(csv.reader(io.StringIO(SHOPIFY_NEW)))
    assert detected(header) == "shopify_products"


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ("a,b,c", ","),
        ("a;b;c", ";"),
        ("a\tb", "\t"),
        ("a|b|c", "|"),
        ('"a;b;c",d', ","),
        ("a", ","),
    ],
)
def test_the_delimiter_is_found_outside_quotes(header, delimiter):
    assert sniffed(header) == delimiter


def test_line_numbers_are_those_of_an_editor_even_after_cells_of_many_lines():
    text = 'Handle,Title,Body (HTML),Variant Price\n\na,A,"one\ntwo\nthree",1.00\nb,B,x,-1\n'
    _table, records = read(text)
    assert refusals(records) == {6: "“-1” is below zero."}


CELLS = st.one_of(
    st.sampled_from(
        ["", "a", "b", "1", "2.50", "-3", "1,99", "2011-11-01 08:26:00", "C9", "A7", "nan", "=1+1"]
    ),
    st.text(max_size=12),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(sorted(KINDS)),
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=12), max_size=12),
    known=st.lists(st.integers(min_value=0, max_value=9), max_size=6),
)
def test_every_row_read_is_kept_or_refused_with_its_line_and_reason(kind, rows, known):
    """Random rows between good ones: none is lost, none counted twice, nothing breaks."""
    text = FILES[kind].lstrip("\ufeff")
    header, *good = list(csv.reader(io.StringIO(text)))
    mixed = [good[number % len(good)] for number in known] + [
        (row + [""] * len(header))[: len(header)] if len(row) % 2 else row for row in rows
    ]
    buffer = io.StringIO()
    csv.writer(buffer).writerows([header, *mixed])
    data = buffer.getvalue().encode("utf-8", "surrogatepass")
    try:
        table, records = read(data, kind)
    except Unreadable:
        return  # as a whole, and nothing of it was read
    kept, refused = accounted(records)
    assert kept + refused == table.rows_read
    assert all(line > 1 and reason for line, reason in refusals(records).items())


@pytest.mark.parametrize(
    ("cell", "comma", "value"),
    [
        ("1234.5", False, "1234.5"),
        ("1,234.50", False, "1234.50"),
        ("£9.99", False, "9.99"),
        ("1.234,50", True, "1234.50"),
        ("9,9", True, "9.9"),
        ("1 234,50 €", True, "1234.50"),
        ("-3", False, "-3"),
    ],
)
def test_numbers(cell, comma, value):
    assert values.number(cell, comma=comma) == Decimal(value)


@pytest.mark.parametrize(
    ("cell", "comma"),
    [
        ("1,99", False),
        ("1.99", True),
        ("abc", False),
        ("1e5", False),
        ("NaN", False),
        ("٣", False),
        ("1,2345", False),
        ("", False),
        ("99999999999", False),
    ],
)
def test_what_is_not_plainly_a_number_is_refused(cell, comma):
    with pytest.raises(BadRow):
        values.number(cell, comma=comma)


@pytest.mark.parametrize(
    ("cells", "comma"),
    [(["1,99", "12,50"], True), (["1.99", "2,000.00"], False), (["5", ""], False), ([], False)],
)
def test_the_decimal_mark_is_learnt_from_the_file(cells, comma):
    assert values.uses_decimal_comma(cells) is comma


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2024-05-01 10:00:00 +0000", datetime(2024, 5, 1, 10, tzinfo=UTC)),
        ("2011-12-01 08:26:00", datetime(2011, 12, 1, 8, 26, tzinfo=UTC)),
        ("01/12/2011 08:26", datetime(2011, 12, 1, 8, 26, tzinfo=UTC)),
        ("1.12.2011", datetime(2011, 12, 1, tzinfo=UTC)),
    ],
)
def test_moments(cell, moment):
    assert values.moment(cell) == moment


@pytest.mark.parametrize("cell", ["", "soon", "2011-13-01", "0001-01-01", "2011-02-30 10:00:00"])
def test_what_is_no_date_is_refused(cell):
    with pytest.raises(BadRow):
        values.moment(cell)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_cells_that_leave_as_csv_are_never_formulas(cell):
    assert safe(cell) == f"'{cell}"
    assert list(csv_lines(["h"], [[cell]]))[1].startswith(("'", "\"'"))
