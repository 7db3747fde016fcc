"""A person's wishes; each only their own."""

from collections.abc import Mapping
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Invalid, NotFound
from notifications import queries
from notifications.kinds import CHOSEN
from notifications.models import DigestTime, Preference
from notifications.states import Group, MailChoice

Wish = Mapping[str, object]  # {"in_app": bool, "mail": "now" | "digest" | "none"}


def set_preferences(*, actor: Actor, wishes: Mapping[str, Wish]) -> dict[Group, Preference]:
    """Groups that are not named stay as they are."""
    user_id = _person(actor)
    faults = {f"groups.{name}": _fault(name, wish) for name, wish in wishes.items()}
    errors = {where: [fault] for where, fault in faults.items() if fault}
    if errors:
        raise Invalid(errors)
    now = queries.preferences(user_id)
    for name, wish in wishes.items():
        kept = now[Group(name)]
        in_app = bool(wish.get("in_app", kept.in_app))
        values = {"in_app": in_app, "mail": str(wish.get("mail", kept.mail))}
        Preference.objects.update_or_create(user_id=user_id, group=name, defaults=values)
    return queries.preferences(user_id)


def set_digest_time(*, actor: Actor, hour: int, timezone: str = "") -> DigestTime:
    user_id = _person(actor)
    if not 0 <= hour <= 23:
        raise Invalid({"digest.hour": [_("An hour from 0 to 23.")]})
    if timezone and timezone not in available_timezones():
        raise Invalid({"digest.timezone": [_("A time zone such as Europe/London.")]})
    wish, _made = DigestTime.objects.update_or_create(
        user_id=user_id, defaults={"hour": hour, "timezone": timezone}
    )
    return wish


def _person(actor: Actor) -> str:
    if actor.user_id is None:
        raise NotFound
    return str(actor.user_id)


def _fault(name: str, wish: Wish) -> str:
    if name not in CHOSEN:
        return _("There is no such group.")
    if wish.get("mail", MailChoice.NOW) not in MailChoice.values:
        return _("Choose now, digest or none.")
    return ""
