"""What is told, to whom, and a courier one can watch."""

from collections.abc import Callable

import pytest
from django.db import connections

from core.scope import scope
from notifications import services
from notifications.models import Notice, Occasion
from tests.misbehaving import misbehaving


def tell(cast, *names, key="occasion", **more) -> list[Notice]:
    facts = {"kind": "review.asked", "subject": "A draft waits", "text": "Twelve prices"}
    with scope(tenant_id=cast.tenant.pk, user_id=cast.eddie.pk):
        return services.notify(
            tenant_id=cast.tenant.pk,
            user_ids=[getattr(cast, name).pk for name in names],
            url=more.pop("url", "/portal/x"),
            dedupe_key=key,
            **facts | more,
        )


def mail(notice: Notice) -> bool:
    return services.mail_notice(user_id=notice.user_id, notice_id=notice.pk)


def row(thing, **where):
    """The row as it lies in the database, whoever may see it."""
    with connections["staff"].cursor():
        return type(thing)._base_manager.using("staff").get(pk=thing.pk, **where)


def spread_all(cast) -> int:
    with scope(tenant_id=cast.tenant.pk):
        ids = list(Occasion.objects.filter(spread_at=None).values_list("pk", flat=True))
    return sum(services.spread(tenant_id=cast.tenant.pk, occasion_id=pk) for pk in ids)


@pytest.fixture
def server(settings):
    settings.OUTBOUND_LOCAL = True
    with misbehaving() as found:
        yield found


Hook = Callable[..., services.NewSecret]


@pytest.fixture
def hook(cast, server) -> Hook:
    """Make an endpoint of the shop that leads to a path of the local server."""

    def hook(path: str = "/ok", **more) -> services.NewSecret:
        facts = {"kind": "webhook", "name": "Our books", "kinds": [], **more}
        with scope(tenant_id=cast.tenant.pk, user_id=cast.olivia.pk):
            return services.create_endpoint(
                actor=cast.actor("olivia"), url=server.url(path), **facts
            )

    return hook
