"""Which language model a tenant lets write its texts: set, tried, taken away. Always audited."""

from time import monotonic

from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import BaseModel

from core.actors import Actor
from core.errors import Invalid, NotAllowed, NotFound
from core.lifecycle import record
from core.outbound import Refused, check_url, require_public
from tenants.models import Tenant
from workflows import queries
from workflows.models import TextModel
from workflows.models.texts import MONTHLY_TOKENS, MOST_TEXTS, MOST_TOKENS, TEXTS_A_PLAN
from workflows.text.llm.client import ChatClient, Unavailable
from workflows.text.llm.endpoint import own_endpoint
from workflows.text.llm.memory import TenantPurse

PERM = "workflows.set_text_model"
LONGEST_KEY = 1_000


def set_text_model(
    *,
    tenant_id: str,
    actor: Actor,
    url: str,
    model: str,
    key: str | None = None,
    forget_key: bool = False,
    monthly_tokens: int = MONTHLY_TOKENS,
    texts_a_plan: int = TEXTS_A_PLAN,
    is_active: bool = True,
) -> TextModel:
    """``key``: None or empty keeps the one there is; it is sealed and never given out again.

    A key is for the server it was given for: another address needs it typed again, so that
    nobody can have it sent elsewhere.
    """
    _require(tenant_id, actor)
    url, model, key = url.strip().rstrip("/"), model.strip(), (key or "").strip()
    _check(url, model, key, monthly_tokens, texts_a_plan)
    with transaction.atomic():
        found = TextModel.objects.select_for_update().filter(tenant_id=tenant_id).first()
        found = found or TextModel(tenant_id=tenant_id)
        if found.has_key and not (key or forget_key) and origin(found.url) != origin(url):
            text = _("The key belongs to the old address. Type the key of the new one.")
            raise Invalid({"key": [text]})
        before = _facts(found) if found.url else {}
        found.url, found.model, found.is_active = url, model, is_active
        found.monthly_tokens, found.texts_a_plan = monthly_tokens, texts_a_plan
        if key or forget_key:
            found.key = key
        found.save()
        change = "set" if key else "forgotten" if forget_key else "kept"
        data = {"before": before, "after": _facts(found), "key": change}
        record("text_model.changed", found, actor=actor, data=data)
    return found


def remove_text_model(*, tenant_id: str, actor: Actor) -> None:
    """The installation's model writes again, if it has one; otherwise the rules do."""
    _require(tenant_id, actor)
    with transaction.atomic():
        found = TextModel.objects.select_for_update().filter(tenant_id=tenant_id).first()
        if found is None:
            raise NotFound
        record("text_model.removed", found, actor=actor, data={"before": _facts(found)})
        found.delete()


class Greeting(BaseModel):
    text: str


def try_text_model(*, tenant_id: str, actor: Actor) -> tuple[bool, str]:
    """(whether it works, what to tell people): one short question, counted like any other."""
    _require(tenant_id, actor)
    found = queries.text_model(tenant_id)
    if found is None:
        raise NotFound
    endpoint = own_endpoint(found)
    if endpoint is None:
        return False, _("The key can no longer be read. Type it again.")
    question = [
        {"role": "system", "content": "Answer with JSON: text, plain text."},
        {"role": "user", "content": "Say good morning in three words."},
    ]
    client, since = ChatClient(endpoint, read=8.0, attempts=1), monotonic()
    try:
        _answer, tokens = client.ask(question, Greeting)
    except Unavailable as error:
        return False, _("It did not answer: {why}.").format(why=str(error).rstrip("."))
    TenantPurse(tenant_id).spend(tokens)
    seconds = f"{monotonic() - since:.1f}"
    return True, _("It answered in {n} seconds.").format(n=seconds)


def origin(url: str) -> tuple[str, str, int | None]:
    parts = check_url(url, trusted=True)
    return parts.scheme, parts.host, parts.port


def _require(tenant_id: str, actor: Actor) -> None:
    if not actor.has_perm(PERM, Tenant.objects.get(pk=tenant_id)):
        raise NotAllowed(perm=PERM)


def _check(url: str, model: str, key: str, monthly_tokens: int, texts_a_plan: int) -> None:
    errors: dict[str, list[str]] = {}
    try:
        require_public(url)
    except Refused as refused:
        errors["url"] = [str(refused)]
    if not model or len(model) > 200:
        errors["model"] = [_("The model's name, as its provider writes it.")]
    if len(key) > LONGEST_KEY or not (key.isascii() and key.isprintable()):
        errors["key"] = [_("This is not a key.")]
    if not 0 <= monthly_tokens <= MOST_TOKENS:
        errors["monthly_tokens"] = [_("Has to be {n} or less.").format(n=f"{MOST_TOKENS:,}")]
    if not 0 <= texts_a_plan <= MOST_TEXTS:
        errors["texts_a_plan"] = [_("Has to be {n} or less.").format(n=f"{MOST_TEXTS:,}")]
    if errors:
        raise Invalid(errors)


def _facts(found: TextModel) -> dict[str, object]:
    return {
        "url": found.url,
        "model": found.model,
        "monthly_tokens": found.monthly_tokens,
        "texts_a_plan": found.texts_a_plan,
        "is_active": found.is_active,
    }
