"""A template as a file that says who made it: JSON with an Ed25519 signature over the rest."""

import base64
import binascii
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.translation import gettext as _

from core.canonical import canonical_json
from core.errors import Invalid

FORMAT, VERSION = "codex-template", 1
LARGEST = 512 * 1024
LONGEST = {"name": 200, "description": 5_000, "tags": 40, "workflow_type_id": 100}
FACTS = (
    "name",
    "description",
    "category",
    "tags",
    "workflow_type_id",
    "default_inputs",
    "required_fields",
    "optional_fields",
    "approved_copy_blocks",
)


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file says, who signed it, and whether this installation knows them."""

    facts: dict[str, Any]
    signer: str
    is_known: bool


def sealed(facts: dict[str, Any]) -> dict[str, Any]:
    """The file: ``facts`` with this installation's signature."""
    document = {
        "format": FORMAT,
        "format_version": VERSION,
        "template": {name: facts[name] for name in FACTS},
        "signed_at": timezone.now().isoformat(timespec="seconds"),
        "signer": public_key(),
    }
    signature = _key().sign(canonical_json(document))
    return {**document, "signature": base64.b64encode(signature).decode()}


def opened(raw: bytes) -> Opened:
    """``Invalid`` for the field ``file``, in words, for whatever is not a template as signed."""
    if len(raw) > LARGEST:
        raise _refused(_("The file is too large for a template."))
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise _refused(_("This is not a template file: it cannot be read as JSON.")) from error
    if b"\\u0000" in raw or not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _refused(_("This is not a template file."))
    if document.get("format_version") != VERSION:
        raise _refused(_("This file was written by another version of Codex."))
    signer = _check_signature(document)
    return Opened(_facts(document), signer, is_known=signer in trusted())


def public_key() -> str:
    return base64.b64encode(_raw(_key().public_key())).decode()


def trusted() -> frozenset[str]:
    """Our own, and those the installation's operator named."""
    return frozenset({public_key(), *settings.TEMPLATE_TRUSTED_SIGNERS})


def _check_signature(document: dict[str, Any]) -> str:
    signed = {name: value for name, value in document.items() if name != "signature"}
    try:
        signer = str(document["signer"])
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signer, validate=True))
        signature = base64.b64decode(str(document["signature"]), validate=True)
        key.verify(signature, canonical_json(signed))
    except (KeyError, ValueError, TypeError, binascii.Error, InvalidSignature) as error:
        said = _("The signature does not fit: the file was changed after it was signed.")
        raise _refused(said) from error
    return signer


def _facts(document: dict[str, Any]) -> dict[str, Any]:
    facts = document.get("template")
    if not isinstance(facts, dict) or set(facts) != set(FACTS):
        raise _refused(_("The file does not say what a template says."))
    texts, lists = ("name", "description", "category", "workflow_type_id"), (*FACTS[6:], "tags")
    fits = (
        all(isinstance(facts[name], str) for name in texts)
        and all(isinstance(facts[name], list) for name in lists)
        and isinstance(facts["default_inputs"], dict)
        and all(isinstance(one, str) for name in lists for one in facts[name])
        and all(len(tag) <= LONGEST["tags"] for tag in facts["tags"])
        and all(len(facts[name]) <= most for name, most in LONGEST.items() if name in texts)
    )
    if not fits:
        raise _refused(_("The file does not say what a template says."))
    return dict(facts)


def _refused(text: str) -> Invalid:
    return Invalid({"file": [text]})


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _key() -> Ed25519PrivateKey:
    return _read(settings.TEMPLATE_SIGNING_KEY, str(settings.TEMPLATE_SIGNING_KEY_FILE))


@lru_cache(maxsize=8)
def _read(text: str, path: str) -> Ed25519PrivateKey:
    """From the environment, else from the installation's own file, made when there is none."""
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text or _kept(Path(path))))
    except ValueError as error:
        raise ImproperlyConfigured("CODEX_SIGNING_KEY is not 32 bytes in base64") from error


def _kept(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(made)
    except FileExistsError:
        return path.read_text().strip()
    return made
