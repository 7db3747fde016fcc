"""What stands on the portal's first page, told by the floors that know it.

In ``AppConfig.ready``: ``home.register(Panel("your_turn", 10, "councils/_turn.html", context))``
and ``home.register_step(Step("import", 10, _("Import the store"), …))`` for the set-up list.
A panel's callable answers the template's context, or ``None`` when there is nothing to show.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.requests import Request

MAIN, SIDE = "main", "side"


@dataclass(frozen=True, slots=True)
class Panel:
    """Needs a person: order 10-19; is happening: 20-29; to know: 30 and up."""

    name: str
    order: int
    template: str
    context: Callable[[Request], dict[str, object] | None]
    column: str = MAIN


@dataclass(frozen=True, slots=True)
class Step:
    """One line of *Getting set up*: ``done`` answers what is there ("412 products") or nothing."""

    name: str
    order: int
    title: object
    todo: object
    url: str
    done: Callable[[Request], object | None]


_panels: dict[str, Panel] = {}
_steps: dict[str, Step] = {}


def register(panel: Panel) -> None:
    _panels[panel.name] = panel


def register_step(step: Step) -> None:
    _steps[step.name] = step


def panels() -> list[Panel]:
    return sorted(_panels.values(), key=lambda panel: (panel.order, panel.name))


def steps() -> list[Step]:
    return sorted(_steps.values(), key=lambda step: (step.order, step.name))
