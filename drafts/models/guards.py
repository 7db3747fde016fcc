"""What the database refuses, whoever asks: triggers of the drafts' tables.

They repeat the promise of the product in SQL: what is approved cannot change under the approval.
"""

import pgtrigger

FROZEN = """
    IF OLD.status <> 'editing' AND ROW(NEW.workflow_type_id, NEW.name, NEW.purpose, NEW.inputs)
        IS DISTINCT FROM ROW(OLD.workflow_type_id, OLD.name, OLD.purpose, OLD.inputs) THEN
        RAISE EXCEPTION 'draft % is %: only an editing draft can be edited', OLD.id, OLD.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'draft_edited_only_while_editing';
    END IF;
    IF OLD.status NOT IN ('editing', 'pending_review') AND NEW.plan_id IS DISTINCT FROM OLD.plan_id
    THEN
        RAISE EXCEPTION 'draft % is %: its plan is fixed', OLD.id, OLD.status
            USING ERRCODE = 'check_violation', CONSTRAINT = 'draft_plan_fixed_once_approved';
    END IF;
    RETURN NEW;
"""

APPROVED = """
    IF NEW.status = 'approved' AND NOT EXISTS (
        SELECT 1 FROM drafts_approval approval
        WHERE approval.tenant_id = NEW.tenant_id AND approval.draft_id = NEW.id
            AND approval.voided_at IS NULL AND approval.plan_id = NEW.plan_id
    ) THEN
        RAISE EXCEPTION 'draft % has no live approval of its plan', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'draft_approved_has_a_live_approval';
    END IF;
    RETURN NEW;
"""

BORN = """
    IF NEW.status <> 'editing' THEN
        RAISE EXCEPTION 'a draft begins in editing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'draft_begins_in_editing';
    END IF;
    RETURN NEW;
"""

DRAFT = (
    pgtrigger.Trigger(
        name="begins_in_editing", when=pgtrigger.Before, operation=pgtrigger.Insert, func=BORN
    ),
    pgtrigger.Trigger(
        name="frozen_outside_editing",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=FROZEN,
    ),
    pgtrigger.Trigger(
        name="zz_approved_has_approval",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=APPROVED,
    ),
)

# An approval is written once; all that may happen to it later is that it is voided, once.
APPROVAL_FIXED = """
    IF OLD.voided_at IS NOT NULL
        OR to_jsonb(NEW) - 'voided_at' - 'voided_why' <> to_jsonb(OLD) - 'voided_at' - 'voided_why'
    THEN
        RAISE EXCEPTION 'approval % is written once', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_written_once';
    END IF;
    IF EXISTS (
        SELECT 1 FROM workflow_drafts draft WHERE draft.tenant_id = OLD.tenant_id
            AND draft.id = OLD.draft_id AND draft.status IN ('approved', 'converted')
    ) THEN
        RAISE EXCEPTION 'approval % holds up an approved draft', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_not_voided_under_a_draft';
    END IF;
    RETURN NEW;
"""

APPROVAL_OF_ITS_PLAN = """
    IF NOT EXISTS (
        SELECT 1 FROM workflow_plans plan WHERE plan.tenant_id = NEW.tenant_id
            AND plan.id = NEW.plan_id AND plan.fingerprint = NEW.fingerprint
            AND plan.draft_id = NEW.draft_id
    ) THEN
        RAISE EXCEPTION 'the approval names a fingerprint that is not its plan''s'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_names_its_plan';
    END IF;
    RETURN NEW;
"""

APPROVAL = (
    pgtrigger.Trigger(
        name="written_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=APPROVAL_FIXED
    ),
    pgtrigger.Trigger(
        name="names_its_plan",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=APPROVAL_OF_ITS_PLAN,
    ),
)

REVISION = (pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete),)
