"""A type that raises: the draft stays as it was, people get a reference, the log the trace."""

import pytest
from structlog.testing import capture_logs

from tests.drafts.conftest import begin, facts_of, kinds_of
from workflows.models import Plan


@pytest.fixture
def faulty(cast, council):
    return begin(cast, inputs={"fail": "raise"})


def trace_of(logs, reference: str) -> str:
    (found,) = [one for one in logs if one["event"] == "plan_failed"]
    assert found["reference"] == reference
    return repr(found["exc_info"])


def test_a_program_gets_a_problem_with_the_reference(cast, faulty):
    before, said = facts_of(faulty), kinds_of(faulty)
    for move in ("preview", "submit"):
        with capture_logs() as logs:
            answer = cast.client("eddie").post(
                f"/api/drafts/{faulty.pk}/{move}", {}, content_type="application/json"
            )

        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (422, "plan_failed")
        assert problem["detail"].startswith("“Raise prices” stopped with an error while planning.")
        assert trace_of(logs, problem["reference"]) == "RuntimeError('the type is broken')"
        assert "broken" not in answer.content.decode()
    assert (facts_of(faulty), kinds_of(faulty)) == (before, said)
    assert Plan.objects.count() == 0


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
@pytest.mark.parametrize("move", ["preview", "submit"])
def test_a_person_reads_what_happened_and_the_reference(cast, faulty, move, headers):
    before, said = facts_of(faulty), kinds_of(faulty)
    url = f"/portal/workflows/drafts/{faulty.pk}/{move}"
    with capture_logs() as logs:
        answer = cast.client("eddie").post(url, {}, headers=headers)

    page = answer.content.decode()
    (reference,) = [one["reference"] for one in logs if one["event"] == "plan_failed"]
    assert answer.status_code == 422
    assert "stopped with an error while planning" in page
    assert reference in page
    assert "the type is broken" not in page
    assert (facts_of(faulty), kinds_of(faulty)) == (before, said)
    assert Plan.objects.count() == 0
