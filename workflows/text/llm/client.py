"""One question to a chat endpoint: with time-outs, patience, and a checked answer."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import httpx2
import pydantic

from workflows.text.llm.endpoint import Endpoint, Refused, Target, target_of

T = TypeVar("T", bound=pydantic.BaseModel)
Message = Mapping[str, str]

ATTEMPTS = 3
LONGEST_WAIT = 10.0
LARGEST_ANSWER = 256 * 1024
PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504})


class Unavailable(Exception):
    """No usable answer. The message is for the log; it never holds the key."""


class ChatClient:
    """``sleep`` is replaced in tests. No redirects are followed and no proxy settings are read."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        connect: float = 5.0,
        read: float = 20.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.endpoint, self._sleep = endpoint, sleep
        self._read = read
        self._http = httpx2.Client(
            timeout=httpx2.Timeout(read, connect=connect), follow_redirects=False, trust_env=False
        )

    def close(self) -> None:
        self._http.close()

    def ask(self, messages: Sequence[Message], shape: type[T]) -> tuple[T, int]:
        """(answer, tokens used). An answer of the wrong shape is asked for once more."""
        spent = 0
        asked = list(messages)
        for _attempt in range(2):
            text, tokens = self._say(asked, shape)
            spent += tokens
            try:
                return shape.model_validate_json(_unfenced(text)), spent
            except pydantic.ValidationError as error:
                fault = error.errors(include_url=False, include_input=False)[:3]
                asked += [
                    {"role": "assistant", "content": text[:2_000]},
                    {
                        "role": "user",
                        "content": f"Not the shape asked for: {fault}. Again, please.",
                    },
                ]
        raise Unavailable("the answer has the wrong shape")

    def _say(self, messages: Sequence[Message], shape: type[T]) -> tuple[str, int]:
        body = {
            "model": self.endpoint.model,
            "messages": list(messages),
            "temperature": 0.4,
            "max_tokens": 800,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "text", "schema": shape.model_json_schema()},
            },
        }
        payload = self._post(body)
        try:
            text = payload["choices"][0]["message"]["content"]
            tokens = int(payload.get("usage", {}).get("total_tokens") or 0)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise Unavailable("the answer is not a chat completion") from error
        if not isinstance(text, str):
            raise Unavailable("the answer holds no text")
        return text, tokens or _guess(messages, text)

    def _post(self, body: Mapping[str, Any]) -> Any:
        try:
            target = target_of(self.endpoint)
        except Refused as refused:
            raise Unavailable(f"the address is refused: {refused}") from refused
        last = "no attempt was made"
        for attempt in range(ATTEMPTS):
            try:
                status, headers, content = self._once(target, body)
            except httpx2.HTTPError as error:
                last, wait = type(error).__name__, 2.0**attempt
            else:
                if status == httpx2.codes.OK:
                    return _json(content)
                last, wait = f"status {status}", _wait(headers, attempt)
                if status not in PASSING:
                    break
            if attempt < ATTEMPTS - 1:
                self._sleep(min(wait, LONGEST_WAIT))
        raise Unavailable(last)

    def _once(self, target: Target, body: Mapping[str, Any]) -> tuple[int, Any, bytes]:
        """Reads at most ``LARGEST_ANSWER``, within the read time-out as a whole."""
        headers = {"Host": target.host, "Content-Type": "application/json"}
        if self.endpoint.key:
            headers["Authorization"] = f"Bearer {self.endpoint.key}"
        extensions = {"sni_hostname": target.server_name} if target.server_name else {}
        content, until = b"", time.monotonic() + self._read
        with self._http.stream(
            "POST", target.url, content=json.dumps(body), headers=headers, extensions=extensions
        ) as response:
            for part in response.iter_bytes():
                content += part
                if len(content) > LARGEST_ANSWER:
                    raise Unavailable("the answer is too large")
                if time.monotonic() > until:
                    raise httpx2.ReadTimeout("the answer dribbles")
            return response.status_code, response.headers, content


def _wait(headers: Mapping[str, str], attempt: int) -> float:
    """What the server asks for, in seconds; doubling waits otherwise."""
    asked = headers.get("Retry-After", "")
    return float(asked) if asked.isdigit() else 2.0**attempt


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError as error:
        raise Unavailable("the answer is not JSON") from error


def _unfenced(text: str) -> str:
    """Some models wrap JSON in a code fence although told not to."""
    text = text.strip()
    if text.startswith("```"):
        text = text.split("\n", 1)[-1].rsplit("```", 1)[0]
    return text.strip()


def _guess(messages: Sequence[Message], text: str) -> int:
    """Four characters a token, where the server does not count."""
    return (sum(len(message["content"]) for message in messages) + len(text)) // 4
