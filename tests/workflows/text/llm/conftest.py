"""A real HTTP server on this machine that behaves as badly as it is told to."""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from workflows.text.llm.client import ChatClient
from workflows.text.llm.endpoint import Endpoint

GOOD = (
    "A red enamel lantern for summer evenings and winter doorsteps alike. Hang it where people "
    "gather, or stand it beside the door and let it mark a corner for the evening. It gives light "
    "a shape, looks right by day as well as after dark, and makes a plain corner worth a second "
    "look. Bring it home and see."
)

Behaviour = Callable[[BaseHTTPRequestHandler], None]


def completion(content: str, tokens: int = 100) -> bytes:
    message = {"choices": [{"message": {"content": content}}], "usage": {"total_tokens": tokens}}
    return json.dumps(message).encode()


def says(*paragraphs: str, tokens: int = 100) -> Behaviour:
    return answers(200, completion(json.dumps({"paragraphs": list(paragraphs)}), tokens))


def answers(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    def behave(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return behave


def cut_off(request: BaseHTTPRequestHandler) -> None:
    """JSON that stops in the middle, though more was announced."""
    body = completion(json.dumps({"paragraphs": [GOOD]}))
    request.send_response(200)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body[: len(body) // 2])
    request.close_connection = True


def hangs_up(request: BaseHTTPRequestHandler) -> None:
    request.connection.close()


def sleeps(request: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)


def dribbles(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "1000")
    request.end_headers()
    for _ in range(20):
        request.wfile.write(b" ")
        request.wfile.flush()
        time.sleep(0.1)


class Server:
    """``script``: what to do with each request; the last is repeated."""

    def __init__(self) -> None:
        self.script: list[Behaviour] = []
        self.requests: list[dict] = []
        self.waits: list[float] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                size = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(size))
                outer.requests.append({"body": body, "headers": dict(self.headers)})
                at = min(len(outer.requests), len(outer.script)) - 1
                try:
                    outer.script[at](self)
                except OSError:
                    self.close_connection = True

            def log_message(self, *args):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def client(self, **more) -> ChatClient:
        endpoint = Endpoint(self.url, "test-model", "secret-key", trusted=True, **more)
        return ChatClient(endpoint, connect=0.5, read=0.5, sleep=self.waits.append)

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class CountingPurse:
    """A month's spending without a database; the real one has tests of its own."""

    def __init__(self) -> None:
        self.tokens = self.texts = 0

    def spent(self) -> int:
        return self.tokens

    def spend(self, tokens: int, texts: int = 0) -> None:
        self.tokens += tokens
        self.texts += texts


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()
