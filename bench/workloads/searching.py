"""Search by text among many rows of many tenants, against the same without row-level security."""

from collections.abc import Iterator

from bench import seeds
from bench.calling import Caller
from bench.measuring import Figures, Ratio, in_turns, ratio
from bench.policies import no_policies
from bench.seeds import drafts, shops
from bench.sizes import Size

NUMBER = 3
TITLE = "Search under row-level security"
ASKED = {
    "drafts": "/api/drafts?limit=50&q=asked+3f2",
    "products": "/api/store/products?limit=50&q=Thing+77",
    "templates": "/api/templates?limit=50&q=social",
}
WITHOUT = "{} without policies"


def measure(size: Size) -> Iterator[Ratio]:
    person = seeds.person("olivia")
    seeds.shop("Bench", person, "tenant_bench")
    drafts.make(person.pk, tenants=size.tenants, each=size.drafts_each, large=size.drafts_large)
    shops.make("tenant_bench", products=size.products)
    caller = Caller(token=seeds.token_of(person, "tenant_bench"))
    asking = {name: caller.asking(address) for name, address in ASKED.items()}
    found: dict[str, list[float]] = {}
    for _block in range(4):
        _add(found, in_turns(asking, rounds=max(size.rounds // 20, 3), warm=1), "{}")
        with no_policies():
            _add(found, in_turns(asking, rounds=max(size.rounds // 20, 3), warm=1), WITHOUT)
    figures = {name: Figures(tuple(seconds)) for name, seconds in found.items()}
    for name in ASKED:
        yield ratio(3, f"search {name}", figures, name, WITHOUT.format(name), 1.3)


def _add(found: dict[str, list[float]], block: dict[str, Figures], name: str) -> None:
    for one, figures in block.items():
        found.setdefault(name.format(one), []).extend(figures.seconds)
