"""Who changed what in how this shop reviews, and when."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.errors import NotFound
from councils import queries
from councils.policy import differences, rule_in_words
from councils.views.settings import require

SHOWN = 20


@require_GET
def history(request):
    require(request, "councils.view_councils")
    page = Paginator(queries.policies(), SHOWN).get_page(request.GET.get("page"))
    return render(request, "councils/history.html", {"page": page, "versions": told(page)})


@require_GET
def version(request, number: int):
    """One policy as it was, for the page of a decision that was made under it."""
    require(request, "councils.view_councils")
    found = queries.policies().filter(number=number).first()
    if found is None:
        raise NotFound
    return render(request, "councils/policy.html", {"version": found, **_shown(found)})


def told(versions) -> list[dict[str, object]]:
    return [{"version": version, "lines": _lines(version)} for version in versions]


def _lines(version) -> list[str]:
    before = queries.policies().filter(number=version.number - 1).first()
    return differences(before.document if before else {}, version.document)


def _shown(version) -> dict[str, object]:
    document, names = version.document, version.document["names"]
    councils = [
        {**story, "seats": [_seat(name, seat, names) for name, seat in story["seats"].items()]}
        for story in document["councils"].values()
    ]
    return {
        "lines": _lines(version),
        "rules": [rule_in_words(rule, names) for rule in document["rules"]],
        "councils": sorted(councils, key=lambda council: (council["is_shared"], council["name"])),
    }


def _seat(name: str, seat: dict, names: dict[str, str]) -> dict[str, object]:
    people = [names.get(user, user) for user in seat["user_ids"]] + seat["roles"]
    return {"name": name, **seat, "people": ", ".join(people) or "–"}
