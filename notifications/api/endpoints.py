"""A shop's webhooks and chat channels for programs; owners and admins only."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from core.api.listing import listing
from core.api.schema import PAGING, refusals
from core.api.serializers import Nothing, read
from core.api.views import endpoint as api_endpoint
from core.errors import Invalid, NotAllowed, NotFound
from notifications import queries, services
from notifications.api import examples, serializers
from notifications.document import delivery_document, endpoint_document
from notifications.models import Endpoint
from notifications.states import Sending

STATES = [str(one) for one in (Sending.PENDING, Sending.SENT, Sending.FAILED)]
OLDEST = ("created_at", "id")


@extend_schema(
    methods=["GET"],
    operation_id="endpoints_list",
    summary="The shop's webhooks and chat channels",
    parameters=PAGING,
    responses={200: serializers.EndpointPage, **refusals(403, 404, 422)},
    examples=[examples.ENDPOINTS],
)
@extend_schema(
    methods=["POST"],
    summary="Add a webhook or chat channel; its signing key is answered this once",
    request=serializers.EndpointIn,
    responses={201: serializers.EndpointWithSecret, **refusals(403, 404, 409, 422)},
    examples=[examples.ENDPOINT_IN, examples.ENDPOINT_MADE],
)
@api_endpoint(["GET", "POST"])
def endpoints(request):
    _require(request)
    if request.method == "POST":
        made = services.create_endpoint(
            actor=request.actor, **read(serializers.EndpointIn, request)
        )
        return Response({**endpoint_document(made.endpoint), "secret": made.secret}, status=201)
    return listing(
        request, queries.endpoints(), key="endpoints", shape=endpoint_document, order=OLDEST
    )


@extend_schema(
    methods=["GET"],
    summary="One webhook or chat channel",
    responses={200: serializers.EndpointOut, **refusals(403, 404)},
    examples=[examples.ENDPOINT_OUT],
)
@extend_schema(
    methods=["PATCH"],
    summary="Change its name, address or kinds, or switch it on or off",
    request=serializers.EndpointEdit,
    responses={200: serializers.EndpointOut, **refusals(403, 404, 422)},
    examples=[examples.ENDPOINT_EDIT, examples.ENDPOINT_OUT],
)
@extend_schema(
    methods=["DELETE"],
    summary="Remove it; its address and signing key are forgotten",
    responses={204: None, **refusals(403, 404)},
)
@api_endpoint(["GET", "PATCH", "DELETE"])
def endpoint(request, endpoint_id: str):
    _require(request)
    if request.method == "DELETE":
        services.remove_endpoint(endpoint_id=endpoint_id, actor=request.actor)
        return Response(status=204)
    if request.method == "PATCH":
        said = read(serializers.EndpointEdit, request)
        services.update_endpoint(endpoint_id=endpoint_id, actor=request.actor, **said)
    return Response(endpoint_document(queries.endpoint(endpoint_id)))


@extend_schema(
    summary="Make a new signing key; the old one signs beside it for a day",
    request=Nothing,
    responses={200: serializers.EndpointWithSecret, **refusals(403, 404, 409, 422)},
    examples=[examples.ENDPOINT_MADE],
)
@api_endpoint(["POST"])
def rotate(request, endpoint_id: str):
    _require(request)
    read(Nothing, request)
    made = services.rotate_secret(endpoint_id=endpoint_id, actor=request.actor)
    return Response({**endpoint_document(made.endpoint), "secret": made.secret})


@extend_schema(
    summary="Send a test message",
    request=Nothing,
    responses={202: serializers.DeliveryOut, **refusals(403, 404, 409, 422)},
    examples=[examples.DELIVERY_OUT],
)
@api_endpoint(["POST"])
def ping(request, endpoint_id: str):
    _require(request)
    read(Nothing, request)
    delivery = services.ping(endpoint_id=endpoint_id, actor=request.actor)
    return Response(delivery_document(delivery), status=202)


@extend_schema(
    summary="What was sent to it, newest first, with every attempt",
    parameters=[*PAGING, OpenApiParameter("state", str, enum=STATES)],
    responses={200: serializers.DeliveryPage, **refusals(403, 404, 422)},
    examples=[examples.DELIVERIES],
)
@api_endpoint(["GET"])
def deliveries(request, endpoint_id: str):
    _require(request)
    found = queries.endpoint(endpoint_id)
    state = request.GET.get("state", "")
    if state and state not in STATES:
        raise Invalid({"state": [f"One of {', '.join(STATES)}."]})
    rows = queries.with_calls(queries.deliveries(found.pk, state=state))
    return listing(request, rows, key="deliveries", shape=delivery_document)


@extend_schema(
    summary="Send a message once more, with the same id",
    request=Nothing,
    responses={202: serializers.DeliveryOut, **refusals(403, 404, 409, 422)},
    examples=[examples.DELIVERY_OUT],
)
@api_endpoint(["POST"])
def replay(request, delivery_id: str):
    _require(request)
    read(Nothing, request)
    delivery = services.replay(delivery_id=delivery_id, actor=request.actor)
    return Response(delivery_document(delivery), status=202)


def _require(request) -> None:
    """Who may not keep endpoints may not look at them either: addresses can be secrets."""
    tenant_id = request.actor.tenant_id
    if not tenant_id:
        raise NotFound
    if not request.actor.has_perm("notifications.manage_endpoints", Endpoint(tenant_id=tenant_id)):
        raise NotAllowed(perm="notifications.manage_endpoints")
