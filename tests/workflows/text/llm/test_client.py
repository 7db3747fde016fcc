"""The client's patience, against a server that misbehaves in each of these ways."""

import socket

import pytest

from tests.workflows.text.llm.conftest import (
    GOOD,
    answers,
    completion,
    dribbles,
    hangs_up,
    says,
    sleeps,
)
from workflows.text.llm.client import ATTEMPTS, ChatClient, Unavailable
from workflows.text.llm.endpoint import Endpoint, Refused, is_public, target_of
from workflows.text.llm.writer import Description

MESSAGES = [{"role": "user", "content": "Write."}]


def test_an_answer_comes_back_with_its_cost_and_the_key_is_sent(server):
    server.script = [says(GOOD, tokens=321)]
    answer, tokens = server.client().ask(MESSAGES, Description)
    assert (answer.paragraphs, tokens) == ([GOOD], 321)
    assert server.requests[0]["headers"]["Authorization"] == "Bearer secret-key"
    assert server.requests[0]["body"]["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize(
    ("trouble", "waits"),
    [
        (answers(429, Retry_After="7"), [7.0]),
        (answers(429, Retry_After="9999"), [10.0]),
        (answers(429), [1.0]),
        (answers(503), [1.0]),
        (hangs_up, [1.0]),
        (sleeps, [1.0]),
        (dribbles, [1.0]),
    ],
    ids=["429", "429-long", "429-bare", "503", "hang-up", "sleep", "dribble"],
)
def test_passing_trouble_is_waited_out(server, trouble, waits):
    server.script = [trouble, says(GOOD)]
    answer, _tokens = server.client().ask(MESSAGES, Description)
    assert answer.paragraphs == [GOOD]
    assert server.waits == waits


@pytest.mark.parametrize(
    ("trouble", "asked"),
    [
        (answers(500), ATTEMPTS),
        (sleeps, ATTEMPTS),
        (answers(401), 1),
        (answers(302, Location="http://127.0.0.1:1/"), 1),
        (answers(200, b"<html>"), 1),
        (answers(200, b"{}"), 1),
        (answers(200, completion("x" * 300_000)), 1),
        (answers(200, completion("not json at all")), 2),
        (answers(200, completion('{"paragraphs": []}')), 2),
    ],
    ids=["500", "sleep", "401", "redirect", "html", "empty", "huge", "prose", "shape"],
)
def test_lasting_trouble_ends(server, trouble, asked):
    server.script = [trouble]
    with pytest.raises(Unavailable) as refused:
        server.client().ask(MESSAGES, Description)
    assert len(server.requests) == asked
    assert "secret-key" not in str(refused.value)


def test_a_wrong_shape_is_asked_for_once_more(server):
    fenced = completion('```json\n{"paragraphs": ["Well."]}\n```', 10)
    server.script = [answers(200, completion('{"text": "no"}', 20)), answers(200, fenced)]
    answer, tokens = server.client().ask(MESSAGES, Description)
    assert (answer.paragraphs, tokens) == (["Well."], 30)
    assert "Not the shape" in server.requests[1]["body"]["messages"][-1]["content"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.5.5",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "2002:0a00:0001::",
        "224.0.0.1",
        "240.0.0.1",
    ],
)
def test_private_addresses_are_not_public(address):
    assert not is_public(address)


def resolves_to(monkeypatch, *addresses):
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: entries)


@pytest.mark.parametrize(
    ("url", "addresses"),
    [
        ("https://llm.example/v1", ["10.0.0.8"]),
        ("https://llm.example/v1", ["93.184.216.34", "127.0.0.1"]),
        ("http://llm.example/v1", ["93.184.216.34"]),
        ("https://user:pass@llm.example/v1", ["93.184.216.34"]),
        ("file:///etc/passwd", ["93.184.216.34"]),
        ("https:///v1", ["93.184.216.34"]),
    ],
)
def test_what_a_tenant_typed_is_guarded(monkeypatch, url, addresses):
    resolves_to(monkeypatch, *addresses)
    with pytest.raises(Refused):
        target_of(Endpoint(url, "model"))


def test_a_public_name_is_pinned_to_its_address(monkeypatch):
    resolves_to(monkeypatch, "93.184.216.34")
    target = target_of(Endpoint("https://llm.example:8443/v1", "model"))
    assert target.url == "https://93.184.216.34:8443/v1/chat/completions"
    assert (target.host, target.server_name) == ("llm.example:8443", "llm.example")


def test_a_refused_address_is_never_called(server):
    client = ChatClient(Endpoint(server.url, "model"))
    with pytest.raises(Unavailable):
        client.ask(MESSAGES, Description)
    assert server.requests == []
