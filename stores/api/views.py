"""The shop for programs: imports and products."""

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import parser_classes
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from core.api.listing import listing
from core.api.schema import PAGING, page_of, refusals
from core.api.serializers import Nothing, check_acting, read
from core.api.views import endpoint
from core.errors import Invalid
from stores import queries, services
from stores.api import serializers
from stores.document import detailed_import, import_document, product_document
from stores.downloads import refusals_response
from stores.models import ImportRun
from stores.opening import on_import, shop_of
from stores.states import ImportState, ProductStatus

TENANT = OpenApiParameter("tenant_id", str)
DONE = {200: serializers.ImportDetailOut, **refusals(403, 404, 409, 422)}


@extend_schema(
    methods=["GET"],
    operation_id="imports_list",
    parameters=[TENANT, OpenApiParameter("status", str), *PAGING],
    responses={200: page_of("imports", serializers.ImportOut), **refusals(403, 422)},
)
@extend_schema(
    methods=["POST"],
    operation_id="imports_create",
    request={"multipart/form-data": serializers.ImportIn},
    responses={
        201: serializers.ImportDetailOut,
        202: serializers.ImportDetailOut,
        **refusals(403, 422),
    },
)
@endpoint(["GET", "POST"])
@parser_classes([MultiPartParser])
def imports(request):
    """Files that came in, newest first; a POST sends one."""
    shop = shop_of(request)
    if request.method == "POST":
        return _receive(request)
    check_acting(request.actor, request.GET.get("tenant_id"), None)
    rows = queries.imports(shop.tenant_id)
    if request.GET.get("status"):
        _check_one_of("status", request.GET["status"], ImportState.values)
        rows = rows.filter(status=request.GET["status"])
    return listing(request, rows, key="imports", shape=import_document)


def _receive(request) -> Response:
    """201 when it is finished or only looked at, 202 while a worker imports it."""
    sent = serializers.ImportIn(
        data=request.data, context={"actor": request.actor, "request": request}
    )
    sent.is_valid(raise_exception=True)
    asked = sent.validated_data
    run = services.receive_upload(
        tenant_id=request.actor.tenant_id,
        file=asked["file"],
        filename=asked["file"].name,
        kind=asked.get("kind", ""),
        actor=request.actor,
    )
    if not asked["preview"]:
        run = services.confirm_import(run_id=run.pk, actor=request.actor)
    response = Response(detailed_import(run), status=202 if run.is_open else 201)
    response["Location"] = f"/api/store/imports/{run.pk}"
    return response


@extend_schema(
    operation_id="imports_get",
    responses={200: serializers.ImportDetailOut, **refusals(404)},
)
@endpoint(["GET"])
@on_import
def import_run(request, found: ImportRun):
    return Response(detailed_import(found))


@extend_schema(operation_id="imports_confirm", request=serializers.ConfirmIn, responses=DONE)
@endpoint(["POST"])
@on_import
def confirm(request, found: ImportRun):
    """Import what was looked at, perhaps with other columns."""
    asked = read(serializers.ConfirmIn, request)
    run = services.confirm_import(
        run_id=found.pk,
        actor=request.actor,
        kind=asked.get("kind", ""),
        mapping=asked.get("mapping"),
    )
    return Response(detailed_import(run))


@extend_schema(operation_id="imports_discard", request=Nothing, responses=DONE)
@endpoint(["POST"])
@on_import
def discard(request, found: ImportRun):
    read(Nothing, request)
    return Response(detailed_import(services.discard_import(run_id=found.pk, actor=request.actor)))


@extend_schema(
    operation_id="imports_refusals",
    responses={
        200: OpenApiResponse(OpenApiTypes.STR, description="Refused rows as CSV"),
        **refusals(404),
    },
)
@endpoint(["GET"])
@on_import
def refused_rows(request, found: ImportRun):
    return refusals_response(found)


@extend_schema(
    operation_id="products_list",
    parameters=[TENANT, *(OpenApiParameter(name, str) for name in ("q", "status")), *PAGING],
    responses={200: page_of("products", serializers.ProductOut), **refusals(403, 422)},
)
@endpoint(["GET"])
def products(request):
    shop = shop_of(request)
    check_acting(request.actor, request.GET.get("tenant_id"), None)
    status = request.GET.get("status", "")
    if status:
        _check_one_of("status", status, ProductStatus.values)
    rows = queries.products(shop.tenant_id, text=request.GET.get("q", ""), status=status)
    return listing(
        request,
        queries.with_variants(rows),
        key="products",
        shape=product_document,
        order=("-id",),
    )


@extend_schema(
    operation_id="products_get", responses={200: serializers.ProductOut, **refusals(404)}
)
@endpoint(["GET"])
def product(request, product_id: str):
    shop = shop_of(request)
    return Response(product_document(queries.product(shop.tenant_id, product_id)))


def _check_one_of(name: str, value: str, known: list[str]) -> None:
    if value not in known:
        raise Invalid({name: [_("One of: {known}.").format(known=", ".join(known))]})
