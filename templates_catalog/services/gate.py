"""Converting an editing draft that came from a pre-approved template tries its yes in advance."""

from core.actors import Actor
from core.errors import Conflict, NotAllowed, TooMany
from drafts.models import Draft
from templates_catalog.services.instant import approve_inside_bounds


def approve_if_standing(draft: Draft, actor: Actor) -> None:
    """Approves when version, bounds, record and person allow it; otherwise leaves the draft."""
    if not draft.is_editing or not draft.created_from_template_id:
        return
    try:
        approve_inside_bounds(draft=draft, actor=actor)
    except (Conflict, NotAllowed, TooMany):
        return
