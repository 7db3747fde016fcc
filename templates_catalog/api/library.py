"""The library for programs: offered, installed as a copy, updated; templates as signed files."""

from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api.listing import page
from core.api.schema import PAGING, page_of, refusals
from core.api.serializers import Nothing, read
from core.api.views import endpoint
from core.canonical import canonical_json
from core.errors import Conflict, Invalid, NotAllowed
from templates_catalog import files, queries, services
from templates_catalog.api import examples, serializers
from templates_catalog.document import detailed_document, library_documents, version_diff
from templates_catalog.opening import visible


@extend_schema(
    summary="What other shops offer; results are told from five shops on",
    operation_id="library_list",
    parameters=PAGING,
    examples=[examples.LIBRARY],
    responses={200: page_of("templates", serializers.LibraryOut), **refusals(403)},
)
@endpoint(["GET"])
def library(request):
    if not request.actor.tenant_id:
        raise NotAllowed(perm="templates.install_template")
    rows = queries.library()
    return page(request, rows, key="templates", shapes=library_documents, order=("name", "id"))


@extend_schema(
    summary="A copy of your own, pinned to the version of today; asked again, the same copy",
    request=Nothing,
    responses={201: serializers.TemplateDetail, **refusals(403, 404)},
)
@endpoint(["POST"])
def install(request, template_id: str):
    read(Nothing, request)
    if not request.actor.tenant_id:
        raise NotAllowed(perm="templates.install_template")
    made = services.install_template(template_id=template_id, actor=request.actor)
    return Response(detailed_document(made), status=201)


@extend_schema(
    summary="Offer the version in force to all shops",
    request=Nothing,
    responses={200: serializers.TemplateDetail, **refusals(403, 404, 409)},
)
@endpoint(["POST"])
def offer(request, template_id: str):
    read(Nothing, request)
    found = visible(request, template_id)
    services.offer_template(template_id=found.pk, actor=request.actor)
    return Response(detailed_document(queries.template(found.pk)))


@extend_schema(
    summary="Offer it no more",
    request=Nothing,
    responses={200: serializers.TemplateDetail, **refusals(403, 404, 409)},
)
@endpoint(["POST"])
def withdraw_offer(request, template_id: str):
    read(Nothing, request)
    found = visible(request, template_id)
    services.withdraw_offer(template_id=found.pk, actor=request.actor)
    return Response(detailed_document(queries.template(found.pk)))


@extend_schema(
    methods=["GET"],
    summary="The newer version of what a copy was made of, as a difference",
    examples=[examples.DIFF],
    responses={200: serializers.VersionDiff, **refusals(404, 409)},
)
@extend_schema(
    methods=["POST"],
    summary="Take the newer version over",
    request=serializers.UpdateIn,
    examples=[examples.UPDATE],
    responses={200: serializers.TemplateDetail, **refusals(403, 404, 409, 422)},
)
@endpoint(["GET", "POST"])
def update(request, template_id: str):
    found = visible(request, template_id)
    if request.method == "POST":
        wanted = read(serializers.UpdateIn, request)["to_version"]
        services.accept_update(template_id=found.pk, to_version=wanted, actor=request.actor)
        return Response(detailed_document(queries.template(found.pk)))
    pair = queries.update_of(found)
    if pair is None:
        raise Conflict("There is no newer version of it.")
    return Response(version_diff(pair[1], pair[0], request.actor.tenant_id))


@extend_schema(
    summary="The template as a signed file",
    examples=[examples.FILE],
    responses={200: serializers.FileOut, **refusals(403, 404, 409)},
)
@endpoint(["GET"])
def export(request, template_id: str):
    found = visible(request, template_id)
    return Response(files.sealed(services.exported(template_id=found.pk, actor=request.actor)))


@extend_schema(
    summary="Take in a file somebody exported, as it was signed",
    request=serializers.FileOut,
    examples=[examples.FILE],
    responses={201: serializers.TemplateDetail, **refusals(403, 422)},
)
@endpoint(["POST"])
def import_file(request):
    """The body is the file. Changed after it was signed: 422. Signed by somebody unknown: taken
    as not verified, for drafts that go to review."""
    if not request.actor.tenant_id:
        raise NotAllowed(perm="templates.import_template")
    if not isinstance(request.data, dict):
        raise Invalid({"file": ["The body has to be a JSON object."]})
    opened = files.opened(canonical_json(request.data))
    made = services.import_template(
        facts=opened.facts, signer=opened.signer, known=opened.is_known, actor=request.actor
    )
    return Response(detailed_document(made), status=201)
