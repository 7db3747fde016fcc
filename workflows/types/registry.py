"""Which workflow types there are. Each family's module is imported once, when Django is ready."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from core.errors import Invalid
from workflows.types.base import WorkflowType

_types: dict[str, WorkflowType] = {}


def register(kind: type[WorkflowType]) -> type[WorkflowType]:
    """Class decorator: ``@register class DynamicPricing(WorkflowType): …``."""
    if kind.id in _types:
        raise ValueError(f"the workflow type {kind.id} is registered twice")
    _types[kind.id] = kind()
    return kind


def get(type_id: str) -> WorkflowType:
    """The type, or ``Invalid`` for the field ``workflow_type_id``."""
    found = _types.get(type_id)
    if found is None:
        raise Invalid({"workflow_type_id": [_("There is no workflow type of this name.")]})
    return found


def find(type_id: str) -> WorkflowType | None:
    return _types.get(type_id)


def all() -> list[WorkflowType]:
    return sorted(_types.values(), key=lambda kind: kind.id)


@contextmanager
def temporarily(kind: type[WorkflowType]) -> Iterator[WorkflowType]:
    """Register a type for the length of a test."""
    register(kind)
    try:
        yield _types[kind.id]
    finally:
        del _types[kind.id]
