"""Telling people: in the transaction of the move they are told of, mailed after it."""

from collections.abc import Iterable

from django.utils import timezone

from core.actors import Actor
from core.errors import NotFound
from core.ids import new_id
from notifications import queries, tasks
from notifications.models import Notice


def notify(
    *,
    tenant_id: str,
    user_ids: Iterable[str],
    kind: str,
    subject: str,
    text: str = "",
    url: str = "",
    dedupe_key: str,
) -> list[Notice]:
    """One notice a person, however often it is called for one occasion (``dedupe_key``)."""
    notices = [
        Notice(
            id=new_id("notice"),
            tenant_id=tenant_id,
            user_id=user_id,
            kind=kind,
            subject=subject[:300],
            text=text,
            url=url,
            dedupe_key=dedupe_key,
        )
        for user_id in sorted(set(user_ids))
    ]
    # No RETURNING: a guest's decision may leave a notice behind but not read it.
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    for notice in notices:
        tasks.mail_notice.publish(user_id=notice.user_id, notice_id=notice.pk)
    return notices


def read_notice(*, actor: Actor, notice_id: str) -> Notice:
    notice = queries.inbox(actor.user_id or "").filter(pk=notice_id).first()
    if notice is None:
        raise NotFound
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
    return notice


def read_all_notices(*, actor: Actor) -> int:
    unread = queries.inbox(actor.user_id or "").filter(read_at__isnull=True)
    return unread.update(read_at=timezone.now())


def mail_notice(*, user_id: str, notice_id: str) -> bool:
    """Send the mail of a notice once; the row is held while it is sent."""
    notice = (
        Notice.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=notice_id, user_id=user_id, mailed_at__isnull=True)
        .first()
    )
    if notice is None:
        return False
    from notifications.mail import send

    send(notice)
    notice.mailed_at = timezone.now()
    notice.save(update_fields=["mailed_at"])
    return True
