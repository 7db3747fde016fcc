"""Who acts. People are ``tenants.actors.Person``; machines are named here with what they may do."""

from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class Actor(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def user_id(self) -> Any: ...  # a person's id; None for machines
    def has_perm(self, perm: str, subject: object = None) -> bool: ...


@dataclass(frozen=True, slots=True)
class SystemActor:
    """A machine with a grant list; it may do what is on the list and nothing else."""

    name: str
    grants: frozenset[str] = field(default_factory=frozenset)

    @property
    def id(self) -> str:
        return f"system:{self.name}"

    @property
    def label(self) -> str:
        return self.name

    @property
    def user_id(self) -> None:
        return None

    def has_perm(self, perm: str, subject: object = None) -> bool:
        return perm in self.grants

    def __str__(self) -> str:
        return self.id
