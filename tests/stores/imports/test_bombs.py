"""Files made to hurt: each is stopped while it streams, with a reason, in little memory."""

import gzip
import io
import time
import tracemalloc
import zipfile
import zlib
from collections import deque

import pytest

from stores.imports.errors import Unreadable
from stores.imports.limits import MIB, Limits
from stores.imports.table import Table
from tests.stores.files import INVOICES
from tests.stores.imports.reading import accounted, read, refusals

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
ROW = "1,A,Star,1,2011-11-01 08:26:00,2.50,,UK\n"


class Zeros(io.RawIOBase):
    """A gigabyte of zeros, packed, made as it is read."""

    def __init__(self, size: int) -> None:
        self.left, self.packer, self.buffer = size, zlib.compressobj(wbits=31), b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self.buffer) < size and self.packer is not None:
            if self.left:
                step = min(self.left, MIB)
                self.buffer += self.packer.compress(bytes(step))
                self.left -= step
            else:
                self.buffer += self.packer.flush()
                self.packer = None
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken


def _drained(data, limits):
    if isinstance(data, (str, bytes)):
        read(data, "invoice_lines", limits)
    else:
        deque(Table(data, limits), maxlen=0)


def stopped(data, limits=None):
    """The reason and line a file is stopped with; memory and time stay small."""
    tracemalloc.start()
    began = time.monotonic()
    try:
        with pytest.raises(Unreadable) as caught:
            _drained(data, limits or Limits())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 60 * MIB
    assert time.monotonic() - began < 60
    return caught.value.reason, caught.value.line


def test_a_gigabyte_of_zeros_packed():
    reason, _line = stopped(Zeros(1024 * MIB))
    assert reason == "This line is too long to be a row."


def test_a_gigabyte_of_zeros_after_a_good_header():
    packed = gzip.compress((HEADER + ROW).encode() + bytes(64 * MIB))
    assert stopped(packed) == ("This line is too long to be a row.", 3)


def test_more_than_the_limit_unpacked():
    limits = Limits(unpacked=1 * MIB)
    packed = gzip.compress((HEADER + ROW * 40_000).encode())
    assert stopped(packed, limits)[0] == "The file holds more than 1 MB."


def test_one_cell_of_a_hundred_megabytes():
    assert stopped(HEADER + '1,A,"' + "x" * (20 * MIB)) == (
        "This line is too long to be a row.",
        2,
    )


def test_a_cell_that_grows_line_by_line_because_a_quote_is_never_closed():
    assert stopped(HEADER + '1,A,"' + "x\n" * (2 * MIB)) == (
        "A cell is too large, or a quotation mark opened here is never closed.",
        2,
    )


def test_a_million_columns():
    assert stopped("a," * 1_000_000) == ("More than 1000 columns.", 1)
    assert stopped("a," * 3_000_000) == ("This line is too long to be a row.", 1)


def test_a_row_of_a_million_cells_is_refused_and_the_rest_kept():
    table, records = read(HEADER + "," * 900_000 + "\n" + ROW)
    assert refusals(records) == {2: "The row has 900001 cells, the header has 8."}
    assert accounted(records) == (1, 1)
    assert table.rows_read == 2


def test_more_rows_than_the_limit():
    assert stopped(HEADER + ROW * 12, Limits(rows=10)) == ("More than 10 rows.", 12)


def test_nul_bytes_refuse_their_row():
    _table, records = read(HEADER + "1,A,St\0ar,1,2011-11-01 08:26:00,2.50,,UK\n" + ROW)
    assert refusals(records) == {2: "The row holds a NUL byte."}
    assert accounted(records) == (1, 1)


def test_bytes_that_are_no_text_refuse_their_row():
    far = (HEADER + ROW * 20_000).encode() + "1,A,Caf\xe9,1,2011-11-01,2,,\n".encode("latin-1")
    _table, records = read(far)
    assert refusals(records) == {
        20_002: "The row is not UTF-8 text. Save the file as UTF-8 and send it again."
    }
    assert accounted(records) == (20_000, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_that_spreadsheets_write(encoding):
    data = (HEADER + "1,A,Café £,1,2011-11-01 08:26:00,2.50,,UK\n").encode(encoding)
    _table, records = read(data)
    assert records[0].lines[0][3] == "Café £"


def test_a_file_packed_only_in_part():
    packed = gzip.compress((HEADER + ROW * 20_000).encode())
    reason, line = stopped(packed[: len(packed) // 2])
    assert reason == "The file ends in the middle: it was not sent or packed completely."
    assert line > 1


def test_a_damaged_packed_file():
    packed = bytearray(gzip.compress((HEADER + ROW * 20_000).encode(), mtime=0))
    packed[-8:-4] = b"\0\0\0\0"
    assert stopped(bytes(packed))[0] == "The packed file is damaged."


def test_a_file_packed_twice():
    assert stopped(gzip.compress(gzip.compress(INVOICES.encode())))[0] == (
        "The file is packed twice."
    )


def test_a_zip_file():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", INVOICES)
    assert stopped(buffer.getvalue())[0] == (
        "This is a zip file. Unpack it and send the CSV inside."
    )


@pytest.mark.parametrize("data", [b"", b"\n\n  \n", gzip.compress(b"")])
def test_nothing_at_all(data):
    assert stopped(data)[0] in ("The file is empty.", "The file has no header.")


def test_a_file_cut_off_in_a_row_refuses_that_row():
    _table, records = read(HEADER + ROW + "2,B,Bird,1,2011-11")
    assert refusals(records) == {3: "The row has 5 cells, the header has 8."}
