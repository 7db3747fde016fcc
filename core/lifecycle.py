"""The one way to move a state: lock, judge, move, save, write it down, in one transaction."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import structlog
from django.db import models, transaction
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from core.actors import Actor
from core.errors import IllegalMove, NotAllowed, NotFound
from core.models import Event
from core.scope import current_scope

Rows = type[models.Model] | models.QuerySet[Any]


@contextmanager
def moving(
    rows: Rows,
    pk: object,
    *,
    actor: Actor,
    perm: str,
    event: str,
    data: Mapping[str, object] | None = None,
) -> Iterator[Any]:
    """Lock one row, judge the actor on it, let the caller move it, save it, record the event.

    ``rows`` is a model or a queryset of what the actor may see: a row outside it is not found.
    The lock comes first, so permission and state are judged on the row that is saved; every
    service that writes the row takes this lock, so saving it whole is safe. ``data`` may be
    filled by the caller while the row is held.
    """
    with transaction.atomic():
        subject = locked(rows, pk)
        if not actor.has_perm(perm, subject):
            raise NotAllowed(perm=perm)
        before = state_of(subject)
        try:
            yield subject
        except TransitionNotAllowed as refused:
            raise IllegalMove(
                _("This is not possible while it is “{state}”.").format(state=_label(subject)),
                state=before,
                event=event,
            ) from refused
        subject.save()
        record(event, subject, actor=actor, before=before, after=state_of(subject), data=data)


def locked(rows: Rows, pk: object) -> Any:
    """The row under ``FOR UPDATE``; ``NotFound`` when it is not among ``rows``."""
    queryset = rows.objects.all() if isinstance(rows, type) else rows  # type: ignore[attr-defined]
    subject = queryset.select_for_update(of=("self",)).filter(pk=pk).first()
    if subject is None:
        raise NotFound
    return subject


def record(
    kind: str,
    subject: models.Model,
    *,
    actor: Actor,
    before: str = "",
    after: str = "",
    data: Mapping[str, object] | None = None,
) -> Event:
    """Write one audit event in the current transaction."""
    return Event.objects.create(
        tenant_id=_tenant_of(subject),
        kind=kind,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        draft_id=_draft_of(subject),
        actor_id=actor.id,
        actor_label=actor.label,
        before=before,
        after=after,
        data=dict(data or {}),
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )


def state_of(subject: models.Model) -> str:
    return str(getattr(subject, "status", ""))


def _label(subject: models.Model) -> str:
    display = getattr(subject, "get_status_display", None)
    return str(display()) if display else state_of(subject)


def _tenant_of(subject: models.Model) -> str:
    """The row's own tenant; for a row of none (a tenant itself, a shared one) the scope's."""
    here = current_scope()
    return getattr(subject, "tenant_id", None) or (here.tenant_id if here else "")


def _draft_of(subject: models.Model) -> str:
    if subject._meta.label_lower == "drafts.draft":
        return str(subject.pk)
    return getattr(subject, "draft_id", None) or ""
