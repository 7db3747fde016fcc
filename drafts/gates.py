"""Floors above that may approve an editing draft when it is asked to convert.

``templates_catalog`` registers one: a draft from a pre-approved template is approved by its
standing approval, or stays as it is.
"""

from collections.abc import Callable

from core.actors import Actor
from drafts.models import Draft

Gate = Callable[[Draft, Actor], None]

_gates: list[Gate] = []


def register(gate: Gate) -> None:
    _gates.append(gate)


def try_gates(draft: Draft, actor: Actor) -> None:
    """Each may approve the draft through its own service; none has to."""
    for gate in _gates:
        gate(draft, actor)
