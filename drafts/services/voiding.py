"""An approval ends when the draft leaves ``approved`` without having run."""

from django.utils import timezone

from drafts.models import Approval, Draft


def void_approval(draft: Draft, *, why: str) -> int:
    """Call it after the draft has moved: the database keeps an approval under an approved draft."""
    live = Approval.objects.filter(draft=draft, voided_at=None)
    return live.update(voided_at=timezone.now(), voided_why=why)
