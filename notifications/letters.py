"""Notices as mails, plain and HTML. A link opens a page behind sign-in; no GET decides."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.timezone import override as on_clock
from django.utils.translation import gettext as _

from notifications.models import Digest, Notice
from notifications.queries import zone_of

SHOWN_CHANGES = 6
TO_DECIDE = frozenset(
    f"review.{what}" for what in ("asked", "asked_again", "assigned", "reminder", "escalated")
)
PREFERENCES = "/portal/settings/notifications"


def letter_of(notice: Notice, tenant: Any) -> EmailMultiAlternatives:
    with _speaking_to(tenant):
        context = {
            "notice": notice,
            "shop": tenant.name if tenant else "",
            "link": _absolute(notice.url),
            "button": _button(notice.kind),
            **_shown(notice.details),
        }
        return _letter(
            "notice",
            context,
            subject=notice.subject,
            to=notice.user.email,
            name=notice.pk,
            thread=str(notice.details.get("draft_id", "")),
        )


def digest_of(digest: Digest, notices: list[Notice]) -> EmailMultiAlternatives:
    """Everything that waited, by shop, oldest first."""
    with _speaking_to(notices[-1].tenant):
        shops = [
            {"name": shop.name if shop else "", "notices": [_line(notice) for notice in told]}
            for shop, told in groupby(notices, key=lambda notice: notice.tenant)
        ]
        subject = translation.ngettext(
            "Codex: {n} notice of the day", "Codex: {n} notices of the day", len(notices)
        ).format(n=len(notices))
        context = {"shops": shops, "day": digest.day, "count": len(notices), "subject": subject}
        return _letter("digest", context, subject=subject, to=digest.user.email, name=digest.pk)


class _speaking_to:
    """In the shop's language and on its clock."""

    def __init__(self, tenant: Any) -> None:
        locale = tenant.locale if tenant else settings.LANGUAGE_CODE
        self._both = (translation.override(locale), on_clock(zone_of(tenant)))

    def __enter__(self) -> None:
        for one in self._both:
            one.__enter__()

    def __exit__(self, *fault: Any) -> None:
        for one in reversed(self._both):
            one.__exit__(*fault)


def _letter(
    template: str, context: dict[str, Any], *, subject: str, to: str, name: str, thread: str = ""
) -> EmailMultiAlternatives:
    context = {**context, "preferences": _absolute(PREFERENCES), "home": _absolute("/portal/")}
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Message-ID": f"<{name}@{host}>",
        "List-Unsubscribe": f"<{context['preferences']}>",
    }
    if thread:
        headers["References"] = f"<{thread}@{host}>"
    letter = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=_plain(render_to_string(f"mails/{template}.txt", context)),
        to=[to],
        headers=headers,
    )
    letter.attach_alternative(render_to_string(f"mails/{template}.html", context), "text/html")
    return letter


def _shown(details: Mapping[str, Any]) -> dict[str, Any]:
    """What a mail shows of the details, each part only if it is there and well-formed."""
    since, changes = details.get("since") or {}, _rows(details.get("changes"))
    count = int(details.get("change_count") or len(changes))
    return {
        "effect": details.get("effect", ""),
        "figures": list(details.get("figures") or ())[:6],
        "changes": changes,
        "more": max(0, count - len(changes)),
        "since": {**since, "changes": _rows(since.get("changes"))} if since else None,
        "asked": ", ".join(map(str, details.get("asked") or ())),
        "due": parse_datetime(str(details.get("due") or "")),
        "comment": details.get("comment") or None,
    }


def _rows(rows: Iterable[Mapping[str, Any]] | None) -> list[Mapping[str, Any]]:
    return list(rows or ())[:SHOWN_CHANGES]


def _line(notice: Notice) -> dict[str, Any]:
    effect = notice.details.get("effect", "")
    return {"notice": notice, "link": _absolute(notice.url), "text": notice.text or effect}


def _button(kind: str) -> str:
    if kind in TO_DECIDE:
        return _("Open the review")
    if kind.startswith("workflow."):
        return _("Open the run")
    if kind.startswith("comment."):
        return _("Open the conversation")
    return _("Open in Codex")


def _absolute(path: str) -> str:
    """Only ever an address of ours: a link in a mail cannot lead to somebody else's page."""
    ours = path.startswith("/") and not path.startswith("//")
    return f"{settings.SITE_URL}{path}" if ours else ""


def _plain(text: str) -> str:
    """Without the blank lines that empty parts of the template leave."""
    kept: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept) + "\n"
