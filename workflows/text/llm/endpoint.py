"""Where the model is, and whether we may go there."""

import ipaddress
import os
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

MONTHLY_TOKENS = 2_000_000
TEXTS_A_PLAN = 200


class Refused(Exception):
    """The address must not be called. The message says why."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``trusted`` addresses come from whoever runs the server and may be internal; those that a
    tenant typed are guarded."""

    url: str
    model: str
    key: str = ""
    trusted: bool = False
    monthly_tokens: int = MONTHLY_TOKENS
    texts_a_plan: int = TEXTS_A_PLAN


def configured() -> Endpoint | None:
    """The endpoint of this installation, or None: then the rules write."""
    url, model = os.environ.get("CODEX_LLM_URL", ""), os.environ.get("CODEX_LLM_MODEL", "")
    if not url or not model:
        return None
    return Endpoint(
        url=url.rstrip("/"),
        model=model,
        key=os.environ.get("CODEX_LLM_KEY", ""),
        trusted=True,
        monthly_tokens=int(os.environ.get("CODEX_LLM_MONTHLY_TOKENS", MONTHLY_TOKENS)),
        texts_a_plan=int(os.environ.get("CODEX_LLM_TEXTS_A_PLAN", TEXTS_A_PLAN)),
    )


@dataclass(frozen=True, slots=True)
class Target:
    """An address with its host resolved once, so that it cannot move between check and call."""

    url: str
    host: str
    server_name: str | None


def target_of(endpoint: Endpoint) -> Target:
    """Raises ``Refused`` for what a tenant may not make us call."""
    parts = urlsplit(endpoint.url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refused("it is not a web address")
    if endpoint.trusted:
        return Target(f"{endpoint.url}/chat/completions", parts.netloc, None)
    if parts.scheme != "https":
        raise Refused("it has to begin with https")
    if parts.username or parts.password:
        raise Refused("it must not hold a password")
    address = _public_address(parts.hostname, parts.port or 443)
    shown = f"[{address}]" if ":" in address else address
    port = f":{parts.port}" if parts.port else ""
    path = parts.path.rstrip("/")
    return Target(
        f"https://{shown}{port}{path}/chat/completions", f"{parts.hostname}{port}", parts.hostname
    )


def _public_address(host: str, port: int) -> str:
    """Every address the name has must be public: one private one is enough to refuse it."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Refused("its name is not known") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not is_public(address):
            raise Refused("it leads into a private network")
    return addresses[0]


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if mapped is not None:
        ip = mapped
    return ip.is_global and not ip.is_multicast and not ip.is_reserved
