"""One box for everything the reader may see: drafts, runs, products."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core.requests import Request
from drafts import queries as drafts
from stores import queries as stores
from workflows import queries as workflows

SHOWN = 8
SHORTEST, LONGEST = 2, 200


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    url: str = ""
    note: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    icon: str
    hits: list[Hit] = field(default_factory=list)
    more_url: str = ""


def everything(request: Request, text: str) -> list[Group]:
    """Groups with something in them; nothing for a word too short to mean anything."""
    if len(text) < SHORTEST or not request.tenant:
        return []
    return [group for group in _groups(request, text) if group.hits]


def _groups(request: Request, text: str) -> Iterator[Group]:
    yield _drafts(request, text)
    yield _runs(request, text)
    yield _products(request, text)


def _drafts(request: Request, text: str) -> Group:
    found = drafts.searched(drafts.listed_for(request.actor), text)
    hits = [
        Hit(row.name, reverse("drafts:draft", args=[row.pk]), row.purpose, row.status)
        for row in found.order_by("-updated_at", "id")[:SHOWN]
    ]
    return Group(_("Drafts"), "draft", hits, _list("drafts:drafts", text))


def _runs(request: Request, text: str) -> Group:
    found = workflows.visible_to(request.actor).filter(name__icontains=text)
    hits = [
        Hit(row.name, reverse("workflows:run", args=[row.pk]), "", row.status)
        for row in found.order_by("-created_at", "id")[:SHOWN]
    ]
    return Group(_("Runs"), "run", hits)


def _products(request: Request, text: str) -> Group:
    found = stores.product_choices(request.tenant.pk, text)[:SHOWN]
    hits = [Hit(row.title, reverse("stores:product", args=[row.pk]), row.vendor) for row in found]
    return Group(_("Products"), "tag", hits, _list("stores:products", text))


def _list(name: str, text: str) -> str:
    return f"{reverse(name)}?{urlencode({'q': text})}"
