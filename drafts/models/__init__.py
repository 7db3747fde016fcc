from drafts.models.approval import Approval
from drafts.models.comment import Comment
from drafts.models.draft import Draft
from drafts.models.foresight import Foresight
from drafts.models.people import Contributor, DraftShare, Judge
from drafts.models.revision import Revision
from drafts.models.tolerance import Tolerance

__all__ = [
    "Approval",
    "Comment",
    "Contributor",
    "Draft",
    "DraftShare",
    "Foresight",
    "Judge",
    "Revision",
    "Tolerance",
]
