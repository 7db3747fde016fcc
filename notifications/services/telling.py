"""Telling people: in the transaction of the move they are told of, sent on after it."""

from collections.abc import Iterable, Mapping

from core.ids import new_id
from notifications import tasks
from notifications.kinds import group_of
from notifications.models import Notice, Occasion


def notify(
    *,
    tenant_id: str,
    user_ids: Iterable[str],
    kind: str,
    subject: str,
    text: str = "",
    url: str = "",
    details: Mapping[str, object] | None = None,
    dedupe_key: str,
) -> list[Notice]:
    """One notice a person and one message an endpoint, however often an occasion is told.

    ``dedupe_key`` names the occasion. ``details`` may hold what a mail shows beside the text:
    ``effect``, ``figures`` [[label, value]], ``changes`` [{label, field, before, after}],
    ``change_count``, ``since`` {revision, count, changes}, ``asked`` [names], ``due`` (ISO),
    ``comment`` {who, text}, and ids for programs (``draft_id``, ``workflow_id``).
    """
    told = {
        "tenant_id": tenant_id,
        "kind": kind,
        "subject": subject[:300],
        "text": text,
        "url": url,
        "details": dict(details or {}),
        "dedupe_key": dedupe_key,
    }
    notices = [
        Notice(id=new_id("notice"), user_id=user_id, group=group_of(kind), **told)
        for user_id in sorted(set(user_ids))
    ]
    occasion = Occasion(id=new_id("occasion"), **told)
    # No RETURNING: a guest's decision may leave rows behind but not read them.
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    if notices:  # what concerns nobody is no occasion
        Occasion.objects.bulk_create([occasion], ignore_conflicts=True)
        tasks.spread.publish(tenant_id=tenant_id, occasion_id=occasion.pk)
    for notice in notices:
        tasks.mail_notice.publish(user_id=notice.user_id, notice_id=notice.pk)
    return notices
