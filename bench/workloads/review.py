"""Create, submit, approve, through the services, each committed."""

import time
from collections.abc import Callable, Iterator

from django.db import connection, connections

from bench import seeds
from bench.measuring import Figures, Ratio, ratio
from bench.seeds import shops
from bench.sizes import Size
from core.ids import new_id
from core.scope import scope
from councils import queries as councils
from councils.services import create_council, decide, set_rules, submit_draft
from drafts.services import create_draft, preview_draft
from tenants.actors import Person
from tenants.models import Role
from tenants.services import people

NUMBER = 4
TITLE = "Create, submit and approve a draft"
TENANT = "tenant_bench"
INPUTS = {"max_step_percent": "5", "price_ending": "any"}
FLOOR = """
CREATE TABLE floor_drafts (
    id text PRIMARY KEY, tenant_id text NOT NULL, name text NOT NULL, purpose text NOT NULL,
    inputs jsonb NOT NULL, status text NOT NULL, created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ON floor_drafts (tenant_id, status, created_at DESC);
"""
INSERT = """
INSERT INTO floor_drafts (id, tenant_id, name, purpose, inputs, status)
VALUES (%s, %s, 'Prices', 'As the market does', '{"max_step_percent": "5"}', 'editing')
"""
MOVE = "UPDATE floor_drafts SET status = %s, updated_at = now() WHERE id = %s AND status = %s"


def measure(size: Size) -> Iterator[Ratio]:
    author, reviewer = _people()
    shops.make(TENANT, products=50)
    floor, cycle, queries = [], [], []
    with connections["owner"].cursor() as cursor:
        cursor.execute(FLOOR)
    try:
        for number in range(size.rounds // 2 + 3):
            bare = _raw()
            seconds, asked = _cycle(author, reviewer)
            if number >= 3:
                floor.append(bare)
                cycle.append(seconds)
                queries.append(asked)
    finally:
        seeds.run("DROP TABLE floor_drafts")
    figures = {"raw statements": Figures(tuple(floor)), "cycle": Figures(tuple(cycle))}
    yield ratio(4, "create, submit, approve", figures, "cycle", "raw statements", 12.0)
    most = max(queries)
    yield Ratio(4, "create, submit, approve: queries", most, 40, "", 0, 0, 0, unit=" queries")


def _people() -> tuple[Person, Person]:
    owner, author, reviewer = (seeds.person(name) for name in ("olivia", "eddie", "rita"))
    seeds.shop("Bench", owner, TENANT)
    actor = Person(user=owner, tenant_id=TENANT, role=Role.OWNER)
    people.add_member(tenant_id=TENANT, user=author, role=Role.EDITOR, actor=actor)
    people.add_member(tenant_id=TENANT, user=reviewer, role=Role.VIEWER, actor=actor)
    with scope(tenant_id=TENANT, user_id=actor.user_id):
        seat = {"name": "Prices", "needed": 1, "user_ids": [reviewer.pk]}
        council = create_council(tenant_id=TENANT, name="Council", actor=actor, seats=[seat])
        rule = {"name": "Everything", "council_id": council.pk}
        set_rules(tenant_id=TENANT, rules=[rule], actor=actor)
        seats = councils.council_ids_of(reviewer.pk, Role.VIEWER)
    judge = Person(user=reviewer, tenant_id=TENANT, role=Role.VIEWER, council_ids=seats)
    return Person(user=author, tenant_id=TENANT, role=Role.EDITOR), judge


def _raw() -> float:
    """An INSERT and two guarded UPDATEs, each committed."""
    began = time.perf_counter()
    draft_id = new_id("draft")
    with connections["owner"].cursor() as cursor:
        cursor.execute(INSERT, [draft_id, TENANT])
        cursor.execute(MOVE, ["pending_review", draft_id, "editing"])
        cursor.execute(MOVE, ["approved", draft_id, "pending_review"])
    return time.perf_counter() - began


def _cycle(author: Person, reviewer: Person) -> tuple[float, int]:
    """Seconds and queries; the preview between writing and submitting is not part of either."""
    asked = _Counter()
    made: list[str] = []

    def write() -> None:
        draft = create_draft(
            tenant_id=TENANT,
            workflow_type_id="pricing.dynamic_pricing",
            name="Prices",
            purpose="As the market does",
            inputs=INPUTS,
            actor=author,
        )
        made.append(draft.pk)

    spent = _timed(author, asked, write)
    with scope(tenant_id=TENANT, user_id=author.user_id):
        preview_draft(draft_id=made[0], actor=author)
    spent += _timed(author, asked, lambda: submit_draft(draft_id=made[0], actor=author))
    spent += _timed(
        reviewer,
        asked,
        lambda: decide(draft_id=made[0], verdict="approve", actor=reviewer, revision_number=1),
    )
    return spent, asked.count


def _timed(actor: Person, asked: "_Counter", move: Callable[[], object]) -> float:
    began = time.perf_counter()
    with (
        connection.execute_wrapper(asked),
        scope(tenant_id=TENANT, user_id=actor.user_id, council_ids=actor.council_ids),
    ):
        move()
    return time.perf_counter() - began


class _Counter:
    def __init__(self) -> None:
        self.count = 0
        self.said: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        self.said.append(sql)
        return execute(sql, params, many, context)
