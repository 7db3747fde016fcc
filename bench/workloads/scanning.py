"""The proposer over many shops, against reading the tables it reads once, in order."""

import time
from collections.abc import Iterator

from django.db import connections

from bench import seeds
from bench.measuring import Figures, Ratio, ratio
from bench.seeds import history
from bench.sizes import Size
from bench.workloads.plans import peak_megabytes
from proposals.services import propose_for_tenants

NUMBER = 7
TITLE = "The proposer over many shops"
BATCH = 100


def measure(size: Size) -> Iterator[Ratio]:
    person = seeds.person("olivia")
    seeds.shop("Bench", person, "tenant_bench")
    rows = history.make(tenants=size.scan_tenants, days=size.scan_days)
    floor = [_read_once() for _round in range(3)]
    before = peak_megabytes()
    began = time.perf_counter()
    for first in range(1, size.scan_tenants + 1, BATCH):
        last = min(first + BATCH, size.scan_tenants + 1)
        propose_for_tenants(tenant_ids=[f"tenant_bench_{n}" for n in range(first, last)])
    spent = time.perf_counter() - began
    figures = {"serial read": Figures(tuple(floor)), "all detectors": Figures((spent,))}
    note = f"{rows:,} rows of {size.scan_tenants:,} shops"
    yield ratio(7, "all detectors", figures, "all detectors", "serial read", 8.0, note=note)
    each = spent / size.scan_tenants * 1000
    yield Ratio(7, "a shop", each, 1.0, "", 0, each, each, unit=" ms")
    grown = peak_megabytes() - before
    yield Ratio(7, "growth of memory over all shops", grown, 64, "", 0, 0, 0, unit=" MB")


def _read_once() -> float:
    began = time.perf_counter()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        for table in history.TABLES:
            cursor.execute(f"SELECT sum(hashtext(t::text)) FROM {table} t")
    return time.perf_counter() - began
