"""Secrets that have to be read again: signing keys of webhooks, keys of text models.

They lie encrypted in the database, under a key made from ``SECRET_KEY``; a copy of the tables
alone opens nothing. After ``SECRET_KEY`` has changed, old ones open while it is a fallback.
"""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class CannotOpen(Exception):
    """Sealed under another ``SECRET_KEY``: the secret has to be given again."""


def seal(text: str) -> str:
    return (
        _keys((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)).encrypt(text.encode()).decode()
    )


def unseal(sealed: str) -> str:
    try:
        keys = _keys((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
        return keys.decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise CannotOpen from error


@cache
def _keys(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(secret)) for secret in secrets])


def _derived(secret: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"codex sealed secrets")
    return base64.urlsafe_b64encode(made.derive(secret.encode()))
