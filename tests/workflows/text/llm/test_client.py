"""The client's patience, against a server that misbehaves in each of these ways."""

import socket

import pytest

from core.outbound import require_public
from tests.workflows.text.llm.conftest import (
    GOOD,
    answers,
    completion,
    cut_off,
    dribbles,
    hangs_up,
    says,
    sleeps,
)
from workflows.text.llm.client import ATTEMPTS, ChatClient, Misshapen, Unavailable
from workflows.text.llm.endpoint import Endpoint
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
        (cut_off, ATTEMPTS),
        (answers(200, b'{"choices": []}'), 1),
        (answers(200, b"[]"), 1),
        (answers(200, completion("not json at all")), 2),
        (answers(200, completion('{"paragraphs": []}')), 2),
    ],
    ids=[
        "500",
        "sleep",
        "401",
        "redirect",
        "html",
        "empty",
        "huge",
        "cut",
        "none",
        "list",
        "prose",
        "shape",
    ],
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
    ("url", "addresses"),
    [
        ("https://llm.example/v1", ["10.0.0.8"]),
        ("https://llm.example/v1", ["93.184.216.34", "127.0.0.1"]),
        ("https://llm.example/v1", ["::ffff:10.0.0.1"]),
        ("https://llm.example/v1", ["169.254.169.254"]),
        ("https://2130706433/v1", ["127.0.0.1"]),
        ("https://[fd00::1]/v1", ["fd00::1"]),
        ("http://llm.example/v1", ["93.184.216.34"]),
        ("https://user:pass@llm.example/v1", ["93.184.216.34"]),
        ("file:///etc/passwd", ["93.184.216.34"]),
    ],
)
def test_what_a_tenant_typed_is_guarded(monkeypatch, url, addresses):
    entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: entries)
    with pytest.raises(Unavailable, match="the address is refused"):
        ChatClient(Endpoint(url, "model", "secret-key")).ask(MESSAGES, Description)


def test_a_name_that_changes_its_answer_leads_nowhere_new(monkeypatch):
    """Public while it is typed, private when it is called: what is called is what is checked."""
    answers_ = [["93.184.216.34"], ["127.0.0.1"]]

    def resolve(*args, **kwargs):
        found = answers_.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    require_public("https://llm.example/v1")
    with pytest.raises(Unavailable, match="private network"):
        ChatClient(Endpoint("https://llm.example/v1", "model")).ask(MESSAGES, Description)


def test_a_redirect_is_an_answer_and_never_followed(server):
    server.script = [answers(307, Location=f"{server.url}/private")]
    with pytest.raises(Unavailable, match="status 307"):
        server.client().ask(MESSAGES, Description)
    assert len(server.requests) == 1


def test_what_wrong_shapes_cost_is_told(server):
    server.script = [answers(200, completion("prose", 40))]
    with pytest.raises(Misshapen) as refused:
        server.client().ask(MESSAGES, Description)
    assert refused.value.tokens == 80


def test_a_refused_address_is_never_called(server):
    client = ChatClient(Endpoint(server.url, "model"))
    with pytest.raises(Unavailable):
        client.ask(MESSAGES, Description)
    assert server.requests == []
