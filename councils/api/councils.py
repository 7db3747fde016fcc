"""A tenant's councils and rules for programs."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.listing import listing
from core.api.serializers import read
from core.api.views import endpoint
from core.errors import NotFound
from councils import queries, services
from councils.api import serializers
from councils.document import council_document, rule_document


@extend_schema(methods=["GET"], operation_id="councils_list", responses=serializers.CouncilPage)
@extend_schema(
    methods=["POST"], request=serializers.CouncilIn, responses={201: serializers.CouncilOut}
)
@endpoint(["GET", "POST"])
def councils(request):
    _require_tenant(request)
    if request.method == "POST":
        wanted = read(serializers.CouncilIn, request)
        made = services.create_council(
            tenant_id=request.actor.tenant_id, actor=request.actor, **wanted
        )
        return Response(council_document(made), status=201)
    return listing(
        request, queries.councils(), key="councils", shape=council_document, order=("name", "id")
    )


@extend_schema(methods=["GET"], responses=serializers.CouncilOut)
@extend_schema(methods=["PATCH"], request=serializers.CouncilEdit, responses=serializers.CouncilOut)
@endpoint(["GET", "PATCH"])
def council(request, council_id: str):
    _require_tenant(request)
    if request.method == "PATCH":
        wanted = read(serializers.CouncilEdit, request)
        found = services.update_council(council_id=council_id, actor=request.actor, **wanted)
    else:
        found = queries.council(council_id)
    return Response(council_document(found))


@extend_schema(methods=["GET"], responses=dict)
@extend_schema(methods=["PUT"], request=serializers.RulesIn, responses=dict)
@endpoint(["GET", "PUT"])
def rules(request):
    """The rules in the order they are tried; PUT replaces the tenant's own."""
    _require_tenant(request)
    if request.method == "PUT":
        wanted = read(serializers.RulesIn, request)
        services.set_rules(
            tenant_id=request.actor.tenant_id, actor=request.actor, rules=wanted["rules"]
        )
    return Response({"rules": [rule_document(rule) for rule in queries.routing_rules()]})


def _require_tenant(request) -> None:
    if not request.actor.tenant_id:
        raise NotFound
