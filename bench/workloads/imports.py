"""An export of order lines into a shop, against COPY of the same file into a bare table."""

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connections

from bench import seeds
from bench.measuring import Figures, Ratio, ratio
from bench.sizes import Size

NUMBER = 8
TITLE = "Import of order lines"
TENANT = "tenant_bench"
HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
BARE = """
CREATE TABLE floor_lines (invoice text, sku text, title text, quantity int, at timestamp,
                          price numeric, customer text, country text)
"""
COPY = "COPY floor_lines FROM STDIN WITH (FORMAT csv, HEADER true)"


def measure(size: Size) -> Iterator[Ratio]:
    person = seeds.person("olivia")
    floor, imported, peaks = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "orders.csv"
        _write(file, size.order_lines)
        for number in range(size.long_rounds):
            tenant_id = seeds.shop(f"Shop {number}", person, f"{TENANT}_{number}")
            floor.append(_copy(file))
            seconds, peak = _import(tenant_id, file)
            imported.append(seconds)
            peaks.append(peak)
    figures = {"COPY": Figures(tuple(floor)), "import": Figures(tuple(imported))}
    note = f"{size.order_lines:,} lines"
    yield ratio(8, "import of order lines", figures, "import", "COPY", 6.0, note=note)
    yield Ratio(8, "import: peak memory", max(peaks), 300, "", 0, 0, 0, unit=" MB")


def _write(file: Path, count: int) -> None:
    """Lines as a retailer's system writes them: baskets of twenty, four thousand goods."""
    chance = random.Random(8)
    goods = [
        (f"{10_000 + n}", f"THING NUMBER {n} OF TIN", chance.randrange(50, 2_000))
        for n in range(4_000)
    ]
    began = datetime(2025, 12, 1, 8, 0, tzinfo=UTC)
    with file.open("w") as out:
        out.write(HEAD)
        for number in range(count):
            invoice = 536_000 + number // 20
            at = began + timedelta(minutes=(number // 20) * 18)
            sku, title, pence = chance.choice(goods)
            out.write(
                f"{invoice},{sku},{title},{chance.randrange(1, 24)},{at:%Y-%m-%d %H:%M:%S},"
                f"{pence / 100:.2f},{12_000 + invoice % 4_000}.0,United Kingdom\n"
            )


def _copy(file: Path) -> float:
    with connections["owner"].cursor() as cursor:
        cursor.execute(BARE)
        began = time.perf_counter()
        with file.open("rb") as source, cursor.copy(COPY) as copy:
            while block := source.read(1 << 16):
                copy.write(block)
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE floor_lines")
    return seconds


def _import(tenant_id: str, file: Path) -> tuple[float, float]:
    """Seconds of the import alone and peak megabytes, of a process of its own."""
    command = [sys.executable, "-m", "bench.one_import", tenant_id, str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, peak = done.stdout.split()[-2:]
    return float(seconds), float(peak)
