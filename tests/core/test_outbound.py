import socket
import time

import pytest

from core import outbound
from core.outbound import Patience, Refused, Unreachable
from tests.misbehaving import misbehaving

SHORT = Patience(connect=1, total=0.6, largest=1000)


@pytest.fixture
def server(settings):
    settings.OUTBOUND_LOCAL = True
    with misbehaving() as found:
        yield found


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0",  # noqa: S104 -- looked at, not bound
        "10.0.0.1", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "168.63.129.16", "::", "::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
        "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:db8::1", "::127.0.0.1",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address):
    assert outbound.is_public(address) is False


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::101:101"]
)
def test_addresses_outside_are(address):
    assert outbound.is_public(address) is True


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
        "https://0177.0.0.1/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/", "https://localhost/", "https://169.254.169.254/latest/meta-data",
        "https://[fe80::1%25lo]/", "https://①②⑦.⓪.⓪.①/", "https://[64:ff9b::7f00:1]/",
    ],
)  # fmt: skip
def test_every_notation_of_an_inner_address_is_refused(url):
    with pytest.raises(Refused):
        outbound.require_public(url)
    with pytest.raises(Refused):
        outbound.send("POST", url)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://1.1.1.1/", "It has to begin with https."),
        ("ftp://1.1.1.1/", "It is not a web address."),
        ("file:///etc/passwd", "It is not a web address."),
        ("gopher://1.1.1.1/", "It is not a web address."),
        ("//1.1.1.1/", "It is not a web address."),
        ("", "It is not a web address."),
        ("https://", "It is not a web address."),
        ("https://user:word@1.1.1.1/", "It must not hold a name or password."),
        ("https://1.1.1.1\\@127.0.0.1/", "It is not a web address."),
        ("https://1.1.1.1/\r\nX-Evil: 1", "It is not a web address."),
        ("https://1.1.1.1/" + "x" * 2000, "It is not a web address."),
    ],
)
def test_forms_that_are_refused(url, why):
    with pytest.raises(Refused) as refused:
        outbound.check_url(url)
    assert str(refused.value) == why


def names(monkeypatch, *answers):
    """The resolver says another thing each time it is asked; literals are themselves."""
    asked, left = [], list(answers)

    def getaddrinfo(host, port, *_args, **_options):
        asked.append(host)
        found = left.pop(0) if left else ["127.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_one_inner_address_among_public_ones_is_enough(monkeypatch):
    names(monkeypatch, ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(Refused, match="It leads into a private network"):
        outbound.send("POST", "https://mixed.example/")


def test_a_name_that_changes_its_mind_is_called_at_the_address_that_was_checked(monkeypatch):
    asked = names(monkeypatch, ["1.1.1.1", "1.0.0.1"], ["127.0.0.1"])
    called = []

    def create_connection(address, *_args, **_options):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", create_connection)

    with pytest.raises(Unreachable):
        outbound.send("POST", "https://rebinding.example/hook")

    assert asked == ["rebinding.example"]
    assert called == [("1.1.1.1", 443), ("1.0.0.1", 443)]


def test_a_name_that_was_public_when_saved_is_checked_again_when_called(monkeypatch):
    names(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])
    outbound.require_public("https://rebinding.example/")
    with pytest.raises(Refused):
        outbound.send("POST", "https://rebinding.example/")


def test_an_unknown_name_is_refused(monkeypatch):
    def getaddrinfo(*_args, **_options):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(Refused, match="Its name is not known"):
        outbound.send("POST", "https://nowhere.example/")


def test_a_call_that_works(server):
    answer = outbound.send(
        "POST", server.url("/ok?a=1"), content=b"{}", headers={"Content-Type": "application/json"}
    )

    assert (answer.status, answer.content, answer.cut) == (200, b"answer", False)
    ((path, headers, body),) = server.seen
    assert (path, body) == ("/ok?a=1", b"{}")
    assert headers["host"] == f"127.0.0.1:{server.port}"
    assert headers["content-type"] == "application/json"
    assert headers["accept-encoding"] == "identity"


def test_a_redirect_is_an_answer_and_is_not_followed(server):
    answer = outbound.send("POST", server.url("/redirect"))
    assert answer.status == 302
    assert [path for path, _headers, _body in server.seen] == ["/redirect"]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/hang", "It did not answer in time."),
        ("/drip-head", "It did not answer in time."),
        ("/close", "The connection broke off."),
        ("/garbage", "The connection broke off."),
    ],
)
def test_no_answer_is_told_within_the_time(server, path, why):
    begun = time.monotonic()
    with pytest.raises(Unreachable) as fault:
        outbound.send("POST", server.url(path), patience=SHORT)
    assert str(fault.value) == why
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize("path", ["/drip", "/huge"])
def test_a_status_counts_though_the_answer_never_ends(server, path):
    begun = time.monotonic()
    answer = outbound.send("POST", server.url(path), patience=SHORT)
    assert (answer.status, answer.cut) == (200, True)
    assert len(answer.content) <= 1000
    assert time.monotonic() - begun < 2


def test_a_closed_port_is_told(server):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable, match="It could not be reached"):
        outbound.send("POST", f"http://127.0.0.1:{port}/")


def test_what_does_not_speak_tls_is_told(server):
    with pytest.raises(Unreachable):
        outbound.send("POST", server.url("/ok").replace("http:", "https:"), patience=SHORT)


def test_a_trusted_address_is_the_operators_own_affair(server, settings):
    settings.OUTBOUND_LOCAL = False
    with pytest.raises(Refused):
        outbound.send("POST", server.url("/ok"))
    assert outbound.send("POST", server.url("/ok"), trusted=True).status == 200
