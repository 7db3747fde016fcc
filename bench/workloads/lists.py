"""``GET /api/drafts``: 50 of many, with an exact total, as owner, by token."""

import json
import time
from collections.abc import Iterator

from bench import seeds
from bench.calling import Caller
from bench.measuring import Ratio, in_turns, ratio
from bench.seeds import drafts
from bench.sizes import Size

NUMBER = 1
TITLE = "List a tenant's drafts by API"


def measure(size: Size) -> Iterator[Ratio]:
    """1: a page against a bare view, by CPU. 2: the last page, by cursor, against the first."""
    person = seeds.person("olivia")
    seeds.shop("Bench", person, "tenant_bench")
    drafts.make(person.pk, tenants=size.tenants, each=size.drafts_each, large=size.drafts_large)
    small = seeds.person("sam")
    seeds.shop("Small", small, "tenant_small")
    drafts.fill("tenant_small", small.pk, size.drafts_each)
    large = Caller(token=seeds.token_of(person, "tenant_bench"))
    little = Caller(token=seeds.token_of(small, "tenant_small"))
    page = "/api/drafts?limit=50"
    deep = f"{page}&cursor={_deep_cursor(large, size.drafts_large)}"
    cases = {
        "bare view": large.asking("/bare"),
        "page of a small tenant": little.asking(page),
        "page of the large tenant": large.asking(page),
        "page at depth": large.asking(deep),
    }
    cpu = in_turns(cases, rounds=size.rounds, clock=time.process_time)
    for name in ("page of a small tenant", "page of the large tenant"):
        yield ratio(1, f"{name}, CPU", cpu, name, "bare view", 6.0)
    wall = in_turns(cases, rounds=size.rounds)
    yield ratio(
        2, "page at depth by cursor", wall, "page at depth", "page of the large tenant", 1.1
    )


def _deep_cursor(caller: Caller, count: int) -> str:
    """The cursor of the page at nine tenths of the way, found by one jump with ``offset``."""
    place = int(count * 0.75 * 0.999) - 50
    found = json.loads(caller.get(f"/api/drafts?limit=1&offset={place}").body)
    return str(found["next"])
