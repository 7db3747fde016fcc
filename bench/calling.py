"""One request through the whole of Django, without a socket: handler, middleware, database."""

import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass

from django.core.handlers.wsgi import WSGIHandler


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    @property
    def compressed(self) -> int:
        return len(gzip.compress(self.body, 6, mtime=0))


class Caller:
    """Somebody with a token or a session, who asks again and again."""

    handler: WSGIHandler | None = None

    def __init__(self, *, token: str = "", cookie: str = "") -> None:
        if Caller.handler is None:
            Caller.handler = WSGIHandler()
        self.headers = {"HTTP_AUTHORIZATION": f"Token {token}"} if token else {}
        if cookie:
            self.headers["HTTP_COOKIE"] = cookie

    def get(self, address: str, *, expect: int = 200) -> Answer:
        path, _, query = address.partition("?")
        status: list[int] = []

        def start(said: str, headers: object, exc_info: object = None) -> None:
            status.append(int(said.split(maxsplit=1)[0]))

        assert Caller.handler is not None
        response = Caller.handler(self._environ(path, query), start)
        try:
            body = b"".join(response)
        finally:
            response.close()
        if status != [expect]:
            raise RuntimeError(f"{address} answered {status}: {body[:500]!r}")
        return Answer(status[0], body)

    def asking(self, address: str) -> Callable[[], Answer]:
        return lambda: self.get(address)

    def _environ(self, path: str, query: str) -> dict[str, object]:
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "bench.local",
            "SERVER_PORT": "443",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "bench.local",
            "wsgi.url_scheme": "https",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **self.headers,
        }
