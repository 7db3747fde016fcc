"""A tenant's own settings of a detector."""

from collections.abc import Mapping

import pydantic
from django.db import transaction

from core.actors import Actor
from core.errors import Invalid, NotAllowed
from core.lifecycle import record
from core.scope import require_tenant_id
from proposals.detectors import registry
from proposals.models import DetectorSettings


@transaction.atomic
def change_detector(
    *, detector: str, values: Mapping[str, object], is_on: bool, actor: Actor
) -> DetectorSettings:
    """Switch it on or off and set its numbers; what equals the default is not kept."""
    kind = registry.get(detector)
    row = DetectorSettings.objects.select_for_update().filter(detector=kind.id).first()
    row = row or DetectorSettings(tenant_id=require_tenant_id(), detector=kind.id)
    if not actor.has_perm("proposals.change_detectors", row):
        raise NotAllowed(perm="proposals.change_detectors")
    try:
        parsed = kind.Settings.model_validate(dict(values))
    except pydantic.ValidationError as error:
        fields = {".".join(map(str, e["loc"])): [e["msg"]] for e in error.errors()}
        raise Invalid(fields) from error
    before = {"is_on": row.is_on, **row.values}
    row.values = parsed.model_dump(mode="json", exclude_defaults=True)
    row.is_on, row.updated_by_id = is_on, actor.user_id
    row.save()
    record(
        "proposal.detector_changed",
        row,
        actor=actor,
        data={"detector": kind.id, "before": before, "after": {"is_on": is_on, **row.values}},
    )
    return row
