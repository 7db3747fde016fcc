"""Every write to a draft. Higher floors call these; so do page, API and admin."""

from drafts.services.approval import (
    approve_by_break_glass,
    approve_by_standing,
    approve_draft,
    expire_approval,
    reopen_draft,
    take_back_approval,
)
from drafts.services.carrying import CarryOver, approve_by_carry_over, carry_over_of
from drafts.services.comments import comment, reopen_comment, resolve_comment
from drafts.services.converting import convert_draft
from drafts.services.foreseeing import foresee_draft, steps_before
from drafts.services.offers import may
from drafts.services.previewing import (
    compute_preview,
    ensure_plan,
    preview_draft,
)
from drafts.services.replanning import replan_draft
from drafts.services.reviewing import (
    hold_draft,
    reject_draft,
    remember_judge,
    remember_judges,
    request_changes,
    send_to_review,
    trim_draft,
    widen_review,
    withdraw_draft,
)
from drafts.services.sharing import share_draft, unshare_draft
from drafts.services.tolerating import set_tolerance
from drafts.services.writing import create_draft, discard_draft, edit_draft

__all__ = [
    "CarryOver",
    "approve_by_break_glass",
    "approve_by_carry_over",
    "approve_by_standing",
    "approve_draft",
    "carry_over_of",
    "comment",
    "compute_preview",
    "convert_draft",
    "create_draft",
    "discard_draft",
    "edit_draft",
    "ensure_plan",
    "expire_approval",
    "foresee_draft",
    "hold_draft",
    "may",
    "preview_draft",
    "reject_draft",
    "remember_judge",
    "remember_judges",
    "reopen_comment",
    "reopen_draft",
    "replan_draft",
    "request_changes",
    "resolve_comment",
    "send_to_review",
    "set_tolerance",
    "share_draft",
    "steps_before",
    "take_back_approval",
    "trim_draft",
    "unshare_draft",
    "widen_review",
    "withdraw_draft",
]
