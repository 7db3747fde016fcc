"""Plan, apply, undo: one price rule over a whole catalogue."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db import connections

from bench import seeds
from bench.measuring import Figures, Ratio, in_turns, ratio
from bench.seeds import shops
from bench.sizes import Size
from core.scope import scope
from tenants.actors import Person
from tenants.models import User
from workflows.models import Plan
from workflows.services import (
    create_workflow,
    make_plan,
    run_workflow,
    start_workflow,
    undo_workflow,
)

NUMBER = 5
TITLE = "Plan, apply and undo a price rule over a catalogue"
TENANT = "tenant_bench"
INPUTS = {"max_step_percent": "20", "price_ending": "any"}

# What any planner has to do at least: read the columns, and write as many rows of that kind.
FLOOR_READ = """
COPY (SELECT v.id, v.price, v.cost, v.sku, p.title, m.price FROM stores_variant v
      JOIN stores_product p ON p.tenant_id = v.tenant_id AND p.id = v.product_id
      JOIN stores_marketprice m ON m.tenant_id = v.tenant_id AND m.variant_id = v.id
      WHERE v.tenant_id = 'tenant_bench') TO STDOUT
"""
FLOOR_TABLE = "CREATE TABLE floor_changes (LIKE workflow_planned_changes INCLUDING ALL)"
FLOOR_ROWS = "COPY (SELECT * FROM workflow_planned_changes WHERE plan_id = '{plan}') TO STDOUT"
FLOOR_WRITE = "COPY floor_changes FROM STDIN"
FLOOR_UPDATE = "UPDATE stores_variant SET price = price + %s, updated_at = now() WHERE tenant_id = %s AND id = ANY(%s)"


def measure(size: Size) -> Iterator[Ratio]:
    person = seeds.person("olivia")
    seeds.shop("Bench", person, TENANT)
    shops.make(TENANT, products=size.products)
    actor = Person(user=person, tenant_id=TENANT, role="owner")
    yield from _planning(actor, size)
    yield from _memory(person, size)
    yield from _running(actor, size)


def _planning(actor: Person, size: Size) -> Iterator[Ratio]:
    plan = _plan(actor)
    rows = _rows_of(plan)
    cases = {"SELECT and COPY": lambda: _floor(rows), "plan": lambda: _plan(actor)}
    figures = in_turns(cases, rounds=size.long_rounds, warm=1)
    note = f"{plan.change_count:,} changes of {size.products:,} products, stored and hashed"
    yield ratio(5, "plan of a catalogue", figures, "plan", "SELECT and COPY", 3.0, note=note)


def _plan(actor: Person) -> Plan:
    with scope(tenant_id=TENANT, user_id=actor.user_id):
        return make_plan(
            tenant_id=TENANT,
            workflow_type_id="pricing.dynamic_pricing",
            inputs=INPUTS,
            draft_id=None,
            seed="bench",
            actor=actor,
        )


def _rows_of(plan: Plan) -> bytes:
    rows = FLOOR_ROWS.format(plan=plan.pk)
    with connections["owner"].cursor() as cursor, cursor.copy(rows) as copy:
        return b"".join(copy)


def _floor(rows: bytes) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(FLOOR_TABLE)
        with cursor.copy(FLOOR_READ) as copy:
            for _block in copy:
                pass
        with cursor.copy(FLOOR_WRITE) as copy:
            copy.write(rows)
        cursor.execute("DROP TABLE floor_changes")


def _memory(person: User, size: Size) -> Iterator[Ratio]:
    """Peak memory of a process that plans a tenth of the catalogue, and of one that plans all."""
    seeds.shop("Tenth", person, "tenant_tenth")
    shops.make("tenant_tenth", products=size.products // 10)
    small, whole = _peak("tenant_tenth", person.pk), _peak(TENANT, person.pk)
    yield Ratio(
        workload=5,
        name="peak memory of a plan, ten times the products",
        value=whole / small,
        at_most=1.25,
        floor="a tenth of the products",
        floor_ms=small,
        case_ms=whole,
        case_p95_ms=whole,
        note="megabytes in place of milliseconds",
    )


def _peak(tenant_id: str, person_id: str) -> float:
    command = [sys.executable, "-m", "bench.one_plan", tenant_id, person_id]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout.splitlines()[-1])


def _running(actor: Person, size: Size) -> Iterator[Ratio]:
    with scope(tenant_id=TENANT):
        ids = _targets(_plan(actor))
    applied, undone, floor = [], [], []
    for number in range(size.long_rounds + 1):
        pair = in_turns({"UPDATE": lambda: _update(ids)}, rounds=1, warm=0)
        shops.touch(TENANT)
        run = _committed_run(actor)
        done = in_turns({"apply": lambda run=run: _work(run)}, rounds=1, warm=0)
        with scope(tenant_id=TENANT, user_id=actor.user_id):
            undo_workflow(workflow_id=run, actor=actor)
        back = in_turns({"undo": lambda run=run: _work(run)}, rounds=1, warm=0)
        if number:
            floor.append(pair["UPDATE"].median)
            applied.append(done["apply"].median)
            undone.append(back["undo"].median)
    figures = {
        "UPDATE": Figures(tuple(floor)),
        "apply": Figures(tuple(applied)),
        "undo": Figures(tuple(undone)),
    }
    for name in ("apply", "undo"):
        yield ratio(6, f"{name}, each change recorded", figures, name, "UPDATE", 3.0)


def _targets(plan: Plan) -> list[int]:
    rows = plan.changes.filter(entity="variant").values_list("target_id", flat=True)
    return [int(target) for target in rows]


def _update(ids: list[int]) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(FLOOR_UPDATE, ["0.01", TENANT, ids])


def _committed_run(actor: Person) -> str:
    plan = _plan(actor)
    with scope(tenant_id=TENANT, user_id=actor.user_id):
        run = create_workflow(
            plan=plan,
            name="Bench",
            inputs=INPUTS,
            draft_id=None,
            actor=actor,
            agent="direct",
            auto_execute=False,
        )
        start_workflow(workflow_id=run.pk, actor=actor)
    return run.pk


def _work(workflow_id: str) -> None:
    run_workflow(tenant_id=TENANT, workflow_id=workflow_id)


def peak_megabytes() -> float:
    """Of this program alone; what it was started from is not counted."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
