from core.models import Event
from councils import services as councils
from drafts import services
from drafts.models import Approval, Revision
from drafts.states import DraftState
from tests.drafts.conftest import begin, reviewer


def kinds(draft):
    return list(
        Event.objects.filter(draft_id=draft.pk).order_by("at", "id").values_list("kind", flat=True)
    )


def test_a_draft_goes_from_an_idea_to_a_run(cast, shop, council):
    draft = begin(cast)
    services.preview_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    councils.submit_draft(draft_id=draft.pk, actor=cast.actor("eddie"))
    councils.decide(draft_id=draft.pk, verdict="approve", actor=reviewer(cast, "rita", council))
    draft, workflow, made = services.convert_draft(
        draft_id=draft.pk, actor=cast.actor("eddie"), auto_execute=False
    )

    assert (draft.status, made) == (DraftState.CONVERTED, True)
    assert draft.converted_to_workflow_id == workflow.pk
    assert workflow.plan_id == draft.plan_id
    approval = Approval.objects.get(draft=draft)
    assert approval.fingerprint == draft.plan.fingerprint
    assert Revision.objects.get(draft=draft).fingerprint == approval.fingerprint
    assert kinds(draft) == [
        "draft.created",
        "draft.previewed",
        "draft.submitted",
        "review.verdict",
        "draft.approved",
        "workflow.created",
        "draft.converted",
    ]
