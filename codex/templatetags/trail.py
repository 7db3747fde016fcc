"""Events as sentences, where a draft's history has no words of its own for them."""

from django import template
from django.utils.translation import gettext_lazy as _l

from drafts.templatetags.drafts import EVENTS, event_words

register = template.Library()

WORDS = {
    "council.created": _l("{who} made a council"),
    "council.changed": _l("{who} changed a council"),
    "council.rules_changed": _l("{who} changed the routing"),
    "delegation.made": _l("{who} passed their seat on for a while"),
    "delegation.begun": _l("A deputy took over"),
    "delegation.ended": _l("{who} ended a delegation"),
    "delegation.over": _l("A delegation is over"),
    "endpoint.created": _l("{who} added a webhook or chat channel"),
    "endpoint.changed": _l("{who} changed a webhook or chat channel"),
    "endpoint.disabled": _l("A webhook or chat channel was switched off: it kept failing"),
    "endpoint.pinged": _l("{who} sent a test message"),
    "endpoint.removed": _l("{who} removed a webhook or chat channel"),
    "endpoint.secret_rotated": _l("{who} made a new signing key"),
    "delivery.replayed": _l("{who} sent a message again"),
    "freeze.added": _l("{who} added a freeze"),
    "freeze.changed": _l("{who} changed a freeze"),
    "freeze.removed": _l("{who} removed a freeze"),
    "import.received": _l("{who} sent a file"),
    "import.mapped": _l("{who} said what its columns are"),
    "import.confirmed": _l("{who} confirmed an import"),
    "import.discarded": _l("{who} discarded an import"),
    "import.expired": _l("A file nobody confirmed was dropped"),
    "import.started": _l("An import started"),
    "import.finished": _l("An import finished"),
    "import.failed": _l("An import failed"),
    "limits.changed": _l("{who} changed the limits"),
    "member.added": _l("{who} added a member"),
    "member.invited": _l("{who} invited somebody"),
    "member.invitation_withdrawn": _l("{who} withdrew an invitation"),
    "member.joined": _l("{who} joined"),
    "member.left": _l("{who} left"),
    "member.removed": _l("{who} removed a member"),
    "member.role_changed": _l("{who} changed a role"),
    "tenant.created": _l("{who} made the shop"),
    "tenant.changed": _l("{who} changed the shop's facts"),
    "tenant.tolerance_changed": _l("{who} changed what may differ without a new review"),
    "text_model.changed": _l("{who} changed the language model"),
    "text_model.removed": _l("{who} removed the language model"),
    "token.issued": _l("{who} made an API token"),
    "token.revoked": _l("{who} ended an API token"),
}


@register.filter
def trail_words(event) -> str:
    """``Olivia added a webhook``; a kind without words by its own name."""
    words = WORDS.get(event.kind)
    if words is None or event.kind in EVENTS:
        return event_words(event)
    return str(words).format(who=event.actor_label)
