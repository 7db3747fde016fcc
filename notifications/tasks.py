"""Mails go out behind the request."""

from celery import shared_task

from core.scope import scope
from core.tasks import Publisher


@shared_task(name="notifications.mail_notice", autoretry_for=(OSError,), retry_backoff=True)
def _mail_notice(*, user_id: str, notice_id: str, **_: object) -> None:
    from notifications import services

    with scope(user_id=user_id):
        services.mail_notice(user_id=user_id, notice_id=notice_id)


mail_notice = Publisher(_mail_notice)
