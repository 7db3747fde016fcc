"""A person who acts: somebody, in a tenant, with a role, perhaps through a token."""

from dataclasses import dataclass, field

import rules

from tenants.models import User
from tenants.states import Role, TokenScope

ALL_SCOPES = frozenset(TokenScope.values)


@dataclass(frozen=True, slots=True)
class Person:
    """``tenant_id`` is empty for a council member who belongs to no tenant."""

    user: User
    tenant_id: str = ""
    role: str = ""
    council_ids: tuple[str, ...] = ()
    scopes: frozenset[str] = field(default=ALL_SCOPES)

    @property
    def id(self) -> str:
        return str(self.user.pk)

    @property
    def user_id(self) -> str:
        return str(self.user.pk)

    @property
    def label(self) -> str:
        return str(self.user)

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label) if self.role else ""

    def has_perm(self, perm: str, subject: object = None) -> bool:
        """Whether the rule named ``perm`` holds for this person and ``subject``."""
        return rules.has_perm(perm, self, subject)

    def __str__(self) -> str:
        return self.id
