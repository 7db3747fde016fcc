"""The tenant's language model for programs. Its key goes in and never comes out."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.schema import refusals
from core.api.serializers import ActingSerializer, Nothing, read
from core.api.views import endpoint
from core.errors import NotAllowed, NotFound
from tenants.models import Tenant
from workflows import queries, services
from workflows.models import TextModel
from workflows.models.texts import MONTHLY_TOKENS, MOST_TEXTS, MOST_TOKENS, TEXTS_A_PLAN
from workflows.text.llm.memory import this_month

PERM = "workflows.set_text_model"


class TextModelIn(ActingSerializer):
    url = serializers.CharField(max_length=500)
    model = serializers.CharField(max_length=200)
    key = serializers.CharField(
        max_length=1_000, required=False, allow_blank=True, write_only=True, trim_whitespace=True
    )
    forget_key = serializers.BooleanField(required=False, default=False)
    monthly_tokens = serializers.IntegerField(
        min_value=0, max_value=MOST_TOKENS, required=False, default=MONTHLY_TOKENS
    )
    texts_a_plan = serializers.IntegerField(
        min_value=0, max_value=MOST_TEXTS, required=False, default=TEXTS_A_PLAN
    )
    is_active = serializers.BooleanField(required=False, default=True)


class TextModelOut(serializers.Serializer):
    url = serializers.CharField()
    model = serializers.CharField()
    has_key = serializers.BooleanField()
    is_active = serializers.BooleanField()
    monthly_tokens = serializers.IntegerField()
    texts_a_plan = serializers.IntegerField()
    tokens_this_month = serializers.IntegerField()
    texts_this_month = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class TriedOut(serializers.Serializer):
    works = serializers.BooleanField()
    text = serializers.CharField()


SHOWN = {
    "url": "https://llm.example.com/v1",
    "model": "small-writer",
    "has_key": True,
    "is_active": True,
    "monthly_tokens": 2_000_000,
    "texts_a_plan": 200,
    "tokens_this_month": 41_250,
    "texts_this_month": 96,
    "updated_at": "2026-11-23T10:00:00Z",
}
GIVEN = {"url": "https://llm.example.com/v1", "model": "small-writer", "key": "sk-…"}
IN = OpenApiExample("A model of the shop's own", value=GIVEN, request_only=True)
OUT = OpenApiExample("As it is kept", value=SHOWN, response_only=True)


@extend_schema(
    methods=["GET"],
    operation_id="text_model_read",
    summary="The shop's language model and what it cost this month",
    responses={200: TextModelOut, **refusals(403, 404)},
    examples=[OUT],
)
@extend_schema(
    methods=["PUT"],
    operation_id="text_model_set",
    summary="Let a language model write the shop's texts",
    request=TextModelIn,
    responses={200: TextModelOut, **refusals(403, 422)},
    examples=[IN, OUT],
)
@extend_schema(
    methods=["DELETE"],
    operation_id="text_model_remove",
    summary="Forget the language model and its key",
    responses={204: None, **refusals(403, 404)},
)
@endpoint(["GET", "PUT", "DELETE"])
def text_model(request):
    """For owners and admins. Without a ``key`` the one there is stays, at the same address only."""
    tenant_id = request.actor.tenant_id
    if request.method == "PUT":
        asked = read(TextModelIn, request)
        services.set_text_model(tenant_id=tenant_id, actor=request.actor, **asked)
    elif request.method == "DELETE":
        services.remove_text_model(tenant_id=tenant_id, actor=request.actor)
        return Response(status=204)
    if not request.actor.has_perm(PERM, Tenant.objects.get(pk=tenant_id)):
        raise NotAllowed(perm=PERM)
    found = queries.text_model(tenant_id)
    if found is None:
        raise NotFound
    return Response(_document(found))


@extend_schema(
    operation_id="text_model_try",
    summary="Ask the language model one short question",
    request=Nothing,
    responses={200: TriedOut, **refusals(403, 404)},
    examples=[
        OpenApiExample(
            "It works",
            value={"works": True, "text": "It answered in 0.8 seconds."},
            response_only=True,
        )
    ],
)
@endpoint(["POST"])
def try_it(request):
    """Costs a few tokens, which are counted."""
    read(Nothing, request)
    works, text = services.try_text_model(tenant_id=request.actor.tenant_id, actor=request.actor)
    return Response({"works": works, "text": text})


def _document(found: TextModel) -> dict[str, Any]:
    rows = queries.text_spending(found.tenant_id)
    spent = next((row for row in rows if row.month == this_month()), None)
    return {
        "url": found.url,
        "model": found.model,
        "has_key": found.has_key,
        "is_active": found.is_active,
        "monthly_tokens": found.monthly_tokens,
        "texts_a_plan": found.texts_a_plan,
        "tokens_this_month": spent.tokens if spent else 0,
        "texts_this_month": spent.texts if spent else 0,
        "updated_at": found.updated_at,
    }
