"""Who is in the demo. Everybody's password is printed by ``bin/demo``: never use it elsewhere."""

from typing import NamedTuple

from core.scope import scope
from tenants import services
from tenants.models import Role, Tenant, User
from tenants.services.people import SETUP

PASSWORD = "codex-demo"  # noqa: S105 -- of a demo on one's own machine, and printed there
DEMO, OTHER = "tenant_demo", "tenant_other"


class DemoPerson(NamedTuple):
    id: str
    email: str
    name: str
    role: str = ""
    tenant_id: str = DEMO


OWNER = DemoPerson("user_olivia", "olivia@demo.codex", "Olivia Marsh", Role.OWNER)
# Examples of API calls name "user_demo", so the editor, who makes them, has that id.
EDITOR = DemoPerson("user_demo", "eddie@demo.codex", "Eddie Okafor", Role.EDITOR)
VIEWER = DemoPerson("user_vera", "vera@demo.codex", "Vera Doyle", Role.VIEWER)
RITA = DemoPerson("user_rita", "rita@demo.codex", "Rita Sandhu", Role.VIEWER)
RON = DemoPerson("user_ron", "ron@demo.codex", "Ron Hughes", Role.VIEWER)
STRANGER = DemoPerson("user_stranger", "stranger@other.codex", "Sam Stranger", Role.OWNER, OTHER)
STAFF = DemoPerson("user_staff", "staff@codex.local", "Platform staff", tenant_id="")

REVIEWERS = (RITA, RON)
PEOPLE = (OWNER, EDITOR, VIEWER, RITA, RON, STRANGER, STAFF)
SHOPS = {DEMO: ("Hollin & Wren Gifts", OWNER), OTHER: ("Pebble & Post", STRANGER)}


def ensure_people() -> dict[str, User]:
    """The people by e-mail address; who is there already stays as they are."""
    return {person.email: _ensure_person(person) for person in PEOPLE}


def _ensure_person(person: DemoPerson) -> User:
    found = User.objects.filter(email=person.email).first()
    if found is not None:
        return found
    is_staff = person is STAFF
    return services.create_user(
        email=person.email,
        name=person.name,
        password=PASSWORD,
        id=person.id,
        is_staff=is_staff,
        is_superuser=is_staff,
    )


def ensure_tenants(users: dict[str, User]) -> None:
    for tenant_id, (name, owner) in SHOPS.items():
        with scope(tenant_id=tenant_id):
            is_new = not Tenant.objects.filter(pk=tenant_id).exists()
        if is_new:
            services.create_tenant(name=name, owner=users[owner.email], tenant_id=tenant_id)
        for person in PEOPLE:
            if person.tenant_id == tenant_id:
                _ensure_member(person, users[person.email])


def _ensure_member(person: DemoPerson, user: User) -> None:
    with scope(tenant_id=person.tenant_id):
        if not user.memberships.filter(tenant_id=person.tenant_id).exists():
            services.add_member(
                tenant_id=person.tenant_id, user=user, role=person.role, actor=SETUP
            )
