"""Celery entry points: ids by keyword, the tenant's scope, one service. A message is a hint."""

import functools
import inspect
from collections.abc import Callable
from contextlib import nullcontext

import structlog
from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from core.scope import scope

log = structlog.get_logger(__name__)


class Publisher:
    """A Celery task and the one way to send it: after the commit, and never failing the request.

    What must not be lost is found again by a sweep over the database, so a broker that is away
    costs time and nothing else.
    """

    def __init__(self, task) -> None:
        self.task = task
        self.name = task.name

    def __call__(self, **ids: str) -> object:
        return self.task(**ids)

    def publish(self, **ids: str) -> None:
        transaction.on_commit(functools.partial(self.send, **ids))

    def send(self, **ids: str) -> bool:
        """Hand the message to the broker now; False when it is away."""
        try:
            self.task.apply_async(kwargs=ids, retry=False, ignore_result=True)
        except (OperationalError, OSError) as error:
            log.warning("task_not_published", task=self.name, error=str(error), **ids)
            return False
        return True


def tenant_task(*, name: str, transactional: bool = True, **options: object) -> Callable:
    """A task that runs in its tenant's scope; unknown keywords of a newer sender are dropped.

    ``transactional=False`` leaves the scope to the body, which opens one per step.
    """

    def decorate(body: Callable[..., object]) -> Publisher:
        wanted = frozenset(inspect.signature(body).parameters)

        def run(*, tenant_id: str, **ids: str) -> object:
            known = {key: value for key, value in ids.items() if key in wanted}
            with scope(tenant_id=tenant_id) if transactional else nullcontext():
                return body(tenant_id=tenant_id, **known)

        return Publisher(shared_task(run, name=name, **options))

    return decorate


@shared_task(name="core.seal_audit", expires=300)
def seal_audit() -> int:
    """Each minute: events that are in no seal yet, tenant by tenant; how many were sealed."""
    from core.audit.sealing import seal_tenant, tenants_to_seal

    return sum(seal_tenant(tenant_id) for tenant_id in tenants_to_seal())
