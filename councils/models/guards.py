"""What the database refuses about reviews, whoever asks."""

import pgtrigger

# A verdict is written once. It may be taken back once; the seat it fills may be counted anew
# while it stands, as people with two seats move to the one that is missing.
VERDICT_FIXED = """
    IF OLD.taken_back_at IS NOT NULL
        OR to_jsonb(NEW) - 'taken_back_at' - 'voided_why' - 'seat_id'
            <> to_jsonb(OLD) - 'taken_back_at' - 'voided_why' - 'seat_id'
    THEN
        RAISE EXCEPTION 'verdict % is written once', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verdict_written_once';
    END IF;
    RETURN NEW;
"""

VERDICT_FITS = """
    IF NOT EXISTS (
        SELECT 1 FROM councils_reviewround round WHERE round.tenant_id = NEW.tenant_id
            AND round.id = NEW.round_id AND round.draft_id = NEW.draft_id
            AND round.state = 'open' AND round.fingerprint = NEW.fingerprint
            AND round.revision_number = NEW.revision_number
    ) THEN
        RAISE EXCEPTION 'a verdict names the revision of its open round'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verdict_names_its_revision';
    END IF;
    IF EXISTS (
        SELECT 1 FROM drafts_contributor contributor WHERE contributor.tenant_id = NEW.tenant_id
            AND contributor.draft_id = NEW.draft_id AND contributor.user_id = NEW.user_id
    ) THEN
        RAISE EXCEPTION 'whoever wrote in a draft gives no verdict on it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verdict_not_by_a_contributor';
    END IF;
    IF EXISTS (
        SELECT 1 FROM drafts_contributor contributor WHERE contributor.tenant_id = NEW.tenant_id
            AND contributor.draft_id = NEW.draft_id
            AND contributor.user_id = NEW.on_behalf_of_id
    ) THEN
        RAISE EXCEPTION 'nobody decides for somebody who wrote in the draft'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verdict_not_for_a_contributor';
    END IF;
    IF EXISTS (
        SELECT 1 FROM councils_verdict said WHERE said.tenant_id = NEW.tenant_id
            AND said.round_id = NEW.round_id AND said.taken_back_at IS NULL
            AND (said.user_id = NEW.on_behalf_of_id OR said.on_behalf_of_id = NEW.user_id)
    ) THEN
        RAISE EXCEPTION 'one chair is not counted twice'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'verdict_one_per_chair';
    END IF;
    RETURN NEW;
"""

VERDICT = (
    pgtrigger.Trigger(
        name="written_once", when=pgtrigger.Before, operation=pgtrigger.Update, func=VERDICT_FIXED
    ),
    pgtrigger.Trigger(
        name="names_its_revision",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=VERDICT_FITS,
    ),
    pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
)

# A member of a shared council sees no seats of a tenant's own council, so the two never meet in
# one review: not in one rule, and not by escalation.
FURTHER_OF_ITS_KIND = pgtrigger.Trigger(
    name="of_its_kind",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
    IF NOT EXISTS (
        SELECT 1 FROM councils_routingrule rule
        JOIN councils_council lead ON lead.id = rule.council_id
        JOIN councils_council further ON further.id = NEW.council_id
        WHERE rule.id = NEW.rule_id AND further.id <> lead.id
            AND further.tenant_id IS NOT DISTINCT FROM lead.tenant_id
    ) THEN
        RAISE EXCEPTION 'councils of one rule are all shared, or all of the tenant'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'further_council_of_its_kind';
    END IF;
    RETURN NEW;
""",
)
ESCALATES_TO_ITS_KIND = pgtrigger.Trigger(
    name="escalates_to_its_kind",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
    IF NEW.escalates_to_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM councils_council next WHERE next.id = NEW.escalates_to_id
            AND next.tenant_id IS NOT DISTINCT FROM NEW.tenant_id
    ) THEN
        RAISE EXCEPTION 'a council escalates to one of its own kind'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'council_escalates_to_its_kind';
    END IF;
    RETURN NEW;
""",
)

# Two delegations of one person never overlap, and what was delegated is not passed on.
DELEGATION_UNCHAINED = pgtrigger.Trigger(
    name="unchained",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
    IF NEW.ended_at IS NULL AND EXISTS (
        SELECT 1 FROM councils_delegation other
        WHERE other.id <> NEW.id AND other.tenant_id IS NOT DISTINCT FROM NEW.tenant_id
            AND other.ended_at IS NULL
            AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at
            AND (other.from_user_id = NEW.from_user_id
                OR other.from_user_id = NEW.to_user_id OR other.to_user_id = NEW.from_user_id)
    ) THEN
        RAISE EXCEPTION 'a delegation is passed on, or overlaps another one'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'delegation_unchained';
    END IF;
    RETURN NEW;
""",
)
