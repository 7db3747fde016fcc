"""Many at once, over real connections on committed data: one of them wins, the rest are told."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from core.errors import DomainError
from core.models import Event
from core.scope import scope
from councils import services as councils
from councils.models import ReviewRound, Verdict
from drafts import services
from drafts.models import Approval, Draft
from tests.drafts.conftest import begin, make_council, raise_prices, reviewer  # noqa: F401
from tests.workflows.conftest import make_shop
from workflows.models import Workflow

THREADS = 20


def storm(tasks: list[Callable[[], object]]) -> list[object]:
    """Run all at the same moment; what each came to, or the refusal it met."""
    gate = Barrier(min(THREADS, len(tasks)))

    def run(number: int, task: Callable[[], object]) -> object:
        try:
            if number < gate.parties:
                gate.wait(timeout=30)
            with scope(tenant_id="tenant_tenant"):
                return task()
        except DomainError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(len(tasks)), tasks))


@pytest.fixture
def cast(committed_cast):
    return committed_cast


@pytest.fixture
def pending(cast):
    """Committed: a draft in review of a council in which twenty people sit on one seat."""
    with scope(tenant_id=cast.tenant.pk):
        make_shop(cast.tenant.pk)
        council = make_council(
            cast.tenant.pk, {"Any": ["user_rita", "user_ron", "user_adam", "user_olivia"]}
        )
        draft = begin(cast)
        councils.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    return draft, council


@pytest.mark.slow
def test_a_hundred_simultaneous_conversions_make_one_workflow(cast, pending):
    draft, council = pending
    with scope(tenant_id=cast.tenant.pk):
        councils.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "rita", council))

    def convert() -> str:
        _draft, workflow, made = services.convert_draft(
            draft_id=draft.pk, actor=cast.actor("eddie"), auto_execute=False
        )
        return f"{workflow.pk} {made}"

    answers = storm([convert] * 100)

    with scope(tenant_id=cast.tenant.pk):
        workflow = Workflow.objects.get()
        assert Counter(answers) == {f"{workflow.pk} True": 1, f"{workflow.pk} False": 99}
        assert Draft.objects.get(pk=draft.pk).converted_to_workflow_id == workflow.pk
        assert Event.objects.filter(kind="draft.converted").count() == 1
        assert Event.objects.filter(kind="workflow.created").count() == 1


@pytest.mark.slow
def test_fifty_simultaneous_approvals_and_rejections_end_in_one_decision(cast, pending):
    draft, council = pending
    people = ["rita", "ron", "adam", "olivia"]

    def verdict(number: int) -> Callable[[], str]:
        actor = reviewer(cast, people[number % 4], council)
        kind = ("approve", "reject")[number // 4 % 2]

        def give() -> str:
            councils.decide(draft_id=draft.pk, verdict=kind, actor=actor, comment="Said.")
            return kind

        return give

    answers = storm([verdict(number) for number in range(50)])

    won = [answer for answer in answers if isinstance(answer, str)]
    lost = Counter(answer.status for answer in answers if isinstance(answer, DomainError))
    assert (len(won), lost) == (1, {409: 49})
    end = {"approve": "approved", "reject": "rejected"}[won[0]]
    with scope(tenant_id=cast.tenant.pk):
        assert Draft.objects.get(pk=draft.pk).status == end
        assert ReviewRound.objects.get().state == end
        assert Verdict.objects.get().decision == won[0]
        assert Approval.objects.count() == (1 if end == "approved" else 0)
        kinds = Counter(Event.objects.values_list("kind", flat=True))
        assert (kinds["review.verdict"], kinds[f"draft.{end}"]) == (1, 1)
        assert kinds["draft.approved"] + kinds["draft.rejected"] == 1


@pytest.mark.slow
def test_approving_while_the_author_withdraws_never_contradicts(cast, pending):
    draft, council = pending
    rita = reviewer(cast, "rita", council)

    def approve() -> str:
        councils.decide(draft_id=draft.pk, verdict="approve", actor=rita)
        return "approved"

    def withdraw() -> str:
        councils.withdraw_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
        return "editing"

    answers = storm([approve, withdraw] * 5)

    won = [answer for answer in answers if isinstance(answer, str)]
    assert len(won) == 1
    with scope(tenant_id=cast.tenant.pk):
        assert Draft.objects.get(pk=draft.pk).status == won[0]


def test_two_seats_filled_at_the_same_moment_approve_once(cast):
    with scope(tenant_id=cast.tenant.pk):
        make_shop(cast.tenant.pk)
        council = make_council(cast.tenant.pk, {"A": ["user_rita"], "B": ["user_ron"]})
        draft = begin(cast)
        councils.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))

    def approve(who: str) -> Callable[[], object]:
        actor = reviewer(cast, who, council)
        return lambda: councils.decide(draft_id=draft.pk, verdict="approve", actor=actor)

    storm([approve("rita"), approve("ron")])

    with scope(tenant_id=cast.tenant.pk):
        assert Draft.objects.get(pk=draft.pk).status == "approved"
        assert Approval.objects.count() == 1
    assert connection.in_atomic_block is False
