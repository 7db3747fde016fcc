"""Mails, webhooks and chat messages go out behind the request. A message is a hint."""

from celery import shared_task

from core.tasks import Publisher, tenant_task


@shared_task(name="notifications.mail_notice")
def _mail_notice(*, user_id: str, notice_id: str, **_: object) -> None:
    from notifications import services

    services.mail_notice(user_id=user_id, notice_id=notice_id)


@shared_task(name="notifications.mail_digest")
def _mail_digest(*, user_id: str, digest_id: str, **_: object) -> None:
    from notifications import services

    services.mail_digest(user_id=user_id, digest_id=digest_id)


mail_notice = Publisher(_mail_notice)
mail_digest = Publisher(_mail_digest)


@tenant_task(name="notifications.spread", transactional=False)
def spread(*, tenant_id: str, occasion_id: str) -> None:
    from notifications import services

    services.spread(tenant_id=tenant_id, occasion_id=occasion_id)


@tenant_task(name="notifications.deliver", transactional=False)
def deliver(*, tenant_id: str, delivery_id: str) -> None:
    from notifications import services

    services.deliver(tenant_id=tenant_id, delivery_id=delivery_id)


@shared_task(name="notifications.sweep", expires=60)
def sweep() -> None:
    from notifications import services

    services.sweep()
