"""The rows every figure stands on: one SELECT each, all with the same columns.

``at`` places a row in time, ``hit`` says whether it counts for the figure, ``value`` is a number
of its own, ``part`` of ``whole`` are counts it brings along. Figures are these rows counted, so
what a figure opens is what it was counted from.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _l

COLUMNS = (
    "at",
    "hit",
    "value",
    "part",
    "whole",
    "thing",
    "id",
    "label",
    "draft_id",
    "who",
    "council_id",
    "type",
    "state",
)
ADOPTION = """
SELECT run.created_at AS at, run.created_by_agent = 'draft_converter' AS hit,
       NULL::float8 AS value, NULL::bigint AS part, NULL::bigint AS whole,
       'workflow' AS thing, run.id AS id, run.name AS label, '' AS draft_id,
       run.created_by_id AS who, '' AS council_id, run.workflow_type_id AS type,
       run.status AS state
FROM workflows run
WHERE run.tenant_id = %(tenant)s AND run.created_at >= %(since)s AND run.created_at < %(until)s
"""
TEMPLATES = """
SELECT draft.created_at AS at, draft.created_from_template_id IS NOT NULL AS hit,
       NULL::float8 AS value, NULL::bigint AS part, NULL::bigint AS whole,
       'draft' AS thing, draft.id AS id, draft.name AS label, draft.id AS draft_id,
       draft.created_by_id AS who, '' AS council_id, draft.workflow_type_id AS type,
       draft.status AS state
FROM workflow_drafts draft
WHERE draft.tenant_id = %(tenant)s
  AND draft.created_at >= %(since)s AND draft.created_at < %(until)s
"""
PROPOSALS = """
SELECT proposal.decided_at AS at, proposal.status = 'accepted' AS hit,
       NULL::float8 AS value, NULL::bigint AS part, NULL::bigint AS whole,
       'proposal' AS thing, proposal.id AS id, proposal.title AS label, '' AS draft_id,
       proposal.decided_by_id AS who, '' AS council_id, proposal.workflow_type_id AS type,
       proposal.status AS state
FROM ai_workflow_proposals proposal
WHERE proposal.tenant_id = %(tenant)s AND proposal.status <> 'pending'
  AND proposal.decided_at >= %(since)s AND proposal.decided_at < %(until)s
"""
# From the click that began it to the first change in the shop. What was put off to a later time
# on purpose is left out: nobody waited for it.
SPEED = """
SELECT run.first_change_at AS at, approval.kind = 'standing' AS hit,
       extract(epoch FROM run.first_change_at
               - coalesce(used.clicked_at, draft.created_at))::float8 AS value,
       NULL::bigint AS part, NULL::bigint AS whole,
       'workflow' AS thing, run.id AS id, run.name AS label, '' AS draft_id,
       run.created_by_id AS who, coalesce(approval.council_id, '') AS council_id,
       run.workflow_type_id AS type, approval.kind AS state
FROM workflows run
JOIN workflow_drafts draft ON draft.tenant_id = run.tenant_id AND draft.id = run.draft_id
JOIN drafts_approval approval
  ON approval.tenant_id = run.tenant_id AND approval.draft_id = run.draft_id
 AND approval.voided_at IS NULL AND approval.kind IN ('standing', 'council')
LEFT JOIN templates_catalog_templateuse used
  ON used.tenant_id = run.tenant_id AND used.draft_id = run.draft_id
WHERE run.tenant_id = %(tenant)s
  AND run.first_change_at >= %(since)s AND run.first_change_at < %(until)s
  AND (run.due_at IS NULL OR run.due_at <= run.created_at + interval '1 minute')
"""
REVIEWS = """
SELECT round.closed_at AS at, round.state = 'changes_requested' AS hit,
       extract(epoch FROM round.closed_at - round.opened_at)::float8 AS value,
       round.cycle::bigint AS part, NULL::bigint AS whole,
       'draft' AS thing, draft.id AS id, draft.name AS label, draft.id AS draft_id,
       draft.created_by_id AS who, round.council_id AS council_id,
       draft.workflow_type_id AS type, round.state AS state
FROM councils_reviewround round
JOIN workflow_drafts draft ON draft.tenant_id = round.tenant_id AND draft.id = round.draft_id
WHERE round.tenant_id = %(tenant)s
  AND round.state IN ('approved', 'rejected', 'changes_requested')
  AND round.closed_at >= %(since)s AND round.closed_at < %(until)s
  AND (%(council)s = '' OR round.council_id = %(council)s)
"""
VERDICTS = """
SELECT verdict.created_at AS at,
       verdict.taken_back_at IS NOT NULL AND verdict.voided_why = '' AS hit,
       extract(epoch FROM verdict.created_at - round.opened_at)::float8 AS value,
       NULL::bigint AS part, NULL::bigint AS whole,
       'draft' AS thing, draft.id AS id, draft.name AS label, draft.id AS draft_id,
       verdict.user_id AS who, round.council_id AS council_id,
       draft.workflow_type_id AS type, verdict.decision AS state
FROM councils_verdict verdict
JOIN councils_reviewround round
  ON round.tenant_id = verdict.tenant_id AND round.id = verdict.round_id
JOIN workflow_drafts draft ON draft.tenant_id = verdict.tenant_id AND draft.id = verdict.draft_id
WHERE verdict.tenant_id = %(tenant)s
  AND verdict.created_at >= %(since)s AND verdict.created_at < %(until)s
  AND (%(council)s = '' OR round.council_id = %(council)s)
"""
UNDONE_APPROVALS = """
SELECT approval.voided_at AS at, approval.voided_why = 'taken_back' AS hit,
       extract(epoch FROM approval.voided_at - approval.created_at)::float8 AS value,
       NULL::bigint AS part, NULL::bigint AS whole,
       'draft' AS thing, draft.id AS id, draft.name AS label, draft.id AS draft_id,
       approval.approved_by_id AS who, approval.council_id AS council_id,
       draft.workflow_type_id AS type, approval.voided_why AS state
FROM drafts_approval approval
JOIN workflow_drafts draft ON draft.tenant_id = approval.tenant_id AND draft.id = approval.draft_id
WHERE approval.tenant_id = %(tenant)s AND approval.kind = 'council'
  AND approval.voided_at >= %(since)s AND approval.voided_at < %(until)s
  AND (%(council)s = '' OR approval.council_id = %(council)s)
"""
RUNS = """
SELECT run.finished_at AS at, run.undo_started_at IS NOT NULL AS hit,
       run.fidelity::float8 AS value, run.applied::bigint AS part, run.total::bigint AS whole,
       'workflow' AS thing, run.id AS id, run.name AS label, '' AS draft_id,
       run.created_by_id AS who, '' AS council_id, run.workflow_type_id AS type,
       run.status AS state
FROM workflows run
WHERE run.tenant_id = %(tenant)s AND run.started_at IS NOT NULL
  AND run.finished_at >= %(since)s AND run.finished_at < %(until)s
"""
OUTCOMES = """
SELECT outcome.measured_at AS at, coalesce(outcome.effect >= outcome.expected_low, false) AS hit,
       outcome.effect AS value,
       (outcome.verdict = 'better')::int::bigint AS part,
       (outcome.effect IS NOT NULL AND outcome.expected_low IS NOT NULL)::int::bigint AS whole,
       'proposal' AS thing, proposal.id AS id, proposal.title AS label, '' AS draft_id,
       proposal.decided_by_id AS who, '' AS council_id, proposal.workflow_type_id AS type,
       outcome.verdict AS state
FROM ai_proposal_outcomes outcome
JOIN ai_workflow_proposals proposal
  ON proposal.tenant_id = outcome.tenant_id AND proposal.id = outcome.proposal_id
WHERE outcome.tenant_id = %(tenant)s
  AND outcome.measured_at >= %(since)s AND outcome.measured_at < %(until)s
"""
INSTANT = """
SELECT used.clicked_at AS at, run.undo_started_at IS NOT NULL AS hit,
       extract(epoch FROM run.first_change_at - used.clicked_at)::float8 AS value,
       (used.reviewed_instead <> '[]'::jsonb)::int::bigint AS part,
       (run.status = 'failed')::int::bigint AS whole,
       CASE WHEN run.id IS NULL THEN 'draft' ELSE 'workflow' END AS thing,
       coalesce(run.id, draft.id) AS id, draft.name AS label,
       CASE WHEN run.id IS NULL THEN draft.id ELSE '' END AS draft_id,
       used.user_id AS who, '' AS council_id, draft.workflow_type_id AS type,
       coalesce(run.status, draft.status) AS state
FROM templates_catalog_templateuse used
JOIN workflow_drafts draft ON draft.tenant_id = used.tenant_id AND draft.id = used.draft_id
LEFT JOIN workflows run ON run.tenant_id = used.tenant_id AND run.draft_id = used.draft_id
WHERE used.tenant_id = %(tenant)s
  AND (used.kind = 'instant' OR used.at_once_at IS NOT NULL)
  AND used.clicked_at >= %(since)s AND used.clicked_at < %(until)s
"""
WATCH = """
SELECT event.at AS at, event.kind = 'draft.break_glass' AS hit,
       NULL::float8 AS value, NULL::bigint AS part, NULL::bigint AS whole,
       'event' AS thing, event.subject_id AS id, event.kind AS label,
       event.draft_id AS draft_id, event.actor_id AS who, '' AS council_id,
       '' AS type, event.kind AS state
FROM core_event event
WHERE event.tenant_id = %(tenant)s
  AND event.kind IN ('draft.break_glass', 'template.left_bounds', 'template.suspended',
                     'template.person_blocked')
  AND event.at >= %(since)s AND event.at < %(until)s
"""


@dataclass(frozen=True, slots=True)
class Source:
    """``counted`` says in words what ``hit`` means, ``number`` what ``value`` is."""

    key: str
    title: Any
    about: Any
    sql: str
    counted: Any = ""
    number: Any = ""
    unit: str = ""


SOURCES = {
    source.key: source
    for source in (
        Source(
            "adoption",
            _l("Runs made through drafts"),
            _l("Every run made in the period; counted when it came from a draft."),
            ADOPTION,
            _l("From a draft"),
        ),
        Source(
            "templates",
            _l("Drafts from templates"),
            _l("Every draft begun in the period; counted when it began as a template."),
            TEMPLATES,
            _l("From a template"),
        ),
        Source(
            "proposals",
            _l("Proposals accepted"),
            _l("Every proposal accepted, dismissed or expired in the period."),
            PROPOSALS,
            _l("Accepted"),
        ),
        Source(
            "speed",
            _l("Instant run, time saved"),
            _l(
                "From the click that began it to the first change in the shop: instant runs against"
                " runs that a council reviewed. Runs put off to a later time are left out."
            ),
            SPEED,
            _l("Instant run"),
            _l("Click to first change"),
            "seconds",
        ),
        Source(
            "reviews",
            _l("Reviews decided"),
            _l("Every round of review that ended in a decision; those withdrawn are left out."),
            REVIEWS,
            _l("Sent back"),
            _l("From submit to decision"),
            "seconds",
        ),
        Source(
            "verdicts",
            _l("What reviewers said"),
            _l("Every verdict of a person, with the time since the review opened."),
            VERDICTS,
            _l("Taken back by them"),
            _l("After the review opened"),
            "seconds",
        ),
        Source(
            "undone_approvals",
            _l("Approvals undone"),
            _l("Approvals of councils that ended without a run: taken back, reopened, expired."),
            UNDONE_APPROVALS,
            _l("Taken back"),
            _l("After it was given"),
            "seconds",
        ),
        Source(
            "runs",
            _l("Runs that ended"),
            _l("Every run that started and ended in the period, with what it applied."),
            RUNS,
            _l("Undone by a person"),
            _l("Went as planned"),
            "share",
        ),
        Source(
            "outcomes",
            _l("Outcomes measured"),
            _l("Effects measured after runs that came from proposals, against what was expected."),
            OUTCOMES,
            _l("As expected or better"),
            _l("Effect"),
            "number",
        ),
        Source(
            "instant",
            _l("Instant runs asked for"),
            _l("Every click on instant run, by whom, and what became of it."),
            INSTANT,
            _l("Undone by a person"),
            _l("Click to first change"),
            "seconds",
        ),
        Source(
            "watch",
            _l("Worth a look"),
            _l("Glass broken, plans that left their bounds, templates and people suspended."),
            WATCH,
            _l("Break-glass"),
        ),
    )
}
