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
