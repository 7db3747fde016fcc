"""A web server that answers badly on purpose: each path is one way to misbehave."""

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Server:
    """``seen`` holds (path, headers, body) of every request; ``statuses`` answer ``/script``."""

    port: int
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def misbehaving():
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.1)
    server = Server(listener.getsockname()[1])

    def accept():
        while not server.over.is_set():
            with suppress(TimeoutError, OSError):
                connection, _address = listener.accept()
                threading.Thread(target=_serve, args=(server, connection), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        thread.join(2)
        listener.close()


def _serve(server: Server, connection: socket.socket) -> None:
    with suppress(OSError, ValueError), connection:
        connection.settimeout(5)
        path, headers, body = _request(connection)
        server.seen.append((path, headers, body))
        _answer(server, path, connection)


def _request(connection: socket.socket) -> tuple[str, dict[str, str], bytes]:
    raw = b""
    while b"\r\n\r\n" not in raw:
        raw += _more(connection)
    head, body = raw.split(b"\r\n\r\n", 1)
    first, *lines = head.decode().split("\r\n")
    pairs = (line.split(":", 1) for line in lines)
    headers = {name.lower(): value.strip() for name, value in pairs}
    while len(body) < int(headers.get("content-length", 0)):
        body += _more(connection)
    return first.split(" ")[1], headers, body


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise ConnectionResetError
    return part


def _answer(server: Server, path: str, connection: socket.socket) -> None:
    odd = {"/hang": _hang, "/drip-head": _drip_head, "/drip": _drip_body, "/huge": _huge}
    if path in odd:
        odd[path](server, connection)
    elif path == "/garbage":
        connection.sendall(b"\x00\x01 not http at all\r\n\r\n")
    elif path == "/redirect":
        _say(connection, 302, b"", f"Location: {server.url('/ok')}\r\n".encode())
    elif path == "/script":
        _say(connection, server.statuses.pop(0) if server.statuses else 200, b"scripted")
    elif path != "/close":
        status = int(path.strip("/")) if path.strip("/").isdigit() else 200
        _say(connection, status, b"answer")


def _say(connection: socket.socket, status: int, body: bytes, more: bytes = b"") -> None:
    head = f"HTTP/1.1 {status} So\r\nContent-Length: {len(body)}\r\n".encode()
    connection.sendall(head + more + b"\r\n" + body)


def _hang(server: Server, connection: socket.socket) -> None:
    server.over.wait(30)


def _drip_head(server: Server, connection: socket.socket) -> None:
    _drip(server, connection, b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 1000)


def _drip_body(server: Server, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    _drip(server, connection, b"y" * 1000)


def _huge(server: Server, connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    while not server.over.is_set():
        connection.sendall(b"z" * 65536)


def _drip(server: Server, connection: socket.socket, text: bytes) -> None:
    for letter in text:
        if server.over.wait(0.05):
            return
        connection.sendall(bytes([letter]))
