"""What every page of the portal shows around its content: who, where, the menu with its figures."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import structlog
from django.db import connection
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from core import nav
from core.requests import Request
from tenants import queries

SEARCH, INBOX, NEW_DRAFT = "/portal/search", "/portal/inbox", "/portal/workflows/drafts/new"


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    label: object
    url: str
    icon: str
    counted: object = ""
    tone: str = ""
    guest: bool = False  # offered to council members who belong to no tenant


MENU = (
    (
        Entry("home", _("Home"), "/portal/", "home", guest=True),
        Entry("drafts", _("Drafts"), "/portal/workflows/drafts", "draft"),
        Entry(
            "reviews", _("Reviews"), "/portal/reviews", "review", _("waiting for you"), "turn", True
        ),
        Entry("runs", _("Runs"), "/portal/workflows", "run", _("running")),
    ),
    (
        Entry(
            "templates", _("Templates"), "/portal/workflows/templates", "template", _("to look at")
        ),
        Entry("proposals", _("Proposals"), "/portal/workflows/proposals", "proposal", _("open")),
        Entry("insights", _("Insights"), "/portal/insights", "insight"),
    ),
    (
        Entry("store", _("Store"), "/portal/store", "store"),
        Entry("settings", _("Settings"), "/portal/settings", "settings"),
    ),
)
ACCOUNT = (
    ("account_email", _("E-mail addresses"), "person"),
    ("account_change_password", _("Password"), "lock"),
    ("mfa_index", _("Second factor"), "check"),
    ("usersessions_list", _("Signed-in devices"), "settings"),
)


@lru_cache(maxsize=64)
def served(path: str) -> bool:
    """Whether a page of that path exists: an entry without one is not offered."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


class Shell:
    """Lazily: a page without a menu costs no query, and a refused one asks the database nothing."""

    def __init__(self, request: Request) -> None:
        self.request = request

    @cached_property
    def person(self):
        return getattr(self.request, "actor", None)

    @property
    def tenant(self):
        return getattr(self.request, "tenant", None) if self.person else None

    @cached_property
    def can_ask(self) -> bool:
        """After a refusal the transaction is to be rolled back and takes no further question."""
        refused = getattr(self.request, "refused", None)
        return bool(self.person) and not refused and not connection.needs_rollback

    @cached_property
    def memberships(self) -> list:
        return list(queries.memberships_of(self.person.user)) if self.can_ask else []

    @property
    def many(self) -> bool:
        return len(self.memberships) > 1

    @cached_property
    def nav(self) -> list[list[dict[str, object]]]:
        if not self.person:
            return []
        offered = [[entry for entry in group if self._offers(entry)] for group in MENU]
        current = self._current([entry for group in offered for entry in group])
        return [[self._shown(entry, current) for entry in group] for group in offered if group]

    def _offers(self, entry: Entry) -> bool:
        return served(entry.url) and (entry.guest or self.tenant is not None)

    def _current(self, entries: list[Entry]) -> str:
        here = self.request.path
        inside = [
            e.url for e in entries if here == e.url or here.startswith(f"{e.url.rstrip('/')}/")
        ]
        return max((url for url in inside if url != "/portal/" or here == url), key=len, default="")

    def _shown(self, entry: Entry, current: str) -> dict[str, object]:
        mark = "page" if self.request.path == entry.url else "true"
        return {
            "label": entry.label,
            "url": entry.url,
            "icon": entry.icon,
            "counted": entry.counted,
            "tone": entry.tone,
            "count": nav.count(entry.name, self.request) if self.can_ask else None,
            "current": mark if entry.url == current else "",
        }

    @property
    def search_url(self) -> str:
        return SEARCH if self.tenant and served(SEARCH) else ""

    @property
    def draft_url(self) -> str:
        """Where a new draft is begun, for those who may write."""
        writes = self.tenant and self.person.has_perm("tenants.write", self.tenant)
        return NEW_DRAFT if writes and served(NEW_DRAFT) else ""

    @property
    def inbox_url(self) -> str:
        return INBOX if self.person and served(INBOX) else ""

    @cached_property
    def unread(self) -> int | None:
        return nav.count("inbox", self.request) if self.can_ask else None

    @property
    def account_links(self) -> list[dict[str, object]]:
        return [
            {"url": url, "label": label, "icon": icon}
            for name, label, icon in ACCOUNT
            if (url := _reversed(name))
        ]

    @property
    def request_id(self) -> str:
        return str(structlog.contextvars.get_contextvars().get("request_id", ""))

    @property
    def back_url(self) -> str:
        """Where the reader came from, when that is a page of ours and not this one."""
        here, origin = self.request.build_absolute_uri(), self.request.headers.get("Referer", "")
        ours = url_has_allowed_host_and_scheme(
            origin, {self.request.get_host()}, require_https=self.request.is_secure()
        )
        return origin if ours and origin != here else ""


def _reversed(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def shell(request: Request) -> dict[str, object]:
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
