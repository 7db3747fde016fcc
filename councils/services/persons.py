"""What a machine never does, whatever it was granted."""

from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import NotAllowed


def require_person(actor: Actor) -> None:
    if actor.user_id is None:
        raise NotAllowed(_("Only people decide. A machine holds no seat and lends none."))
