"""Random people make random moves, and four promises hold throughout.

Nothing is approved without every seat filled on that fingerprint; nobody decides on, or for
somebody who wrote in, a draft; no verdict lands on a revision that was not read; and every move
leaves exactly its event and tells exactly the right people.
"""

import os
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from core.errors import DomainError
from core.models import Event
from core.scope import scope
from councils import services
from councils.models import AfterReview, Council, Delegation, ReviewRound, RoutingRule, Verdict
from drafts import services as drafts
from drafts.models import Approval, Contributor, Draft
from notifications.models import Notice
from tests.councils.model import NEXT, PEOPLE, ROLES, SEATS, DraftModel, Said, World
from tests.drafts.conftest import begin, make_council

# The long walk takes seven minutes; a person at work takes a shorter one.
MOVES = int(os.environ.get("CODEX_REVIEW_MOVES") or (10_000 if os.environ.get("CI") else 600))
WALK = settings(
    max_examples=12,
    stateful_step_count=60,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
NAMES = {f"user_{name}": name for name in PEOPLE}
person = st.sampled_from(PEOPLE)
which = st.integers(min_value=0, max_value=2)
old = st.sampled_from([0, 0, 0, 0, -1, 1])
decision = st.sampled_from(["approve", "approve", "approve", "reject", "request_changes"])
WRITERS = ("olivia", "adam", "eddie", "bob")
COUNTED = Counter()


def ids(people):
    return [f"user_{name}" for name in people]


class Reviews(RuleBasedStateMachine):
    cast = None

    # The stage: a transaction that is rolled back, a clock that can be pushed on.

    @initialize()
    def set_up(self):
        self.block = transaction.atomic()
        self.block.__enter__()
        self.real_now, self.ahead = timezone.now, timedelta(0)
        timezone.now = lambda: self.real_now() + self.ahead
        tenant_id = self.cast.tenant.pk
        council = make_council(tenant_id, {name: sorted(ids(who)) for name, who in SEATS.items()})
        following = make_council(tenant_id, {"Any": sorted(ids(NEXT))}, name="Next")
        RoutingRule.objects.filter(council=following).delete()
        Council.objects.filter(pk=council.pk).update(escalates_to=following)
        self.council, self.following = council, following
        self.world = World(now=timezone.now())
        self.events = self.event_counts()
        self.create(who="eddie")
        self.submit(number=0, who="eddie")

    def teardown(self):
        if not hasattr(self, "block"):
            return
        try:
            self.check_notices()
        finally:
            timezone.now = self.real_now
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def actor(self, name):
        lent = [who for who, to in self.world.delegates().items() if to == name]
        seated = {p for people in SEATS.values() for p in people}
        councils = [self.council.pk] if {name, *lent} & seated else []
        councils += [self.following.pk] if {name, *lent} & NEXT else []
        return self.cast.actor(name, council_ids=tuple(councils))

    def event_counts(self):
        rows = Event.objects.order_by().values_list("kind").annotate(n=Count("pk"))
        return Counter(dict(rows))

    def attempt(self, service, *, kinds, **wanted):
        """One move: refused, and nothing has changed; or done, with exactly these events."""
        COUNTED["moves"] += 1
        self.world.now = timezone.now()
        try:
            with transaction.atomic():
                done = service(**wanted)
        except DomainError:
            assert self.event_counts() == self.events
            COUNTED["refused"] += 1
            return None
        after = self.event_counts()
        assert after - self.events == Counter(kinds(done) if callable(kinds) else kinds)
        self.events = after
        COUNTED[service.__name__] += 1
        return done

    def pick(self, number):
        found = list(self.world.alive().items())
        return found[number % len(found)]

    def check(self, pk):
        """The stored draft is where the model says; an approval stands on filled seats alone."""
        model = self.world.drafts[pk]
        row = Draft.objects.get(pk=pk)
        assert row.status == model.status
        wrote = Contributor.objects.filter(draft_id=pk).values_list("user_id", flat=True)
        assert {NAMES[user] for user in wrote} == model.wrote
        if model.status == "pending_review":
            entry = ReviewRound.objects.get(draft_id=pk, state="open").entries.get()
            assert {NAMES[user] for user in entry.waiting_for} == self.world.waiting(model)

    # Moves of the authors

    @rule(who=st.sampled_from(WRITERS))
    @precondition(lambda self: len(self.world.alive()) < 3)
    def create(self, who):
        COUNTED["moves"] += 1
        made = begin(self.cast, who)
        self.world.drafts[made.pk] = DraftModel(author=who, wrote={who})
        self.events = self.event_counts()

    @rule(number=which, who=st.sampled_from(WRITERS), pence=st.integers(1, 4))
    @precondition(lambda self: self.world.alive())
    def edit(self, number, who, pence):
        pk, model = self.pick(number)
        inputs = {"add": f"{pence}.00"}
        same = Draft.objects.get(pk=pk).inputs == inputs
        if same:
            return
        done = self.attempt(
            drafts.edit_draft,
            kinds=["draft.edited"],
            draft_id=pk,
            actor=self.actor(who),
            inputs=inputs,
        )
        if done is not None:
            assert model.status == "editing"
            model.wrote.add(who)
            self.check(pk)

    @rule(number=which, who=st.sampled_from(WRITERS))
    @precondition(lambda self: self.world.alive())
    def share_with_bob(self, number, who):
        pk, model = self.pick(number)
        if "bob" in model.shared:
            return
        wanted = {"draft_id": pk, "user_id": "user_bob", "may_edit": True}
        kinds = ["draft.shared"]
        if self.attempt(drafts.share_draft, kinds=kinds, actor=self.actor(who), **wanted):
            model.shared.add("bob")

    @rule(number=which, who=person)
    @precondition(lambda self: self.world.alive())
    def submit(self, number, who):
        pk, model = self.pick(number)
        plan_id = Draft.objects.get(pk=pk).plan_id
        made = self.attempt(
            services.submit_draft,
            kinds=lambda draft: [*previewed(draft, plan_id), "draft.submitted"],
            draft_id=pk,
            actor=self.actor(who),
        )
        if made is None:
            return
        assert model.status == "editing"
        assert ROLES[who] in ("owner", "admin", "editor")
        self.world.open_round(model)
        model.fingerprint = made.plan.fingerprint
        self.world.tell("review.asked", self.world.waiting(model))
        self.check(pk)

    @rule(number=which, who=person)
    @precondition(lambda self: self.world.alive())
    def withdraw(self, number, who):
        self.simple(
            number, who, services.withdraw_draft, "draft.withdrawn", "pending_review", "editing"
        )

    @rule(number=which, who=person)
    @precondition(lambda self: self.world.alive())
    def reopen(self, number, who):
        self.simple(
            number, who, drafts.reopen_draft, "draft.reopened", ("approved", "rejected"), "editing"
        )

    def simple(self, number, who, service, kind, source, target):
        pk, model = self.pick(number)
        if self.attempt(service, kinds=[kind], draft_id=pk, actor=self.actor(who)) is None:
            return
        assert model.status in source
        assert ROLES[who] in ("owner", "admin", "editor")
        self.world.close_round(model, target)
        self.check(pk)

    # Moves of the reviewers

    @rule(
        number=which,
        who=person,
        verdict=decision,
        stale=st.sampled_from([0, 0, 0, 0, -1, 1]),
        asked=st.booleans(),
    )
    @precondition(lambda self: self.world.alive())
    def decide(self, number, who, verdict, stale, asked):
        pk, model = self.pick(number)
        if asked and model.status == "pending_review":
            who = min(self.world.waiting(model), default=who)
        read = model.revision + stale
        before = self.world.sits(model, who), {s.who for s in model.standing()}
        done = self.attempt(
            services.decide,
            kinds=lambda draft: self.kinds_of_verdict(draft, verdict),
            draft_id=pk,
            verdict=verdict,
            actor=self.actor(who),
            comment="Because.",
            revision_number=read,
        )
        if done is not None:
            assert read == model.revision, "a verdict on a revision that is not in review"
            self.take_verdict(pk, model, who, verdict, before)

    @rule(number=which, who=person, position=st.integers(0, 4))
    @precondition(lambda self: self.world.alive())
    def approve_part(self, number, who, position):
        pk, model = self.pick(number)
        before = self.world.sits(model, who), {s.who for s in model.standing()}
        again = {s.who for s in model.standing()}
        voided = ["review.verdicts_voided"] if again else []
        done = self.attempt(
            services.approve_part,
            kinds=lambda draft: [
                "draft.trimmed",
                *voided,
                *self.kinds_of_verdict(draft, "approve"),
            ],
            draft_id=pk,
            actor=self.actor(who),
            revision_number=model.revision,
            without=[position],
            comment="Not that one.",
        )
        if done is None:
            return
        for said in model.standing():
            said.stands = False
        model.revision += 1
        self.world.tell("review.asked_again", again)
        self.take_verdict(pk, model, who, "approve", before, not_told=again)

    def kinds_of_verdict(self, draft, verdict):
        ends = {
            "approve": ["draft.approved"] if draft.status == "approved" else [],
            "reject": ["draft.rejected"],
            "request_changes": ["draft.changes_requested"],
        }
        return ["review.verdict", *ends[verdict]]

    def take_verdict(self, pk, model, who, verdict, before, not_told=frozenset()):
        sat, spoken = before
        given = Verdict.objects.filter(draft_id=pk, user_id=f"user_{who}").latest("id")
        stood_for = NAMES.get(given.on_behalf_of_id)
        row = Draft.objects.select_related("plan").get(pk=pk)
        assert model.status == "pending_review"
        assert who not in model.wrote, "a contributor decided"
        assert stood_for not in model.wrote, "somebody decided for a contributor"
        assert sat, "somebody without a seat decided"
        assert who not in spoken - set(not_told)
        assert stood_for is None or self.world.delegates().get(stood_for) == who
        assert given.fingerprint == row.plan.fingerprint
        model.fingerprint = given.fingerprint
        model.spoke.add(who)
        self.world.tell("review.verdict", self.world.participants(model) - {who} - set(not_told))
        model.said.append(Said(who, verdict, stood_for, given.fingerprint))
        end = {"reject": "rejected", "request_changes": "editing"}.get(verdict)
        if end:
            self.world.close_round(model, end)
        elif self.world.is_full(model):
            self.approved(pk, model)
        self.check(pk)

    def approved(self, pk, model):
        yes = model.standing("approve")
        approval = Approval.objects.get(draft_id=pk, voided_at=None)
        assert {said.fingerprint for said in yes} == {approval.fingerprint}
        assert not {said.who for said in yes} & model.wrote
        self.world.close_round(model, "approved")
        model.approved_until, model.by_council = approval.until, True

    @rule(number=which, who=person, own=st.booleans())
    @precondition(lambda self: self.world.alive())
    def take_back(self, number, who, own):
        pk, model = self.pick(number)
        gave = self.world.approvers(model)
        who = gave[-1] if own and gave else who
        revoked = ["draft.approval_revoked"] if model.status == "approved" else []
        done = self.attempt(
            services.take_back,
            kinds=[*revoked, "review.verdict_taken_back"],
            draft_id=pk,
            actor=self.actor(who),
        )
        if done is None:
            return
        [given] = [said for said in model.standing("approve") if said.who == who]
        assert who not in model.wrote
        assert model.status == "pending_review" or model.by_council
        given.stands = False
        if model.status == "approved":
            model.status = "pending_review"
            self.world.start_clock(model)
        self.world.tell("review.taken_back", self.world.participants(model) - {who})
        self.check(pk)

    @rule(number=which, who=person)
    @precondition(lambda self: self.world.alive())
    def claim(self, number, who):
        pk, model = self.pick(number)
        actor = self.actor(who)
        done = self.attempt(
            services.claim_review, kinds=["review.claimed"], draft_id=pk, actor=actor
        )
        if done is not None:
            assert model.status == "pending_review"
            assert self.world.sits(model, who)
            assert model.claimed_by in (None, who) or model.claimed_until <= self.world.now
            model.claimed_by = who
            model.claimed_until = self.world.now + timedelta(minutes=30)

    # Without a review

    @rule(number=which, who=st.sampled_from(["olivia", "olivia", "adam", "rita"]))
    @precondition(lambda self: self.world.alive())
    def break_glass(self, number, who):
        pk, model = self.pick(number)
        row = Draft.objects.get(pk=pk)
        done = self.attempt(
            services.break_glass,
            kinds=lambda draft: [*previewed(draft, row.plan_id), "draft.break_glass"],
            draft_id=pk,
            reason="Now.",
            typed_name=row.name,
            actor=self.actor(who),
        )
        if done is None:
            return
        assert ROLES[who] == "owner"
        assert model.status in ("editing", "pending_review")
        assert who not in self.world.open_after, "twice without anybody having looked"
        after = AfterReview.objects.get(broken_by_id=f"user_{who}", state="open")
        sit = {p for people in SEATS.values() for p in people}
        if model.status == "pending_review" and model.escalated:
            sit |= NEXT
        looks = (sit - model.wrote - {who}) or ({"olivia", "adam"} - model.wrote - {who})
        assert {NAMES[user] for user in after.reviewer_ids} == looks
        self.world.tell("review.break_glass", (sit | looks) - {who})
        self.world.open_after[who] = (after.pk, pk, looks)
        model.revision = done.revisions.latest("number").number
        self.world.close_round(model, "approved")
        model.by_council, model.said = False, []
        model.approved_until = Approval.objects.get(draft_id=pk, voided_at=None).until
        self.check(pk)

    @rule(who=person, right=st.booleans())
    @precondition(lambda self: self.world.open_after)
    def look_afterwards(self, who, right):
        broke, (after_pk, pk, looks) = next(iter(self.world.open_after.items()))
        done = self.attempt(
            services.close_after_review,
            kinds=["review.after_closed"],
            after_id=after_pk,
            right=right,
            text="Seen.",
            actor=self.actor(who),
        )
        if done is not None:
            assert who in looks
            assert who != broke
            assert who not in self.world.drafts[pk].wrote
            del self.world.open_after[broke]
            self.world.tell("review.after_closed", ({broke, "olivia"} | looks) - {who})

    # Time and stand-ins

    @rule(who=person, to=person, by=person, days=st.integers(0, 2))
    def lend(self, who, to, by, days):
        today = timezone.localdate(timezone=None)
        made = self.attempt(
            services.delegate,
            kinds=["delegation.made"],
            tenant_id=self.cast.tenant.pk,
            from_user_id=f"user_{who}",
            to_user_id=f"user_{to}",
            starts_on=today,
            ends_on=today + timedelta(days=days),
            actor=self.actor(by),
        )
        if made is None:
            return
        assert by == who or ROLES[by] in ("owner", "admin")
        assert who != to
        lent = self.world.delegates()
        assert not {who, to} & lent.keys(), "lent twice, or passed on"
        assert who not in lent.values()
        self.world.lent.append((who, to, made.starts_at, made.ends_at, made.pk))
        self.world.tell("delegation.made", {who, to} - {by})
        self.check_all()

    @rule(hours=st.sampled_from([1, 13, 37, 50, 400]))
    def time_passes(self, hours):
        COUNTED["moves"] += 1
        self.ahead += timedelta(hours=hours)
        self.world.now = timezone.now()
        for twice in (False, True):
            kinds = [] if twice else self.due_kinds()
            for round_id in ReviewRound.objects.filter(state="open").values_list("pk", flat=True):
                services.keep_time(round_id=round_id)
            for made in Delegation.objects.filter(over_at=None).values_list("pk", flat=True):
                services.keep_delegation(delegation_id=made)
            for pk in self.world.drafts:
                drafts.expire_approval(draft_id=pk)
            after = self.event_counts()
            assert after - self.events == Counter(kinds)
            self.events = after
        self.check_all()

    def due_kinds(self):
        kinds = []
        for model in self.world.drafts.values():
            if model.status == "pending_review":
                kinds += self.pass_time_over(model)
        for who, to, _start, end, _pk in list(self.world.lent):
            if end <= self.world.now:
                kinds.append("delegation.over")
                self.world.tell("delegation.over", {who, to})
        self.world.lent = [one for one in self.world.lent if one[3] > self.world.now]
        for model in self.world.drafts.values():
            if model.status == "approved" and model.approved_until <= self.world.now:
                kinds.append("draft.approval_expired")
                self.world.tell("draft.approval_expired", model.wrote)
                model.status = "editing"
        return kinds

    def pass_time_over(self, model):
        kinds, now = [], self.world.now
        if model.claimed_until and model.claimed_until <= now:
            kinds.append("review.claim_expired")
            model.claimed_by = model.claimed_until = None
        if model.due <= now and not model.owners_told:
            kinds.append("review.escalated")
            self.escalate(model)
        elif model.remind <= now and not model.reminded and model.due > now:
            kinds.append("review.reminded")
            model.reminded = True
            self.world.tell("review.reminder", self.world.waiting(model))
        return kinds

    def escalate(self, model):
        asked = self.world.waiting(model)
        if model.escalated:
            model.owners_told = True
        else:
            model.escalated = True
            self.world.start_clock(model)
        newly = self.world.waiting(model) - asked
        self.world.tell("review.escalated", newly or {"olivia"})

    # Ends

    @rule(number=which, who=st.sampled_from(WRITERS), run_it=st.booleans())
    @precondition(lambda self: self.world.alive())
    def end(self, number, who, run_it):
        pk, model = self.pick(number)
        if run_it:
            done = self.attempt(
                convert,
                kinds=["draft.converted", "workflow.created"],
                draft_id=pk,
                actor=self.actor(who),
            )
            assert done is None or model.status == "approved"
            status = "converted"
        else:
            done = self.attempt(
                drafts.discard_draft,
                kinds=["draft.discarded"],
                draft_id=pk,
                actor=self.actor(who),
            )
            status = "discarded"
        if done is not None:
            model.status = status
            self.check(pk)

    # What has to hold

    def check_all(self):
        for pk in self.world.alive():
            self.check(pk)

    def check_notices(self):
        found = Counter()
        for user, name in NAMES.items():
            with scope(tenant_id=self.cast.tenant.pk, user_id=user):
                kinds = Notice.objects.filter(user_id=user).values_list("kind", flat=True)
                found.update((name, kind) for kind in kinds)
        assert found == self.world.told


def previewed(draft, plan_id):
    """A missing or stale preview is made first, which is a move of its own."""
    return [] if draft.plan_id == plan_id else ["draft.previewed"]


def convert(**wanted):
    done = drafts.convert_draft(auto_execute=False, **wanted)
    return done[0] if done[2] else None


@pytest.mark.slow
def test_random_moves_keep_every_promise(cast, shop):
    """Ten thousand moves in CI, and wherever ``CODEX_REVIEW_MOVES`` asks for them."""
    Reviews.cast = cast
    COUNTED.clear()
    walks = 0
    while COUNTED["moves"] < MOVES:
        walks += 1
        assert walks < MOVES, "the walks lead nowhere"
        run(seed(walks)(Reviews), settings=WALK)
    assert 0 < COUNTED["refused"] < COUNTED["moves"]
    assert {"decide", "approve_part"} & COUNTED.keys(), "nobody ever decided anything"
