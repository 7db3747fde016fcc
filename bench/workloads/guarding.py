"""What row-level security and the audit cost: the same requests and writes without them."""

import time
from collections.abc import Iterator
from unittest import mock

from bench import seeds
from bench.calling import Caller
from bench.measuring import Figures, Ratio, in_turns, ratio
from bench.policies import no_policies
from bench.seeds import drafts
from bench.sizes import Size
from core.scope import scope
from drafts.services import create_draft, edit_draft
from tenants.actors import Person

NUMBER = 11
TITLE = "Row-level security and audit"
TENANT = "tenant_bench"
PAGE = "/api/drafts?limit=50"


def measure(size: Size) -> Iterator[Ratio]:
    person = seeds.person("olivia")
    seeds.shop("Bench", person, TENANT)
    drafts.make(person.pk, tenants=0, each=0, large=size.drafts_each)
    yield from _policies(Caller(token=seeds.token_of(person, TENANT)), size)
    yield from _audit(Person(user=person, tenant_id=TENANT, role="owner"), size)


def _policies(caller: Caller, size: Size) -> Iterator[Ratio]:
    """Blocks in turns: switching the policies takes longer than a request."""
    ruled: list[float] = []
    exempt: list[float] = []
    asking = {"page": caller.asking(PAGE)}
    for _block in range(6):
        rounds = max(size.rounds // 6, 5)
        ruled += in_turns(asking, rounds=rounds, clock=time.process_time)["page"].seconds
        with no_policies():
            exempt += in_turns(asking, rounds=rounds, clock=time.process_time)["page"].seconds
    figures = {"page": Figures(tuple(ruled)), "no policies": Figures(tuple(exempt))}
    yield ratio(11, "a page under row-level security, CPU", figures, "page", "no policies", 1.2)


def _audit(actor: Person, size: Size) -> Iterator[Ratio]:
    draft_id = _draft(actor)
    count = [0]

    def edit() -> None:
        count[0] += 1
        with scope(tenant_id=TENANT, user_id=actor.user_id):
            edit_draft(draft_id=draft_id, actor=actor, name=f"Name {count[0]}")

    def unaudited() -> None:
        with mock.patch("core.lifecycle.Event.objects.create"):
            edit()

    cases = {"edit": edit, "edit without audit": unaudited}
    figures = in_turns(cases, rounds=size.rounds)
    yield ratio(11, "audit of a write", figures, "edit", "edit without audit", 1.2)


def _draft(actor: Person) -> str:
    with scope(tenant_id=TENANT, user_id=actor.user_id):
        draft = create_draft(
            tenant_id=TENANT,
            workflow_type_id="pricing.dynamic_pricing",
            name="Name 0",
            purpose="",
            inputs={},
            actor=actor,
        )
    return draft.pk
