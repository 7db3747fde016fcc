"""Notices and digests by mail: claimed in one transaction, sent outside any, finished in another.

A worker killed between the claim and the end leaves a row that is due again after the lease; the
``Message-ID`` is made from the row's id, so that even then a mailbox keeps one copy.
"""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from random import uniform
from smtplib import SMTPRecipientsRefused

import structlog
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from core.scope import scope
from notifications import letters, queries
from notifications.models import Digest, Notice
from notifications.models.outbox import claim
from notifications.states import MailChoice, Sending

log = structlog.get_logger(__name__)
WAITS = (30, 120, 600, 3_600, 4 * 3_600, 12 * 3_600, 24 * 3_600)


def mail_notice(*, user_id: str, notice_id: str) -> bool:
    """Send it as its reader wants it: now, or leave it to their digest, or not at all."""
    with scope(user_id=user_id):
        rows = Notice.objects.filter(user_id=user_id)
        if not claim(rows, notice_id):
            return False
        notice = rows.select_related("user").get(pk=notice_id)
        choice = queries.mail_choice(notice) if notice.user.is_active else MailChoice.NONE
    if choice == MailChoice.NONE:
        return _settle(rows, notice, Sending.SKIPPED)
    if choice == MailChoice.DIGEST:
        return _wait_for_digest(rows, notice)
    with _as_read(notice):
        letter = letters.letter_of(notice, notice.tenant)
    return _send(rows, notice, letter)


def mail_digest(*, user_id: str, digest_id: str) -> bool:
    with scope(user_id=user_id):
        rows = Digest.objects.filter(user_id=user_id)
        if not claim(rows, digest_id):
            return False
        digest = rows.select_related("user").get(pk=digest_id)
        notices = list(queries.waiting_for_digest(user_id))
    if not notices or not digest.user.is_active:
        return _settle(rows, digest, Sending.SKIPPED)
    if not _send(rows, digest, letters.digest_of(digest, notices)):
        return False
    with scope(user_id=user_id):
        told = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
        told.update(state=Sending.SENT, sent_at=Now(), digest=digest)
    return True


def _as_read(notice: Notice) -> AbstractContextManager[object]:
    """The tenant's own scope, so that its name and clock can be read by a guest's mail too."""
    return scope(user_id=str(notice.user_id), tenant_id=str(notice.tenant_id or ""))


def _wait_for_digest(rows: QuerySet, notice: Notice) -> bool:
    """Due at the person's next morning; the day's one digest is made if it is not there yet."""
    with _as_read(notice):
        wish = queries.digest_time(str(notice.user_id))
        shop = notice.tenant.timezone if notice.tenant else ""
        at = queries.next_morning(wish, shop)
        if _is_over(str(notice.user_id), at):
            at = queries.next_morning(wish, shop, at)
        digest = Digest(user_id=notice.user_id, day=at.date(), due_at=at)
        Digest.objects.bulk_create([digest], ignore_conflicts=True)
        return not _finish(rows, notice, state=Sending.DIGEST)


def _is_over(user_id: str, at: datetime) -> bool:
    """Somebody who moved their hour back may have had that day's digest already."""
    return queries.digests(user_id).filter(day=at.date()).exclude(state=Sending.PENDING).exists()


def _send(rows: QuerySet, row: Notice | Digest, letter: EmailMultiAlternatives) -> bool:
    try:
        letter.send()
    except Exception as error:
        _postpone(rows, row, error)
        return False
    return _settle(rows, row, Sending.SENT)


def _settle(rows: QuerySet, row: Notice | Digest, state: Sending) -> bool:
    """True when a mail has gone out."""
    with scope(user_id=str(row.user_id)):
        times = {"sent_at": timezone.now()} if state == Sending.SENT else {}
        _finish(rows, row, state=state, last_error="", **times)
    return state == Sending.SENT


def _postpone(rows: QuerySet, row: Notice | Digest, error: Exception) -> None:
    """Try again later, and longer each time; an address that is refused is not tried again."""
    gone = isinstance(error, SMTPRecipientsRefused) or row.attempts > len(WAITS)
    log.warning("mail_not_sent", row=row.pk, attempt=row.attempts, error=type(error).__name__)
    facts: dict[str, object] = {"last_error": f"{type(error).__name__}: {error}"[:300]}
    if gone:
        facts["state"] = Sending.FAILED
    else:
        wait = WAITS[row.attempts - 1] * uniform(0.8, 1.2)  # noqa: S311 -- jitter
        facts["due_at"] = timezone.now() + timedelta(seconds=wait)
    with scope(user_id=str(row.user_id)):
        _finish(rows, row, **facts)


def _finish(rows: QuerySet, row: Notice | Digest, **facts: object) -> bool:
    """Only by the attempt that holds the claim."""
    held = rows.filter(pk=row.pk, state=Sending.PENDING, attempts=row.attempts)
    return held.update(**facts) == 1
