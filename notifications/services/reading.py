"""What a person has seen."""

from django.utils import timezone

from core.actors import Actor
from core.errors import NotFound
from notifications import queries
from notifications.models import Notice


def read_notice(*, actor: Actor, notice_id: str) -> Notice:
    notice = Notice.objects.filter(user_id=actor.user_id, pk=notice_id).first()
    if notice is None:
        raise NotFound
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
    return notice


def read_all_notices(*, actor: Actor) -> int:
    unread = queries.inbox(actor.user_id or "").filter(read_at__isnull=True)
    return unread.order_by().update(read_at=timezone.now())
