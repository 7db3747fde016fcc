"""An endpoint that keeps failing is switched off, and its keepers are told."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import SystemActor
from core.lifecycle import record
from notifications.models import Endpoint
from notifications.services.telling import notify
from tenants.queries import member_ids
from tenants.states import Role

COURIER = SystemActor("courier")
PATIENT_FOR = timedelta(hours=24)
FAILURES = 5


def note_success(endpoint_id: str) -> None:
    failing = Endpoint.objects.filter(pk=endpoint_id, failures__gt=0)
    failing.update(failures=0, failing_since=None)


def note_failure(endpoint_id: str, problem: str, *, gone: bool = False) -> None:
    """Off at once when the address says it is gone for good; else after a day without a success."""
    endpoint = Endpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None or not endpoint.is_active:
        return
    now = timezone.now()
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    worn_out = endpoint.failures >= FAILURES and endpoint.failing_since <= now - PATIENT_FOR
    if gone or worn_out:
        endpoint.is_active = False
        endpoint.why_off = (_("It said it is gone.") if gone else problem)[:300]
    endpoint.save()
    if not endpoint.is_active:
        _tell(endpoint)


def _tell(endpoint: Endpoint) -> None:
    event = record("endpoint.disabled", endpoint, actor=COURIER, data={"why": endpoint.why_off})
    notify(
        tenant_id=endpoint.tenant_id,
        user_ids=member_ids(endpoint.tenant_id, roles=(Role.OWNER, Role.ADMIN)),
        kind="endpoint.disabled",
        subject=_("“{name}” was switched off").format(name=endpoint.name),
        text=_("{why} Nothing more is sent there until you switch it on.").format(
            why=endpoint.why_off
        ),
        url=f"/portal/settings/endpoints/{endpoint.pk}",
        dedupe_key=f"{event.pk}:disabled",
    )
