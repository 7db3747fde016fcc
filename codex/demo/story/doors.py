"""How the story's people reach the server: over HTTP, each with a token of their own."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx2

from codex.demo.story.teller import StoryBroken
from tenants import services
from tenants.models import ApiToken, User

TOKEN_LIFE = timedelta(hours=1)
STEP = 0.2
PATIENCE = 180.0

Json = dict[str, Any]


class Door:
    """One person at the API. Every answer is checked against the status the story expects."""

    def __init__(self, person: User, tenant_id: str, client: httpx2.Client, secret: str) -> None:
        self.person = person
        self.tenant_id = tenant_id
        self._client = client
        self._headers = {"Authorization": f"Token {secret}"}

    @property
    def name(self) -> str:
        return self.person.name.split()[0]

    def get(self, path: str, *, expect: int = 200, **query: object) -> Json:
        return self._ask("GET", path, expect, params=query)

    def post(self, path: str, body: Json | None = None, *, expect: int = 200) -> Json:
        return self._ask("POST", path, expect, json=body or {})

    def post_any(self, path: str, body: Json | None = None) -> Json:
        """A move that may be done at once (200) or be taken on for a worker (202)."""
        return self._ask("POST", path, (200, 202), json=body or {})

    def delete(self, path: str) -> Json:
        return self._ask("DELETE", path, (200, 204))

    def refused(self, method: str, path: str, body: Json | None = None) -> tuple[int, str]:
        """Status and words of an answer that should be a refusal."""
        sent = None if method == "GET" else body or {}
        answer = self._client.request(method, path, headers=self._headers, json=sent)
        problem = answer.json() if answer.content else {}
        return answer.status_code, str(problem.get("detail") or problem.get("title") or "")

    def wait(self, path: str, ready: Callable[[Json], bool]) -> Json:
        """Ask again until it is ready, for a few minutes at most."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            answer = self.get(path)
            if ready(answer):
                return answer
            time.sleep(STEP)
        raise StoryBroken(f"{path} did not get ready within {PATIENCE:.0f} seconds")

    def _ask(self, method: str, path: str, expect: int | tuple[int, ...], **given: Any) -> Json:
        answer = self._client.request(method, path, headers=self._headers, **given)
        expected = expect if isinstance(expect, tuple) else (expect,)
        if answer.status_code not in expected:
            raise StoryBroken(
                f"{method} {path} by {self.name} answered {answer.status_code}"
                f" instead of {expected[0]}: {answer.text[:600]}"
            )
        return answer.json() if answer.content else {}


@contextmanager
def doors(url: str, people: dict[str, tuple[User, str]]) -> Iterator[dict[str, Door]]:
    """A door for each person in a tenant; their tokens end with the story."""
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    given: list[ApiToken] = []
    try:
        with httpx2.Client(base_url=url, timeout=60.0) as client:
            _greet(client, url)
            opened = {}
            for name, (person, tenant_id) in people.items():
                token, secret = services.issue_token(
                    user=person, tenant_id=tenant_id, name="the story", life=TOKEN_LIFE
                )
                given.append(token)
                opened[name] = Door(person, tenant_id, client, secret)
            yield opened
    finally:
        for token in given:
            token.delete()


def _greet(client: httpx2.Client, url: str) -> None:
    """Any answer will do: it shows that a server is there."""
    try:
        client.get("/api/drafts")
    except httpx2.HTTPError as error:
        raise StoryBroken(
            f"No server answers at {url} ({error}). Start one with bin/up, or say where with --url."
        ) from error
