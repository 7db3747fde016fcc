"""``Idempotency-Key``: the same request is answered as the first time; another is refused."""

import hashlib

from django.db import connection
from django.http import HttpResponse
from django.utils.translation import gettext as _

from core.answers import problem_response
from core.errors import DomainError, Invalid
from core.models import AnsweredRequest

KEPT_HEADERS = ("Content-Type", "Location", "ETag", "Retry-After")
NOT_KEPT = frozenset({401, 408, 429})


class KeyReused(DomainError):
    status = 422
    code = "idempotency_key_reused"
    title = "This Idempotency-Key was used for another request"


def wanted(request) -> str:
    if request.method != "POST" or not request.path.startswith("/api/"):
        return ""
    return request.headers.get("Idempotency-Key", "")


def answer_once(request, key: str, respond) -> HttpResponse:
    """Claim the key, answer, keep the answer; all in the request's transaction.

    Two at once: the second waits at the unique row for the first one's commit and then repeats
    its answer. A refusal rolls the claim back with the rest, so ``remember`` writes it again.
    """
    if not _usable(key):
        error = Invalid({"Idempotency-Key": [_("At most 255 printable characters.")]})
        return problem_response(error)
    digest = request_hash(request)
    found = _claim(request.actor, key, digest)
    if found is not None:
        return _again(found, digest)
    response = respond()
    if response.status_code < 400:
        _store(request.actor, key, response)
    return response


def remember_refusal(request, key: str, response: HttpResponse) -> None:
    """Keep a 4xx too; its transaction was rolled back, so this is a new one."""
    status = response.status_code
    if not _usable(key) or status in NOT_KEPT or not 400 <= status < 500:
        return
    if _claim(request.actor, key, request_hash(request)) is None:
        _store(request.actor, key, response)


def _usable(key: str) -> bool:
    return len(key) <= 255 and key.isprintable()


def request_hash(request) -> str:
    whole = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    return hashlib.sha256(whole).hexdigest()


def _claim(actor, key: str, digest: str) -> AnsweredRequest | None:
    """None when the key is now ours, otherwise the row that has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_answeredrequest"
            " (tenant_id, user_id, key, request_hash, status, headers, body)"
            " VALUES (%s, %s, %s, %s, 0, '{}', '') ON CONFLICT DO NOTHING",
            [actor.tenant_id, actor.user_id, key, digest],
        )
        if cursor.rowcount == 1:
            return None
    return AnsweredRequest.objects.get(tenant_id=actor.tenant_id, user_id=actor.user_id, key=key)


def _store(actor, key: str, response) -> None:
    headers = {name: response[name] for name in KEPT_HEADERS if response.has_header(name)}
    AnsweredRequest.objects.filter(
        tenant_id=actor.tenant_id, user_id=actor.user_id, key=key
    ).update(status=response.status_code, headers=headers, body=response.content)


def _again(found: AnsweredRequest, digest: str) -> HttpResponse:
    if found.request_hash != digest:
        return problem_response(KeyReused(_("Send a new key with a new request.")))
    response = HttpResponse(bytes(found.body), status=found.status)
    for name, value in found.headers.items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response
