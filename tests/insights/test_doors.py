"""Who sees the insights, what a wrong question is answered, and what leaves as CSV."""

import csv
import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from codex.insights.sources import SOURCES
from core.scope import scope
from drafts.models import Draft
from workflows.models import Plan, Workflow

PAGE, API = "/portal/insights", "/api/insights"
WHOLE = {"since": "2024-06-01", "until": "2026-11-23"}
MEMBERS = ["olivia", "adam", "eddie", "vera"]


def text_of(response) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


def table_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text_of(response).removeprefix("\ufeff"))))


@pytest.mark.parametrize("who", MEMBERS)
@pytest.mark.parametrize("path", [PAGE, API, f"{PAGE}/adoption", f"{API}/speed"])
def test_every_member_of_the_shop_sees_them(lived, who, path):
    assert lived(1, 8).client(who).get(path).status_code == 200


@pytest.mark.parametrize(
    "path",
    [PAGE, f"{PAGE}/figures.csv", f"{PAGE}/adoption", f"{PAGE}/adoption/rows.csv", API],
)
def test_a_member_of_no_shop_does_not(cast, path):
    assert cast.client("guest").get(path).status_code in (302, 401, 403)


def test_a_stranger_sees_the_other_shops_figures_only(lived):
    cast = lived(2, 30)
    ours = cast.client("vera").get(API, WHOLE).json()
    theirs = cast.client("stranger").get(API, WHOLE).json()
    assert (ours["tenant_id"], theirs["tenant_id"]) == (cast.tenant.pk, cast.other.pk)
    with scope(tenant_id=cast.other.pk):
        assert theirs["goals"][1]["whole"] == Draft.objects.count()
    response = cast.client("stranger").get(API, {"tenant_id": cast.tenant.pk})
    assert response.status_code == 403


@pytest.mark.parametrize("name", SOURCES)
def test_each_measure_has_its_rows_at_every_door(lived, name):
    client = lived(3, 30).client("olivia")
    page = client.get(f"{PAGE}/{name}", WHOLE)
    listed = client.get(f"{API}/{name}", {**WHOLE, "limit": 200}).json()
    table = table_of(client.get(f"{PAGE}/{name}/rows.csv", WHOLE))
    assert page.status_code == 200
    assert str(SOURCES[name].title) in page.content.decode()
    assert len(listed["rows"]) == listed["total"] == len(table)
    assert [row["counted"] for row in listed["rows"]] == [row["counted"] == "True" for row in table]


def test_a_draft_that_is_not_ones_to_see_is_counted_and_not_named(cast):
    """Editors see their own drafts; the share of all drafts is told to everyone."""
    with scope(tenant_id=cast.tenant.pk):
        Draft.objects.create(
            tenant=cast.tenant, workflow_type_id="seo.audit", name="Secret", created_by=cast.bob
        )
    for path in (f"{PAGE}/templates", f"{PAGE}/templates/rows.csv", f"{API}/templates"):
        assert "Secret" in text_of(cast.client("olivia").get(path))
        answer = text_of(cast.client("eddie").get(path))
        assert "Secret" not in answer
        assert "draft_" not in answer
    assert cast.client("eddie").get(API).json()["goals"][1]["whole"] == 1


WRONG = [
    ({"period": "7y"}, "period"),
    ({"since": "yesterday"}, "since"),
    ({"since": "2026-02-01", "until": "2026-01-01"}, "since"),
    ({"since": "1990-01-01", "until": "2026-01-01"}, "since"),
    ({"workflow_type_id": "no.such"}, "workflow_type_id"),
]


@pytest.mark.parametrize(("query", "field"), WRONG)
def test_a_wrong_question_is_named(cast, query, field):
    response = cast.client("vera").get(API, query)
    assert response.status_code == 422
    assert list(response.json()["errors"]) == [field]
    assert cast.client("vera").get(PAGE, query).status_code == 422


@pytest.mark.parametrize(
    ("query", "field"), [({"counted": "maybe"}, "counted"), ({"limit": "0"}, "limit")]
)
def test_a_wrong_question_about_rows_is_named(cast, query, field):
    response = cast.client("vera").get(f"{API}/runs", query)
    assert (response.status_code, list(response.json()["errors"])) == (422, [field])


def test_a_measure_that_is_not_there_is_not_found(cast):
    for path in (f"{PAGE}/nothing", f"{PAGE}/nothing/rows.csv", f"{API}/nothing"):
        assert cast.client("vera").get(path).status_code == 404


def test_a_name_never_becomes_a_formula(cast):
    with scope(tenant_id=cast.tenant.pk):
        plan = Plan.objects.create(
            tenant=cast.tenant,
            workflow_type_id="seo.audit",
            type_version=1,
            inputs={},
            seed="s",
            fingerprint="a" * 64,
            summary={},
            change_count=1,
        )
        Workflow.objects.create(
            tenant=cast.tenant,
            plan=plan,
            workflow_type_id="seo.audit",
            name="=HYPERLINK(1)<script>",
            inputs={},
            created_by_agent="direct",
            total=1,
        )
    (row,) = table_of(cast.client("vera").get(f"{PAGE}/adoption/rows.csv"))
    assert row["what"] == "'=HYPERLINK(1)<script>"
    page = text_of(cast.client("vera").get(f"{PAGE}/adoption"))
    assert "<script>" not in page.split("=HYPERLINK(1)")[1][:20]


def test_all_figures_leave_as_one_table(lived):
    client = lived(4, 30).client("vera")
    told = client.get(API, WHOLE).json()
    rows = {
        (r["figure"], r["of"]): r["value"]
        for r in table_of(client.get(f"{PAGE}/figures.csv", WHOLE))
    }
    for goal in told["goals"]:
        value = rows[goal["measure"], "whole period"]
        assert value == ("" if goal["value"] is None else str(goal["value"]))
        assert len([key for key in rows if key[0] == goal["measure"]]) == 1 + len(goal["series"])
    assert rows["runs", "ended"] == str(told["runs"]["ended"])


def queries_of(client, path) -> int:
    client.get(path, WHOLE)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path, WHOLE).status_code == 200
    return len(seen)


def test_the_same_number_of_queries_however_long_the_past(lived):
    client = lived(5, 30).client("olivia")
    before = [queries_of(client, path) for path in (PAGE, f"{PAGE}/reviews")]
    lived(7, 60)
    assert [queries_of(client, path) for path in (PAGE, f"{PAGE}/reviews")] == before
    assert before[0] <= 40


def test_the_page_says_the_figures_in_words_with_a_chart_each(lived):
    cast = lived(6, 60)
    html = text_of(cast.client("vera").get(PAGE, WHOLE))
    assert html.count('<svg viewBox="0 0 100 100"') == 4
    assert html.count("; the goal is ") == 4
    for title in ("Review time by council", "By reviewer", "Instant runs by person"):
        assert f"<h2>{title}</h2>" in html
    assert cast.rita.name in html


def test_an_empty_shop_says_so_and_divides_nothing(cast):
    html = text_of(cast.client("vera").get(PAGE))
    assert html.count("nothing happened in this time") == 4
    assert html.count("not known yet") == 4
    told = cast.client("vera").get(API).json()
    assert [goal["value"] for goal in told["goals"]] == [None] * 4
    assert [goal["reached"] for goal in told["goals"]] == [None] * 4


def test_today_is_in_the_period(cast):
    told = cast.client("vera").get(API, {"period": "30d"}).json()
    today = timezone.now().astimezone(ZoneInfo(cast.tenant.timezone)).date()
    assert (told["until"], told["since"]) == (
        today.isoformat(),
        (today - timedelta(days=29)).isoformat(),
    )
    assert len(told["goals"][0]["series"]) == 30
