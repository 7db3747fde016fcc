"""Calls to addresses that tenants typed: webhooks, chat, text models.

Whoever types an address chooses where our servers knock. So the one network path here resolves the
name itself, refuses every address that is not public, and connects to the very address it checked:
a name that answers differently a moment later changes nothing. No redirect is followed, no proxy
setting read, nothing unpacked, and a call ends at its deadline however slowly the other side drips.

``CODEX_OUTBOUND_LOCAL=1`` admits plain http and local addresses, for development and tests.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache

import httpcore2
import httpx2
from django.conf import settings
from django.utils.translation import gettext as _

# Two clouds serve metadata of the machine at addresses that look public.
METADATA = frozenset({"168.63.129.16", "fd00:ec2::254"})
NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
LONGEST_URL = 2_000
MOST_ADDRESSES = 4

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):
    """The address must not be called. The message says why, in words for whoever typed it."""


class Unreachable(Exception):
    """No answer came. The message is short and holds nothing of the request."""


@dataclass(frozen=True, slots=True)
class Patience:
    """``total`` seconds bound the whole call; of the answer at most ``largest`` bytes are read."""

    connect: float = 5.0
    total: float = 20.0
    largest: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """``cut`` when the other side had more to say than we read. Header names are lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    cut: bool = False


def check_url(url: str, *, trusted: bool = False) -> httpx2.URL:
    """The address as it will be called; ``Refused`` when its form alone rules it out."""
    found = _parsed(url)
    if found.scheme not in {"http", "https"} or not found.host:
        raise Refused(_("It is not a web address."))
    if found.userinfo:
        raise Refused(_("It must not hold a name or password."))
    if not trusted and not _local_is_fine() and found.scheme != "https":
        raise Refused(_("It has to begin with https."))
    return found


def require_public(url: str) -> None:
    """For the moment it is typed: the form, and where the name leads now. Calling checks again."""
    found = check_url(url)
    addresses_of(found.host, found.port or 443)


def send(
    method: str,
    url: str,
    *,
    content: bytes = b"",
    headers: Mapping[str, str] | None = None,
    patience: Patience = Patience(),
    trusted: bool = False,
) -> Answer:
    """One call on a connection of its own. ``trusted``: the operator's own address, unguarded.

    A status that arrived counts even if the rest of the answer never ends.
    """
    target = check_url(url, trusted=trusted)
    backend = _Guarded(until=time.monotonic() + patience.total, trusted=trusted)
    pool = httpcore2.ConnectionPool(
        ssl_context=_tls(), network_backend=backend, max_keepalive_connections=0
    )
    seconds = {"connect": patience.connect, "read": patience.total, "write": patience.total}
    sent = {"Host": target.netloc.decode("ascii"), "Accept-Encoding": "identity", **(headers or {})}
    try:
        with (
            pool,
            pool.stream(
                method,
                _core_url(target),
                headers=[(name.encode("ascii"), value.encode()) for name, value in sent.items()],
                content=content,
                extensions={"timeout": seconds},
            ) as response,
        ):
            return _read(response, patience.largest)
    except (httpcore2.TimeoutException, TimeoutError) as error:
        raise Unreachable(_("It did not answer in time.")) from error
    except ssl.SSLError as error:
        raise Unreachable(_("Its certificate is not valid.")) from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
        raise Unreachable(_fault(error)) from error


def addresses_of(host: str, port: int, *, trusted: bool = False) -> list[str]:
    """What the name leads to. One private address among them is enough to refuse them all."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Refused(_("Its name is not known.")) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not trusted and not _local_is_fine() and not all(map(is_public, addresses)):
        raise Refused(_("It leads into a private network."))
    return addresses[:MOST_ADDRESSES]


def is_public(address: str) -> bool:
    ip = _innermost(ipaddress.ip_address(address.split("%", maxsplit=1)[0]))
    odd = ip.is_multicast or ip.is_reserved or ip.is_unspecified
    site = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local
    return ip.is_global and not odd and not site and str(ip) not in METADATA


def _innermost(ip: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 one carries, where it carries one."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if any(ip in network for network in NAT64):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def _parsed(url: str) -> httpx2.URL:
    strange = any(ord(letter) <= 32 or letter == "\\" for letter in url)
    if strange or len(url) > LONGEST_URL:
        raise Refused(_("It is not a web address."))
    try:
        return httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise Refused(_("It is not a web address.")) from error


def _core_url(url: httpx2.URL) -> httpcore2.URL:
    return httpcore2.URL(
        scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
    )


def _local_is_fine() -> bool:
    return bool(settings.OUTBOUND_LOCAL)


@cache
def _tls() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


def _read(response: httpcore2.Response, largest: int) -> Answer:
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
    }
    content, cut = b"", False
    try:
        for part in response.iter_stream():
            content += part
            if len(content) > largest:
                cut = True
                break
    except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError):
        cut = True
    return Answer(response.status, headers, content[:largest], cut)


def _fault(error: Exception) -> str:
    """A certificate's fault arrives wrapped; it is the one cause worth telling apart."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return _("Its certificate is not valid.")
    if isinstance(error, httpcore2.ConnectError):
        return _("It could not be reached.")
    return _("The connection broke off.")


class _Guarded(httpcore2.SyncBackend):
    """Connects to addresses it has checked, and lends streams that end at the deadline."""

    def __init__(self, *, until: float, trusted: bool) -> None:
        self._until, self._trusted = until, trusted

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable | None = None,
    ) -> httpcore2.NetworkStream:
        for address in addresses_of(host, port, trusted=self._trusted):
            left = _left(self._until, timeout)
            with suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                stream = super().connect_tcp(address, port, left, None, socket_options)
                return _Bounded(stream, self._until)
        raise httpcore2.ConnectError("no address answered")

    def connect_unix_socket(self, *_args: object, **_options: object) -> httpcore2.NetworkStream:
        raise Refused(_("It is not a web address."))


class _Bounded(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream, until: float) -> None:
        self._inner, self._until = inner, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._until, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), 4096):
            self._inner.write(buffer[start : start + 4096], _left(self._until, timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        left = _left(self._until, timeout)
        return _Bounded(self._inner.start_tls(ssl_context, server_hostname, left), self._until)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


def _left(until: float, timeout: float | None) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore2.ReadTimeout("the deadline is over")
    return min(left, timeout) if timeout else left
