"""Pages of the portal with fifty rows: CPU against a bare view, and what they weigh."""

import time
from collections.abc import Iterator

from django.conf import settings
from django.test import Client

from bench.calling import Caller
from bench.measuring import Ratio, in_turns, ratio
from bench.seeds import shops
from bench.sizes import Size
from bench.workloads import review
from core.scope import scope
from councils.services import submit_draft
from drafts.services import create_draft, preview_draft
from tenants.actors import Person
from tenants.models import User

NUMBER = 10
TITLE = "Portal pages"
ROWS = 50
LISTS = {"drafts": "/portal/workflows/drafts", "queue": "/portal/reviews"}


def measure(size: Size) -> Iterator[Ratio]:
    author, reviewer = review._people()
    shops.make(review.TENANT, products=50)
    drafts = [_submitted(author) for _number in range(ROWS)]
    open_draft = _written(author)
    callers = {"author": _signed_in(author.user), "reviewer": _signed_in(reviewer.user)}
    asked = {
        "home": (callers["author"], "/portal/"),
        "drafts": (callers["author"], LISTS["drafts"]),
        "queue": (callers["reviewer"], LISTS["queue"]),
        "decision": (callers["reviewer"], f"/portal/workflows/drafts/{drafts[0]}"),
        "editor": (callers["author"], f"/portal/workflows/drafts/{open_draft}"),
    }
    cases = {name: caller.asking(address) for name, (caller, address) in asked.items()}
    cases["bare view"] = callers["author"].asking("/bare")
    cpu = in_turns(cases, rounds=max(size.rounds // 4, 15), clock=time.process_time)
    for name, (caller, address) in asked.items():
        weight = caller.get(address).compressed
        note = f"{weight / 1024:.1f} KB compressed"
        yield ratio(10, f"{name}, CPU", cpu, name, "bare view", 10.0, note=note)
    for name, address in LISTS.items():
        weight = asked[name][0].get(address).compressed / 1024
        yield Ratio(10, f"{name}: weight", weight, 6.0, "", 0, 0, 0, unit=" KB")


def _signed_in(user: User) -> Caller:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = settings.SESSION_COOKIE_NAME
    return Caller(cookie=f"{name}={client.cookies[name].value}")


def _written(author: Person) -> str:
    with scope(tenant_id=review.TENANT, user_id=author.user_id):
        draft = create_draft(
            tenant_id=review.TENANT,
            workflow_type_id="pricing.dynamic_pricing",
            name="Prices as the market does",
            purpose="Follow rivals within our margin",
            inputs=review.INPUTS,
            actor=author,
        )
        preview_draft(draft_id=draft.pk, actor=author)
    return draft.pk


def _submitted(author: Person) -> str:
    draft_id = _written(author)
    with scope(tenant_id=review.TENANT, user_id=author.user_id):
        submit_draft(draft_id=draft_id, actor=author)
    return draft_id
