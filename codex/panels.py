"""What the first page and the menu say, read from the floors below."""

from datetime import timedelta
from operator import attrgetter, itemgetter

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from codex.happenings import recent
from core import home, nav
from core.requests import Request
from councils import queries as councils
from drafts import queries as drafts
from drafts.models import Draft
from drafts.states import DraftState
from notifications import queries as notices
from proposals import queries as proposals
from stores.models import Product
from tenants import queries as tenants
from workflows import queries as workflows
from workflows import restraints
from workflows.freezing import Occurrence
from workflows.models import Workflow
from workflows.states import ACTIVE, RunState

SHOWN, TOP = 6, 3
FREEZES_AHEAD = 30
TROUBLED = (RunState.FAILED, RunState.STOPPED_BY_DRIFT, RunState.UNDO_INCOMPLETE)
TROUBLE_LASTS = timedelta(days=7)
OPEN = (DraftState.EDITING, DraftState.PENDING_REVIEW, DraftState.APPROVED, DraftState.REJECTED)


def register() -> None:
    nav.register("runs", _in_a_tenant(lambda request: workflows.running_count()))
    nav.register("inbox", lambda request: notices.unread_count(request.actor.user_id))
    for name, order, context, column in (
        ("your_turn", 10, your_turn, home.MAIN),
        ("running", 20, running, home.MAIN),
        ("my_drafts", 30, my_drafts, home.MAIN),
        ("proposals", 40, top_proposals, home.MAIN),
        ("recent", 40, happened, home.SIDE),
        ("coming_up", 20, coming_up, home.SIDE),
    ):
        home.register(home.Panel(name, order, f"codex/panels/{name}.html", context, column))
    for step in SET_UP:
        home.register_step(step)


def _in_a_tenant(counter: nav.Counter) -> nav.Counter:
    return lambda request: counter(request) if request.tenant else None


# -- needs a person


def your_turn(request: Request) -> dict[str, object] | None:
    """Reviews waiting for this person, their drafts that came back or may run, runs in trouble."""
    actor = request.actor
    waiting = councils.your_turn(actor).order_by("opened_at", "id")
    found: dict[str, object] = {"reviews": list(waiting[:SHOWN]), "more": waiting.count() > SHOWN}
    if request.tenant:
        found |= {
            "returned": list(_mine(actor).filter(RETURNED).select_related("reviewed_by")[:SHOWN]),
            "approved": list(_mine(actor).filter(status=DraftState.APPROVED)[:SHOWN]),
            "troubled": list(_troubled(actor)[:SHOWN]),
        }
    return found if any(value for key, value in found.items() if key != "more") else None


RETURNED = Q(status=DraftState.EDITING, reviewed_at__isnull=False) & ~Q(review_comment="")


def _mine(actor) -> QuerySet[Draft]:
    return (
        drafts.visible_to(actor).filter(created_by_id=actor.user_id).order_by("-updated_at", "id")
    )


def _troubled(actor) -> QuerySet[Workflow]:
    """Runs of this person that did not end as planned and were not planned again."""
    since = timezone.now() - TROUBLE_LASTS
    return (
        workflows.visible_to(actor)
        .filter(created_by_id=actor.user_id, status__in=TROUBLED, updated_at__gte=since)
        .filter(successor_drafts__isnull=True)
        .order_by("-updated_at", "id")
    )


# -- is happening


def running(request: Request) -> dict[str, object] | None:
    if not request.tenant:
        return None
    runs = list(
        workflows.visible_to(request.actor)
        .filter(status__in=ACTIVE)
        .select_related("created_by")
        .order_by("-started_at", "id")[:SHOWN]
    )
    return {"runs": runs} if runs else None


def coming_up(request: Request) -> dict[str, object] | None:
    if not request.tenant:
        return None
    now = timezone.now()
    runs = list(
        workflows.visible_to(request.actor)
        .filter(Q(due_at__gt=now) | Q(held_until__gt=now), status=RunState.PENDING)
        .annotate(starts_at=Greatest("due_at", Coalesce("held_until", "due_at")))
        .select_related("created_by")
        .order_by("starts_at", "id")[:SHOWN]
    )
    entries = [{"at": run.starts_at, "run": run} for run in runs]
    entries += [{"at": one.start, "freeze": one} for one in _next_freezes(request.tenant.pk)]
    entries.sort(key=itemgetter("at"))
    return {"entries": entries, "now": now} if entries else None


def _next_freezes(tenant_id: str) -> list[Occurrence]:
    """Of each freeze the one that is on or comes next."""
    coming = restraints.coming_freezes_of(tenant_id, days=FREEZES_AHEAD)
    first = {one.window.pk: one for one in reversed(coming)}
    return sorted(first.values(), key=attrgetter("start"))[:TOP]


# -- to know


def top_proposals(request: Request) -> dict[str, object] | None:
    if not request.tenant or not request.actor.has_perm("proposals.view_proposal", request.tenant):
        return None
    found = list(proposals.open_proposals()[:TOP])
    return {"proposals": found} if found else None


def my_drafts(request: Request) -> dict[str, object] | None:
    if not request.tenant:
        return None
    rows = list(
        _mine(request.actor)
        .filter(status__in=OPEN)
        .annotate(changes=F("plan__change_count"))[:SHOWN]
    )
    return {"drafts": rows} if rows else None


def happened(request: Request) -> dict[str, object] | None:
    if not request.tenant:
        return None
    happenings = recent(request.actor, SHOWN + 2)
    return {"happenings": happenings} if happenings else None


# -- getting set up


def _products(request: Request) -> object | None:
    count = Product.objects.count()
    return ngettext("%(n)s product", "%(n)s products", count) % {"n": count} if count else None


def _people(request: Request) -> object | None:
    count = tenants.members(request.tenant.pk).count()
    return _("%(n)s people") % {"n": count} if count > 1 else None


def _councils(request: Request) -> object | None:
    names = list(councils.councils().filter(is_active=True).values_list("name", flat=True)[:3])
    return ", ".join(names) or None


def _runs(request: Request) -> object | None:
    return _("Done") if workflows.visible_to(request.actor).exists() else None


SET_UP = (
    home.Step(
        "store",
        10,
        _l("Import the shop"),
        _l("Products and orders, from a file your shop exports"),
        "/portal/store",
        _products,
    ),
    home.Step(
        "people",
        20,
        _l("Invite your people"),
        _l("Who writes drafts, and who reviews them"),
        "/portal/settings",
        _people,
    ),
    home.Step(
        "council",
        30,
        _l("Set up a council"),
        _l("Who says yes to what"),
        "/portal/settings",
        _councils,
    ),
    home.Step(
        "run",
        40,
        _l("Run a first draft"),
        _l("You see every change before it happens, and can undo it"),
        "/portal/workflows/drafts/new",
        _runs,
    ),
)
