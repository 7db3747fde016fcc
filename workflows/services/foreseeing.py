"""The plan as it would be once earlier plans have run: tried out on copies, never on the shop.

Each earlier plan is played as the engine would run it: checked first, and left out whole when
the shop it meets has moved. Then the type plans on what is there. What it says is carried out of
the copies into a plan that is marked: the database lets nobody submit, approve or run it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from core.actors import Actor
from core.canonical import canonical_json
from core.ids import new_id
from stores.gateways import gateway_for
from stores.shadows import shadowed
from workflows.engine.batch import planned
from workflows.models import Plan
from workflows.planning.clashes import fields_of
from workflows.planning.files import IN_MEMORY, PART
from workflows.planning.sink import CopySink
from workflows.planning.staging import Staging
from workflows.services.plans import begin_plan, run_type, store_or_fail
from workflows.states import Kind


@dataclass(frozen=True, slots=True)
class Step:
    """One earlier plan, from the change it has come to; ``facts`` are for people."""

    plan: Plan
    done: int
    facts: Mapping[str, Any]


@transaction.atomic
def foresee_plan(
    *,
    steps: Sequence[Step],
    tenant_id: str,
    workflow_type_id: str,
    inputs: Mapping[str, Any],
    draft_id: str | None,
    seed: str,
    actor: Actor,
) -> Plan:
    """``make_plan`` on the shop as it would be after ``steps``, in their order."""
    begun = begin_plan(tenant_id, workflow_type_id, inputs, draft_id, seed, actor)
    plan, kind, parsed, store = begun
    with _carrying() as (staging, kept):
        sink = CopySink(staging, seed)
        with closing(sink):
            with shadowed(_entities(steps)):
                played = [_play(step) for step in steps]
                run_type(kind, store, parsed, sink)
                for part in staging.carry_out():
                    kept.write(part)
            _bring_back(staging, kept)
            plan.what_if = {"steps": played}
            # Its fingerprint covers what came before, so that it is nobody else's.
            sink.blocks.finished().append(hashlib.sha256(canonical_json(played)).hexdigest())
            store_or_fail(plan, kind, sink, store)
    return plan


@contextmanager
def _carrying() -> Iterator[tuple[Staging, IO[bytes]]]:
    staging = Staging(new_id("plan"))
    staging.make()
    with SpooledTemporaryFile(IN_MEMORY) as kept:
        yield staging, kept
    staging.drop()


def _bring_back(staging: Staging, kept: IO[bytes]) -> None:
    kept.seek(0)
    staging.copy_all(iter(lambda: kept.read(PART), b""))


def _entities(steps: Sequence[Step]) -> set[str]:
    return {entity for step in steps for entity, _field in fields_of(step.plan)}


def _play(step: Step) -> dict[str, Any]:
    """What the engine would do with it: nothing at all where the shop has moved."""
    plan, first, last = step.plan, step.done + 1, step.plan.change_count
    gateway = gateway_for(plan.tenant_id)
    told = {**step.facts, "plan_id": plan.pk, "changes": last - step.done}
    sets = planned(plan.pk, first, last)
    moved = gateway.drift(sets) if step.done == 0 else []
    if moved:
        return told | {"outcome": "stops", "moved": len(moved), "applied": 0}
    skipped = sum(_play_chunk(plan, start, last) for start in range(first, last + 1, _size()))
    return told | {"outcome": "runs", "moved": 0, "applied": last - step.done - skipped}


def _size() -> int:
    return settings.CODEX_CHUNK_SIZE


def _play_chunk(plan: Plan, start: int, last: int) -> int:
    """New rows first, as the engine does; how many changes the shop did not take."""
    gateway = gateway_for(plan.tenant_id)
    end = min(start + _size() - 1, last)
    made = gateway.create(planned(plan.pk, start, end, Kind.CREATE), created_by=plan.pk)
    return len(made) + len(gateway.write(planned(plan.pk, start, end)))
