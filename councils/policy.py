"""A policy as it is kept, and what changed between two versions of it, in sentences."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from councils.models import Council, RoutingRule
from councils.states import Origin
from tenants.models import Role
from workflows.models import LimitSet

Document = Mapping[str, Any]
RULE_PLAIN = (
    "family",
    "workflow_type_id",
    "template_id",
    "author_role",
    "origin",
    "when_unknown",
    "in_turn",
)
RULE_FIGURES = ("risk_at_least", "money_at_least", "items_at_least")
FIELDS = {
    "name": _l("name"),
    "description": _l("description"),
    "is_active": _l("reviews drafts"),
    "approval_days": _l("days an approval lasts"),
    "is_choosable": _l("authors may choose it"),
    "assignee_only": _l("only people assigned decide"),
    "hours_urgent": _l("hours for an urgent review"),
    "hours_high": _l("hours for a high one"),
    "hours_normal": _l("hours for a normal one"),
    "hours_low": _l("hours for a low one"),
    "claim_minutes": _l("minutes a claim lasts"),
    "after_review_hours": _l("hours to look at a break-glass run"),
    "escalates_to": _l("escalates to"),
}


def differences(before: Document, after: Document) -> list[str]:
    """One sentence a change; the very first version says so."""
    if not before:
        return [_("The policy was written down for the first time.")]
    names = {**before.get("names", {}), **after.get("names", {})}
    return [
        *_councils(before["councils"], after["councils"], names),
        *_rules(before["rules"], after["rules"], names),
        *_members(before["members"], after["members"], names),
        *_limits(before.get("limits", {}), after.get("limits", {})),
    ]


def rule_in_words(rule: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """“Big ones”: risk 60 or more → Finance and Brand."""
    return _("“{name}”: {what}").format(name=rule["name"], what=what_it_says(rule, names))


def what_it_says(rule: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The same without its name, for where that stands above."""
    wanted = [*_texts(rule), *_figures(rule)] or [_("everything")]
    joined = _(", then ") if rule["in_turn"] else _(" and ")
    councils = joined.join(names.get(pk, pk) for pk in rule["council_ids"])
    return _("{what} → {councils}").format(what=", ".join(wanted), councils=councils)


def _texts(rule: Mapping[str, Any]) -> Iterator[str]:
    if rule["workflow_type_id"] or rule["family"]:
        yield rule["workflow_type_id"] or _("all of {family}").format(family=rule["family"])
    if rule["template_id"]:
        yield _("from template {template}").format(template=rule["template_id"])
    if rule["author_role"]:
        yield _("written by: {role}").format(role=Role(rule["author_role"]).label)
    if rule["origin"]:
        yield str(Origin(rule["origin"]).label).lower()


def _figures(rule: Mapping[str, Any]) -> Iterator[str]:
    for name, text in (
        ("risk_at_least", _("risk {n} or more")),
        ("money_at_least", _("{n} or more at risk")),
        ("items_at_least", _("{n} items or more")),
    ):
        if rule[name] is not None:
            yield text.format(n=rule[name])
    if rule["when_unknown"]:
        yield _("or when that is not known")


def _councils(before: Mapping, after: Mapping, names: Mapping[str, str]) -> Iterator[str]:
    for pk in after.keys() - before.keys():
        seats = ", ".join(after[pk]["seats"]) or _("no seats")
        yield _("{council} was added, with {seats}.").format(council=names[pk], seats=seats)
    for pk in before.keys() - after.keys():
        yield _("{council} was taken away.").format(council=names[pk])
    for pk in sorted(before.keys() & after.keys()):
        yield from _council(before[pk], after[pk], names)


def _council(before: Mapping, after: Mapping, names: Mapping[str, str]) -> Iterator[str]:
    for field, label in FIELDS.items():
        was, now = before.get(field), after.get(field)
        if was != now:
            yield _("{council}: “{what}” was {was}, is {now}.").format(
                council=after["name"], what=label, was=_said(was, names), now=_said(now, names)
            )
    seats = before["seats"], after["seats"]
    for name in sorted(seats[1].keys() - seats[0].keys()):
        text = _("{council}: the seat {seat} was added, for {who}.")
        who = _who(seats[1][name], names)
        yield text.format(council=after["name"], seat=name, who=who)
    for name in sorted(seats[0].keys() - seats[1].keys()):
        text = _("{council}: the seat {seat} was taken away.")
        yield text.format(council=after["name"], seat=name)
    for name in sorted(seats[0].keys() & seats[1].keys()):
        yield from _seat(after["name"], name, seats[0][name], seats[1][name], names)


def _seat(
    council: str, name: str, before: Mapping, after: Mapping, names: Mapping[str, str]
) -> Iterator[str]:
    where = {"council": council, "seat": name}
    for field, text in (
        ("needed", _("{council}, {seat}: {was} were needed, now {now}.")),
        ("stage", _("{council}, {seat}: it was at stage {was}, now at {now}.")),
    ):
        if before[field] != after[field]:
            yield text.format(**where, was=before[field], now=after[field])
    for user in sorted(set(after["user_ids"]) - set(before["user_ids"])):
        yield _("{council}, {seat}: {who} was seated.").format(**where, who=names.get(user, user))
    for user in sorted(set(before["user_ids"]) - set(after["user_ids"])):
        yield _("{council}, {seat}: {who} left.").format(**where, who=names.get(user, user))
    if before["roles"] != after["roles"]:
        text = _("{council}, {seat}: roles were {was}, are {now}.")
        yield text.format(**where, was=_said(before["roles"], {}), now=_said(after["roles"], {}))


def _who(seat: Mapping, names: Mapping[str, str]) -> str:
    people = [names.get(user, user) for user in seat["user_ids"]]
    return ", ".join([*people, *seat["roles"]]) or _("nobody yet")


def _rules(before: list, after: list, names: Mapping[str, str]) -> Iterator[str]:
    was = [rule_in_words(rule, names) for rule in before]
    now = [rule_in_words(rule, names) for rule in after]
    for text in now:
        if text not in was:
            yield _("Rule added: {rule}.").format(rule=text)
    for text in was:
        if text not in now:
            yield _("Rule taken away: {rule}.").format(rule=text)
    if was != now and sorted(was) == sorted(now):
        yield _("The rules are tried in another order: {rules}.").format(rules="; ".join(now))


def _members(before: Mapping, after: Mapping, names: Mapping[str, str]) -> Iterator[str]:
    for user in sorted(after.keys() | before.keys()):
        was, now = before.get(user), after.get(user)
        who = names.get(user, user)
        if was == now:
            continue
        if was is None:
            yield _("{who} joined as {role}.").format(who=who, role=Role(str(now)).label)
        elif now is None:
            yield _("{who} left the shop.").format(who=who)
        else:
            text = _("{who} was {was}, is {now}.")
            yield text.format(who=who, was=Role(was).label, now=Role(str(now)).label)


def _limits(before: Mapping, after: Mapping) -> Iterator[str]:
    for name in sorted(after.keys() | before.keys()):
        if before.get(name) != after.get(name):
            family, _dot, field = name.partition(".")
            what = getattr(LimitSet._meta.get_field(field), "verbose_name", field)
            text = _("Limit “{name}” ({family}) was {was}, is {now}.")
            was, now = _said(before.get(name), {}), _said(after.get(name), {})
            yield text.format(name=what, family=family, was=was, now=now)


def _said(value: object, names: Mapping[str, str]) -> str:
    if value is None or value in ("", []):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return names.get(str(value), str(value))


def council_story(council: Council) -> dict[str, Any]:
    """A council as the policy keeps it: its settings, and seat by seat who sits there."""
    plain = {name: getattr(council, name) for name in FIELDS if name != "escalates_to"}
    return {
        **plain,
        "escalates_to": council.escalates_to_id,
        "is_shared": council.tenant_id is None,
        "seats": {
            seat.name: {
                "needed": seat.needed,
                "stage": seat.stage,
                "roles": list(seat.roles),
                "user_ids": sorted(held.user_id for held in seat.holders.all()),
            }
            for seat in council.seats.all()
        },
    }


def rule_story(rule: RoutingRule) -> dict[str, object]:
    """A rule as audit and policy keep it."""
    return {
        "name": rule.name,
        **{name: getattr(rule, name) for name in RULE_PLAIN},
        **{name: _plain(getattr(rule, name)) for name in RULE_FIGURES},
        "council_ids": [council.pk for council in rule.councils],
    }


def _plain(figure: Decimal | int | None) -> str | None:
    return None if figure is None else f"{figure:f}" if isinstance(figure, Decimal) else str(figure)
