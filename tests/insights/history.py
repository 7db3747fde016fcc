"""Random histories of a shop, as the moves leave them behind, dated through two years.

Rows are written with the dates they are told; every legal move is made, so that the database's own
guards hold.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from core.models import Event
from councils.models import Council, ReviewRound, Verdict
from drafts.models import Approval, Draft, Revision
from proposals.models import Outcome, Proposal
from templates_catalog.models import StandingApproval, Template, TemplateUse, TemplateVersion
from workflows.models import Plan, Workflow

TYPES = ("content.product_descriptions", "seo.audit", "pricing.dynamic_pricing")
ENDS = ("succeeded", "succeeded", "succeeded", "failed", "stopped_by_drift", "cancelled", "undone")
REASON = "Because of this."


@dataclass
class Past:
    """Makes one tenant's past; ``people`` are user ids, ``reviewers`` never write drafts."""

    tenant_id: str
    people: list[str]
    reviewers: list[str]
    random: Random
    last: datetime = datetime(2026, 11, 23, 12, tzinfo=UTC)
    days: int = 700
    councils: list[Council] = field(default_factory=list)
    templates: list[TemplateVersion] = field(default_factory=list)
    standing: list[StandingApproval] = field(default_factory=list)
    made: int = 0

    def __post_init__(self) -> None:
        """A second past of the same tenant goes on with its councils and templates."""
        self.made = self.random.randrange(10**9)
        self.councils = list(Council.objects.filter(tenant_id=self.tenant_id)) or [
            Council.objects.create(tenant_id=self.tenant_id, name=name)
            for name in ("Trading", "Content")
        ]
        self.templates = list(TemplateVersion.objects.filter(tenant_id=self.tenant_id)) or [
            self._template(kind) for kind in TYPES
        ]

        self.standing = list(StandingApproval.objects.filter(tenant_id=self.tenant_id)) or [
            StandingApproval.objects.create(
                tenant_id=self.tenant_id,
                template_id=version.template_id,
                version=version,
                council=self.councils[0],
                bounds={},
                until=self.last + timedelta(days=90),
            )
            for version in self.templates
        ]

    def _template(self, kind: str) -> TemplateVersion:
        template = Template.objects.create(
            tenant_id=self.tenant_id, name=kind, category="Content", workflow_type_id=kind
        )
        return TemplateVersion.objects.create(
            tenant_id=self.tenant_id,
            template=template,
            number=1,
            name=kind,
            workflow_type_id=kind,
        )

    # -- chance

    def moment(self) -> datetime:
        return self.last - timedelta(seconds=self.random.uniform(0, self.days * 86400))

    def later(self, at: datetime, hours: float) -> datetime:
        return at + timedelta(seconds=self.random.expovariate(1 / (hours * 3600)))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    # -- what happens

    def happen(self, times: int) -> None:
        stories = (self.direct, self.written, self.reviewed, self.instant, self.proposed)
        for _ in range(times):
            self.random.choices(stories, weights=(2, 1, 5, 3, 3))[0]()
        for _ in range(times // 8):
            self.noticed()

    def direct(self) -> Workflow:
        at, kind = self.moment(), self.random.choice(TYPES)
        return self.run(None, kind, at, agent="direct")

    def written(self) -> Draft:
        draft = self.draft(self.moment())
        if self.chance(0.4):
            Draft.objects.filter(pk=draft.pk).update(status="discarded")
        return draft

    def reviewed(self) -> Draft:
        """Up to three rounds, then whatever comes of the last one."""
        at = self.moment()
        draft = self.draft(at, used=self.chance(0.4))
        plan, council = self.plan(draft), self.random.choice(self.councils)
        for cycle in range(1, self.random.randint(1, 3) + 1):
            at = self.later(at, 6)
            turn = self.round(draft, plan, council, cycle, at)
            end = self.random.choice(["changes_requested", "rejected", "withdrawn", "approved"])
            at = self.later(at, 20)
            self.close(draft, turn, plan, end, at)
            if end in ("approved", "rejected"):
                break
        return draft

    def instant(self) -> Draft:
        at = self.moment()
        draft = self.draft(at, used=True, kind=self.random.choice(["instant", "use"]))
        if self.chance(0.15):  # it left the bounds, and is reviewed instead
            return draft
        plan, given = self.plan(draft), self.random.choice(self.standing)
        self.approve(draft, plan, at, kind="standing", standing_approval_id=given.pk)
        TemplateUse.objects.filter(draft=draft).update(standing_approval=given, at_once_at=at)
        Draft.objects.filter(pk=draft.pk).update(plan=plan, status="approved")
        self.convert(draft, plan, at + timedelta(seconds=self.random.uniform(0.1, 3)), hours=0.01)
        return draft

    def proposed(self) -> Proposal:
        at, state = (
            self.moment(),
            self.random.choice(["pending", "dismissed", "expired", "accepted"]),
        )
        draft = self.draft(at) if state == "accepted" else None
        proposal = self.proposal(draft, state, at)
        if draft is not None and self.chance(0.7):
            plan = self.plan(draft)
            self.outcome(proposal, self.run(draft, draft.workflow_type_id, at, plan=plan))
        return proposal

    def noticed(self) -> None:
        kinds = ["draft.break_glass", "template.left_bounds", "template.suspended", "draft.edited"]
        Event.objects.create(
            tenant_id=self.tenant_id,
            kind=self.random.choice(kinds),
            subject_type="drafts.draft",
            subject_id="draft_some",
            actor_id=self.random.choice(self.people),
            actor_label="Somebody",
            at=self.moment(),
        )

    # -- rows

    def draft(self, at: datetime, *, used: bool = False, kind: str = "use") -> Draft:
        self.made += 1
        author, version = self.random.choice(self.people), self.random.choice(self.templates)
        draft = Draft.objects.create(
            tenant_id=self.tenant_id,
            workflow_type_id=version.workflow_type_id,
            name=f"Draft {self.made}",
            created_by_id=author,
            created_from_template_id=version.template_id if used else None,
            created_at=at,
        )
        if used:
            TemplateUse.objects.create(
                tenant_id=self.tenant_id,
                template_id=version.template_id,
                version=version,
                kind=kind,
                user_id=author,
                token=f"token-{self.made}",
                draft=draft,
                reviewed_instead=["limit"] if self.chance(0.2) else [],
                clicked_at=at - timedelta(seconds=self.random.uniform(0, 2)),
            )
        return draft

    def plan(self, draft: Draft | None, kind: str = "") -> Plan:
        return Plan.objects.create(
            tenant_id=self.tenant_id,
            draft=draft,
            workflow_type_id=draft.workflow_type_id if draft else kind,
            type_version=1,
            inputs={},
            seed="seed",
            fingerprint="a" * 64,
            summary={},
            change_count=9,
        )

    def round(
        self, draft: Draft, plan: Plan, council: Council, cycle: int, at: datetime
    ) -> ReviewRound:
        revision = Revision.objects.create(
            tenant_id=self.tenant_id,
            draft=draft,
            number=cycle,
            workflow_type_id=draft.workflow_type_id,
            name=draft.name,
            plan=plan,
            fingerprint=plan.fingerprint,
        )
        Draft.objects.filter(pk=draft.pk).update(
            status="pending_review", submitted_at=at, assigned_council=council, plan=plan
        )
        return ReviewRound.objects.create(
            tenant_id=self.tenant_id,
            draft=draft,
            cycle=cycle,
            revision=revision,
            revision_number=cycle,
            fingerprint=plan.fingerprint,
            council=council,
            opened_at=at,
        )

    def close(self, draft: Draft, turn: ReviewRound, plan: Plan, end: str, at: datetime) -> None:
        decision = {"approved": "approve", "rejected": "reject"}.get(end, "request_changes")
        if end != "withdrawn":
            self.verdict(turn, decision, at)
        ReviewRound.objects.filter(pk=turn.pk).update(state=end, closed_at=at)
        if end == "approved":
            self.approved(draft, turn, plan, at)
        else:
            status = "rejected" if end == "rejected" else "editing"
            Draft.objects.filter(pk=draft.pk).update(status=status)

    def verdict(self, turn: ReviewRound, decision: str, at: datetime) -> None:
        for user_id in self.random.sample(self.reviewers, self.random.randint(1, 2)):
            said = turn.opened_at + (at - turn.opened_at) * self.random.random()
            verdict = Verdict.objects.create(
                tenant_id=self.tenant_id,
                draft_id=turn.draft_id,
                round=turn,
                user_id=user_id,
                decision=decision,
                comment=REASON,
                revision_number=turn.revision_number,
                fingerprint=turn.fingerprint,
                created_at=said,
            )
            if self.chance(0.2):
                why = self.random.choice(["", "trimmed"])
                Verdict.objects.filter(pk=verdict.pk).update(taken_back_at=at, voided_why=why)

    def approved(self, draft: Draft, turn: ReviewRound, plan: Plan, at: datetime) -> None:
        approval = self.approve(
            draft, plan, at, kind="council", council=turn.council, revision=turn.revision
        )
        Draft.objects.filter(pk=draft.pk).update(status="approved")
        end = self.random.choice(["run", "run", "run", "taken_back", "reopened", "expired", "wait"])
        if end == "run":
            self.convert(draft, plan, self.later(at, 4), hours=1)
        elif end != "wait":
            status = "pending_review" if end == "taken_back" else "editing"
            Draft.objects.filter(pk=draft.pk).update(status=status)
            Approval.objects.filter(pk=approval.pk).update(
                voided_at=self.later(at, 30), voided_why=end
            )
            if end == "taken_back":
                ReviewRound.objects.filter(pk=turn.pk).update(state="open", closed_at=None)

    def approve(self, draft: Draft, plan: Plan, at: datetime, **more) -> Approval:
        return Approval.objects.create(
            tenant_id=self.tenant_id,
            draft=draft,
            plan=plan,
            fingerprint=plan.fingerprint,
            approved_by_id=self.random.choice(self.reviewers),
            until=at + timedelta(days=14),
            created_at=at,
            **more,
        )

    def convert(self, draft: Draft, plan: Plan, at: datetime, hours: float) -> None:
        run = self.run(draft, draft.workflow_type_id, at, plan=plan, hours=hours)
        Draft.objects.filter(pk=draft.pk).update(status="converted", converted_to_workflow=run)

    def run(
        self,
        draft: Draft | None,
        kind: str,
        at: datetime,
        *,
        plan: Plan | None = None,
        agent: str = "draft_converter",
        hours: float = 1,
    ) -> Workflow:
        total, end = self.random.randint(1, 40), self.random.choice((*ENDS, "pending", "running"))
        applied = {"stopped_by_drift": 0, "pending": 0}.get(end, self.random.randint(0, total))
        if end in ("succeeded", "undone"):
            applied = max(applied, 1)
        began = self.later(at, hours)
        ended = end not in ("pending", "running")
        put_off = self.chance(0.1)
        done = total if end in ("succeeded", "undone") else applied
        return Workflow.objects.create(
            tenant_id=self.tenant_id,
            plan=plan or self.plan(draft, kind),
            draft=draft,
            workflow_type_id=kind,
            name=draft.name if draft else "Direct",
            inputs={},
            status=end,
            created_by_id=self.random.choice(self.people),
            created_by_agent=agent,
            created_at=at,
            due_at=at + timedelta(hours=9) if put_off else at,
            total=total,
            done=done,
            applied=applied,
            skipped=done - applied,
            fidelity=Decimal(applied) / total if ended else None,
            started_at=None if end == "pending" else began,
            first_change_at=self.later(began, hours / 10) if applied else None,
            finished_at=self.later(began, 2 * hours) if ended else None,
            undo_started_at=self.later(began, 30) if end == "undone" else None,
        )

    def proposal(self, draft: Draft | None, state: str, at: datetime) -> Proposal:
        self.made += 1
        return Proposal.objects.create(
            tenant_id=self.tenant_id,
            workflow_type_id=draft.workflow_type_id if draft else self.random.choice(TYPES),
            title=f"Proposal {self.made}",
            description="Do this",
            reasoning="Because",
            confidence_score=0.5,
            said_confidence=0.5,
            based_on={"unit": "count", "value": 1, "threshold": 1, "metric": "", "window": ""},
            expected_impact={},
            status=state,
            expires_at=at + timedelta(days=9),
            detector="low_conversion",
            detector_version=1,
            today=at.date(),
            target=f"target-{self.made}",
            suppression_key=f"key-{self.made}",
            created_draft=draft,
            decided_by_id=self.random.choice(self.people) if state != "expired" else None,
            decided_at=None if state == "pending" else self.later(at, 30),
        )

    def outcome(self, proposal: Proposal, run: Workflow) -> Outcome:
        verdict = self.random.choice(["better", "none", "worse", "not_enough_data"])
        is_told, low = verdict != "not_enough_data", self.random.uniform(-5, 5)
        effect = self.random.uniform(-10, 10)
        is_compared = self.chance(0.7)
        return Outcome.objects.create(
            tenant_id=self.tenant_id,
            proposal=proposal,
            workflow=run,
            detector=proposal.detector,
            said_confidence=0.5,
            expected_low=low if is_compared else None,
            expected_high=low + 3 if is_compared else None,
            metric="revenue",
            method="before_against_after",
            window_days=28,
            starts_on=run.created_at.date(),
            ends_on=run.created_at.date() + timedelta(days=28),
            baseline=100.0 if is_told else None,
            effect=effect if is_told else None,
            low=effect - 1 if is_told else None,
            high=effect + 1 if is_told else None,
            verdict=verdict,
            measured_at=self.later(run.created_at, 600),
        )
