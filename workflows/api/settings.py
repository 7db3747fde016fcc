"""Limits and freezes for programs; the pages under Settings call the same services."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.listing import listing
from core.api.schema import PAGING, page_of, refusals
from core.api.serializers import read
from core.api.views import endpoint
from core.errors import NotAllowed
from workflows import queries, restraints, services
from workflows.api import serializers
from workflows.models import FreezeWindow, LimitSet
from workflows.models.limits import LIMITS
from workflows.types import registry

LIMITS_EXAMPLE = OpenApiExample(
    "Prices move by at most a quarter",
    value={"family": "pricing", "number": 0, "max_step_percent": "25.00", "max_items": 500},
    request_only=True,
)
FREEZE_EXAMPLE = OpenApiExample(
    "Every weekend",
    value={
        "name": "Weekend",
        "repeats": "weekly",
        "weekdays": [4],
        "starts_on": "2026-11-27",
        "starts_at": "17:00",
        "ends_on": "2026-11-30",
        "ends_at": "08:00",
        "families": ["pricing"],
    },
    request_only=True,
)
SLOT_EXAMPLE = OpenApiExample(
    "Inside a freeze",
    value={
        "at": "2026-11-28T10:00:00Z",
        "frozen_until": "2026-11-30T08:00:00Z",
        "freeze": {"id": "freeze_01j0000000000000000000000", "name": "Weekend"},
        "next_free_slot": "2026-11-30T08:00:00Z",
    },
    response_only=True,
)


def limits_document(one: LimitSet) -> dict[str, Any]:
    return {
        "id": one.pk,
        "family": one.family,
        "number": one.number,
        **{name: _plain(getattr(one, name)) for name in LIMITS},
        "set_by_user_id": one.set_by_id,
        "created_at": one.created_at,
    }


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)


def freeze_document(window: FreezeWindow) -> dict[str, Any]:
    following = restraints.coming_freezes(window.tenant_id, [window], 400)[:3]
    return {
        "id": window.pk,
        **services.freeze_facts(window),
        "next": [{"start": one.start, "end": one.end} for one in following],
        "created_by_user_id": window.created_by_id,
        "created_at": window.created_at,
        "updated_at": window.updated_at,
    }


@extend_schema(
    methods=["GET"],
    operation_id="limits_list",
    summary="Limits in force",
    parameters=[OpenApiParameter("history", bool, description="Also the versions before"), *PAGING],
    responses={200: page_of("limits", serializers.LimitsOut), **refusals(403)},
)
@extend_schema(
    methods=["PUT"],
    operation_id="limits_set",
    summary="Set the limits of everything or of one family",
    request=serializers.LimitsIn,
    responses={200: serializers.LimitsOut, **refusals(403, 409, 422)},
    examples=[LIMITS_EXAMPLE],
)
@endpoint(["GET", "PUT"])
def limits(request):
    """What no plan may exceed. A PUT writes the next version; a limit left out is off."""
    _require(request, "workflows.manage_limits")
    if request.method == "PUT":
        asked = read(serializers.LimitsIn, request)
        family, number = asked.pop("family"), asked.pop("number")
        made = services.set_limits(
            tenant_id=request.actor.tenant_id,
            limits=asked,
            family=family,
            number=number,
            actor=request.actor,
        )
        return Response(limits_document(LimitSet.objects.get(pk=made.pk)))
    rows = restraints.limit_history()
    if request.GET.get("history", "") not in ("true", "1"):
        rows = rows.filter(pk__in=[one.pk for one in restraints.limit_sets()])
    return listing(request, rows, key="limits", shape=limits_document)


@extend_schema(
    methods=["GET"],
    operation_id="freezes_list",
    summary="Freezes",
    parameters=PAGING,
    responses={200: page_of("freezes", serializers.FreezeOut), **refusals(403)},
)
@extend_schema(
    methods=["POST"],
    operation_id="freezes_add",
    summary="Add a freeze",
    request=serializers.FreezeIn,
    responses={201: serializers.FreezeOut, **refusals(403, 422)},
    examples=[FREEZE_EXAMPLE],
)
@endpoint(["GET", "POST"])
def freezes(request):
    """Times in which no run starts, on the clock of the tenant's time zone."""
    if request.method == "POST":
        facts = read(serializers.FreezeIn, request)
        window = services.add_freeze(
            tenant_id=request.actor.tenant_id, actor=request.actor, **facts
        )
        return Response(freeze_document(restraints.freeze(window.pk)), status=201)
    _require(request, "workflows.view_freezes")
    return listing(request, restraints.freezes(), key="freezes", shape=freeze_document)


@extend_schema(
    methods=["GET"],
    summary="One freeze with its next times",
    responses={200: serializers.FreezeOut, **refusals(403, 404)},
)
@extend_schema(
    methods=["PATCH"],
    summary="Change a freeze",
    request=serializers.FreezeEdit,
    responses={200: serializers.FreezeOut, **refusals(403, 404, 422)},
    examples=[OpenApiExample("Longer", value={"ends_at": "10:00"}, request_only=True)],
)
@extend_schema(
    methods=["DELETE"],
    summary="Remove a freeze",
    responses={204: None, **refusals(403, 404)},
)
@endpoint(["GET", "PATCH", "DELETE"])
def freeze(request, freeze_id: str):
    """Runs held by it are judged anew as soon as it changes."""
    _require(request, "workflows.view_freezes")
    if request.method == "DELETE":
        services.remove_freeze(freeze_id=freeze_id, actor=request.actor)
        return Response(status=204)
    if request.method == "PATCH":
        restraints.freeze(freeze_id)
        facts = read(serializers.FreezeEdit, request)
        services.change_freeze(freeze_id=freeze_id, actor=request.actor, **facts)
    return Response(freeze_document(restraints.freeze(freeze_id)))


@extend_schema(
    operation_id="freezes_free_slot",
    summary="The next time at which a run may start",
    parameters=[
        OpenApiParameter("workflow_type_id", str, required=True),
        OpenApiParameter("at", str, description="Looked at from this time on; now without it"),
    ],
    responses={200: serializers.FreeSlotOut, **refusals(403, 422)},
    examples=[SLOT_EXAMPLE],
)
@endpoint(["GET"])
def free_slot(request):
    """``next_free_slot`` is ``at`` itself when nothing is frozen then."""
    _require(request, "workflows.view_freezes")
    kind = registry.get(request.GET.get("workflow_type_id", ""))
    at = read_moment(request.GET.get("at", ""))
    frozen = restraints.freeze_at(request.actor.tenant_id, kind.id, at)
    return Response(
        {
            "at": at,
            "frozen_until": frozen.until if frozen else None,
            "freeze": {"id": frozen.window.pk, "name": frozen.window.name} if frozen else None,
            "next_free_slot": frozen.until if frozen else at,
        }
    )


def read_moment(text: str):
    if not text:
        return queries.database_now()
    parsed = serializers.MomentIn(data={"at": text})
    parsed.is_valid(raise_exception=True)
    return parsed.validated_data["at"]


def _require(request, perm: str) -> None:
    tenant = getattr(request._request, "tenant", None)
    if tenant is None or not request.actor.has_perm(perm, tenant):
        raise NotAllowed(perm=perm)
