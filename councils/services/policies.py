"""The policy in force, written down whenever it is found to have changed."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.actors import Actor, SystemActor
from core.scope import current_scope
from councils import queries
from councils.models import PolicyVersion
from councils.policy import council_story, rule_story
from tenants.models import Membership, User
from workflows.models import LimitSet
from workflows.models.limits import LIMITS

# Whoever changed it did so past our services: staff in the admin, or another floor.
NOTICED = SystemActor("policy watch")


@transaction.atomic
def remember_policy(*, tenant_id: str, actor: Actor = NOTICED) -> PolicyVersion:
    """The version equal to what is in force now; a new one, made by ``actor``, if it changed.

    One question answers a hash of every row that is part of it, so that asking costs little.
    """
    fingerprint = _fingerprint(tenant_id)
    last = queries.latest_policy()
    if last is not None and last.fingerprint == fingerprint:
        return last
    _one_at_a_time(tenant_id)
    last = queries.latest_policy()
    if last is not None and last.fingerprint == fingerprint:
        return last
    document = _document(tenant_id)
    who = _made_by(actor, last, document)
    return PolicyVersion.objects.create(
        tenant_id=tenant_id,
        number=last.number + 1 if last else 1,
        document={**document, "names": _names(document)},
        fingerprint=fingerprint,
        made_by_id=who[0],
        made_by_label=who[1],
    )


def policy_number(tenant_id: str) -> int | None:
    """The policy a verdict is given under; a shared council's guest cannot read it, and has none.

    Their verdict then names the policy of its round.
    """
    here = current_scope()
    if here is None or here.draft_id:
        return None
    return remember_policy(tenant_id=tenant_id).number


def _document(tenant_id: str) -> dict[str, Any]:
    found = list(queries.councils().order_by("id"))
    members = Membership.objects.filter(tenant_id=tenant_id).values_list("user_id", "role")
    return {
        "councils": {council.pk: council_story(council) for council in found},
        "rules": [rule_story(rule) for rule in queries.routing_rules()],
        "members": dict(members),
        "limits": {
            f"{found.family or 'all'}.{name}": str(value)
            for found in _limit_sets()
            for name in LIMITS
            if (value := getattr(found, name)) is not None
        },
    }


def _limit_sets() -> list[LimitSet]:
    """The newest version of the limits for everything, and of each family's."""
    newest = LimitSet.objects.order_by("family", "-number").distinct("family")
    return list(newest.select_related("set_by"))


def _made_by(
    actor: Actor, last: PolicyVersion | None, document: dict[str, Any]
) -> tuple[str | None, str]:
    """Id and name. Limits are kept a floor below, which says itself who set them."""
    if actor.user_id:
        return actor.user_id, actor.label
    noticed = (None, str(_("noticed by Codex")))
    if last is None or any(last.document[p] != document[p] for p in document if p != "limits"):
        return noticed
    newest = max(_limit_sets(), key=lambda one: one.created_at, default=None)
    if newest is None or newest.set_by is None or newest.created_at < last.at:
        return noticed
    return newest.set_by.pk, str(newest.set_by)


def _names(document: dict[str, Any]) -> dict[str, str]:
    """What people and councils were called then; a new name alone is no new policy."""
    people = set(document["members"]) | set(_seated(document["councils"].values()))
    names = {pk: story["name"] for pk, story in document["councils"].items()}
    return names | {user.pk: str(user) for user in User.objects.filter(pk__in=people)}


def _seated(councils: Iterable[dict[str, Any]]) -> Iterable[str]:
    for council in councils:
        for seat in council["seats"].values():
            yield from seat["user_ids"]


ROWS = """
SELECT encode(sha256(convert_to(concat_ws(chr(10),
    (SELECT string_agg((to_jsonb(c) - 'created_at' - 'updated_at')::text, ',' ORDER BY c.id)
        FROM councils_council c WHERE c.tenant_id = %(tenant)s OR c.tenant_id IS NULL),
    (SELECT string_agg(to_jsonb(s)::text, ',' ORDER BY s.id) FROM councils_seat s
        WHERE s.is_active AND (s.tenant_id = %(tenant)s OR s.tenant_id IS NULL)),
    (SELECT string_agg(h.seat_id || ':' || h.user_id, ',' ORDER BY h.seat_id, h.user_id)
        FROM councils_seatholder h WHERE h.tenant_id = %(tenant)s OR h.tenant_id IS NULL),
    (SELECT string_agg((to_jsonb(r) - 'created_at' - 'updated_at' - 'id')::text, ','
        ORDER BY r.tenant_id, r.position, r.id) FROM councils_routingrule r
        WHERE r.is_active AND (r.tenant_id = %(tenant)s OR r.tenant_id IS NULL)),
    (SELECT string_agg(f.council_id || ':' || f.position, ',' ORDER BY r.position, f.position)
        FROM councils_furthercouncil f JOIN councils_routingrule r ON r.id = f.rule_id
        WHERE f.tenant_id = %(tenant)s OR f.tenant_id IS NULL),
    (SELECT string_agg(m.user_id || ':' || m.role, ',' ORDER BY m.user_id)
        FROM tenants_membership m WHERE m.tenant_id = %(tenant)s),
    (SELECT string_agg(l.family || ':' || l.number, ',' ORDER BY l.family, l.number)
        FROM workflow_limit_sets l WHERE l.tenant_id = %(tenant)s)
), 'UTF8')), 'hex')
"""


def _fingerprint(tenant_id: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, {"tenant": tenant_id})
        return str(cursor.fetchone()[0])


def _one_at_a_time(tenant_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"policy:{tenant_id}"])
