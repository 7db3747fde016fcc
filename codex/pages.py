"""What the pages of no single floor show: the first page and its set-up list."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.home import MAIN, SIDE
from core.home import panels as registered_panels
from core.home import steps as registered_steps
from core.requests import Request

MORNING_UNTIL, AFTERNOON_UNTIL = 12, 18


@dataclass(frozen=True, slots=True)
class SetUpStep:
    title: object
    note: object
    url: str
    done: bool


def home(request: Request) -> dict[str, object]:
    steps = set_up(request) if request.tenant else []
    return {
        "greeting": greeting(request),
        "main": panels(request, MAIN),
        "side": panels(request, SIDE),
        "steps": steps,
        "steps_done": sum(step.done for step in steps),
    }


def greeting(request: Request) -> str:
    names = request.actor.user.name.split()
    name = names[0] if names else request.actor.label
    hour = timezone.localtime().hour
    if hour < MORNING_UNTIL:
        return _("Good morning, %(name)s") % {"name": name}
    if hour < AFTERNOON_UNTIL:
        return _("Good afternoon, %(name)s") % {"name": name}
    return _("Good evening, %(name)s") % {"name": name}


def panels(request: Request, column: str) -> list[SafeString]:
    """Rendered panels that have something to show, in their order."""
    shown = []
    for panel in registered_panels():
        context = panel.context(request) if panel.column == column else None
        if context is not None:
            shown.append(render_to_string(panel.template, context, request=request))
    return shown


def set_up(request: Request) -> list[SetUpStep]:
    """The steps of a new shop; empty once all are done, and for people who cannot do them."""
    if not request.actor.has_perm("tenants.change_tenant", request.tenant):
        return []
    steps = []
    for step in registered_steps():
        there = step.done(request)
        steps.append(SetUpStep(step.title, there or step.todo, step.url, bool(there)))
    return steps if not all(step.done for step in steps) else []
