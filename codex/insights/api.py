"""Insights for programs."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.response import Response

from codex.insights import showing
from codex.insights.asking import HITS, count_of, rows_of
from codex.insights.document import insights_document, row_document
from codex.insights.figures import figures
from codex.insights.goals import goals
from codex.insights.opening import asked_by, on_source, only_by, require_member
from codex.insights.period import PERIODS
from codex.insights.sources import SOURCES, Source
from core.api.schema import refusals
from core.api.serializers import check_acting
from core.api.views import endpoint
from core.errors import Invalid

FILTERS = [
    OpenApiParameter("tenant_id", str, description="May be left out; has to be true"),
    OpenApiParameter("period", str, enum=list(PERIODS), description="12m unless days are given"),
    OpenApiParameter("since", str, description="First day, as 2026-09-01"),
    OpenApiParameter("until", str, description="Last day, included"),
    OpenApiParameter("workflow_type_id", str),
    OpenApiParameter("council_id", str, description="Of reviews, verdicts and approvals"),
]
OF_ROWS = [
    OpenApiParameter("measure", str, "path", enum=list(SOURCES)),
    *FILTERS,
    OpenApiParameter("counted", str, enum=[name for name in HITS if name]),
    OpenApiParameter("user_id", str),
    OpenApiParameter("state", str),
    OpenApiParameter("limit", int, description="Rows on a page, 1 to 200 (50)"),
    OpenApiParameter("offset", int),
]
GOAL = {
    "measure": "adoption",
    "title": "Runs made through drafts",
    "goal": 0.6,
    "reached": True,
    "low": 0.56,
    "high": 0.79,
    "value": 0.6833,
    "part": 41,
    "whole": 60,
    "series": [{"start": "2026-11-01", "value": 0.6833, "part": 41, "whole": 60}],
}
TIMES = {
    "decisions": 38,
    "median_seconds": 22200.0,
    "ninetieth_seconds": 176400.0,
    "approved": 28,
    "sent_back": 7,
    "rejected": 3,
    "again": 5,
    "undone": 1,
}
EXAMPLE = {
    "tenant_id": "tenant_demo",
    "since": "2025-12-01",
    "until": "2026-11-23",
    "bucket": "month",
    "workflow_type_id": None,
    "council_id": None,
    "goals": [GOAL],
    "reviews": {
        "all": TIMES,
        "by_council": [{"council_id": "council_content", **TIMES}],
        "by_reviewer": [{"user_id": "user_rita", **TIMES}],
        "approvals_ended": {"taken_back": 1, "expired": 2},
    },
    "runs": {
        "ended": 60,
        "stopped_by_drift": 3,
        "failed": 0,
        "changes_planned": 8412,
        "changes_applied": 8353,
        "fidelity": 0.993,
        "undoable": 57,
        "undone": 2,
        "undo_rate": 0.035,
    },
    "outcomes": {
        "measured": 16,
        "with_an_answer": 14,
        "helped": 11,
        "with_an_expectation": 14,
        "as_expected_or_better": 9,
    },
    "instant_runs_by_person": [
        {
            "user_id": "user_demo",
            "clicks": 12,
            "undone": 0,
            "reviewed_instead": 1,
            "failed": 0,
            "median_seconds": 41.2,
        }
    ],
    "worth_a_look": {"draft.break_glass": 1},
}
ROW = {
    "at": "2026-11-20T09:12:44Z",
    "counted": True,
    "value": None,
    "thing": "workflow",
    "id": "workflow_01m84jvpczh7mzqmszeb1q6tms",
    "name": "Descriptions for 57 products",
    "user_id": "user_demo",
    "council_id": None,
    "workflow_type_id": "content.product_descriptions",
    "state": "succeeded",
}
InsightsOut = inline_serializer(
    "Insights",
    {
        "tenant_id": serializers.CharField(),
        "since": serializers.DateField(),
        "until": serializers.DateField(),
        "bucket": serializers.ChoiceField(choices=["month", "week", "day"]),
        "workflow_type_id": serializers.CharField(allow_null=True),
        "council_id": serializers.CharField(allow_null=True),
        "goals": serializers.ListField(child=serializers.DictField()),
        "reviews": serializers.DictField(),
        "runs": serializers.DictField(),
        "outcomes": serializers.DictField(),
        "instant_runs_by_person": serializers.ListField(child=serializers.DictField()),
        "worth_a_look": serializers.DictField(child=serializers.IntegerField()),
    },
)
RowsOut = inline_serializer(
    "InsightRows",
    {
        "rows": serializers.ListField(child=serializers.DictField()),
        "total": serializers.IntegerField(),
        "limit": serializers.IntegerField(),
        "offset": serializers.IntegerField(),
        "next": serializers.CharField(allow_null=True),
    },
)


@extend_schema(
    operation_id="insights",
    summary="Four goals against time, and how reviews and runs went",
    parameters=FILTERS,
    responses={200: InsightsOut, **refusals(403, 422)},
    examples=[OpenApiExample("A year", value=EXAMPLE, response_only=True)],
)
@endpoint(["GET"])
def insights(request):
    check_acting(request.actor, request.GET.get("tenant_id"), None)
    require_member(request)
    asked = asked_by(request)
    return Response(insights_document(asked, goals(asked), figures(asked)))


@extend_schema(
    operation_id="insights_rows",
    summary="The rows behind a figure, newest first",
    parameters=OF_ROWS,
    responses={200: RowsOut, **refusals(403, 404, 422)},
    examples=[
        OpenApiExample(
            "A run",
            value={"rows": [ROW], "total": 1, "limit": 50, "offset": 0, "next": None},
            response_only=True,
        )
    ],
)
@endpoint(["GET"])
@on_source
def rows(request, source: Source):
    check_acting(request.actor, request.GET.get("tenant_id"), None)
    asked, only = asked_by(request), only_by(request)
    limit, offset = _whole(request, "limit", 50, 1, 200), _whole(request, "offset", 0, 0, 1_000_000)
    found = rows_of(source, asked, only, limit=limit, offset=offset)
    lines = showing.lines_of(source, found, request.actor)
    return Response(
        {
            "rows": [row_document(line) for line in lines],
            "total": count_of(source, asked, only),
            "limit": limit,
            "offset": offset,
            "next": None,
        }
    )


def _whole(request, name: str, otherwise: int, least: int, most: int) -> int:
    text = request.GET.get(name, str(otherwise))
    if not text.isdecimal() or len(text) > 8 or not least <= int(text) <= most:
        words = _("A whole number from {least} to {most}.").format(least=least, most=most)
        raise Invalid({name: [words]})
    return int(text)
