"""One question to a chat endpoint: with time-outs, patience, and a checked answer."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import pydantic

from core.outbound import Answer, Patience, Refused, Unreachable, send
from workflows.text.llm.endpoint import Endpoint

T = TypeVar("T", bound=pydantic.BaseModel)
Message = Mapping[str, str]

ATTEMPTS = 3
LONGEST_WAIT = 10.0
LARGEST_ANSWER = 256 * 1024
OK = 200
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
        attempts: int = ATTEMPTS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.endpoint, self._sleep, self._attempts = endpoint, sleep, attempts
        self._patience = Patience(connect=connect, total=read, largest=LARGEST_ANSWER)

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
        raise Misshapen("the answer has the wrong shape", spent)

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
        except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
            raise Unavailable("the answer is not a chat completion") from error
        if not isinstance(text, str):
            raise Unavailable("the answer holds no text")
        return text, max(tokens, 0) or _guess(messages, text)

    def _post(self, body: Mapping[str, Any]) -> Any:
        last = "no attempt was made"
        for attempt in range(self._attempts):
            try:
                answer = self._once(body)
            except Unreachable as error:
                last, wait = str(error), 2.0**attempt
            else:
                if answer.status == OK and not answer.cut:
                    return _json(answer.content)
                last, wait = _trouble(answer), _wait(answer.headers, attempt)
                if answer.status != OK and answer.status not in PASSING:
                    break
            if attempt < self._attempts - 1:
                self._sleep(min(wait, LONGEST_WAIT))
        raise Unavailable(last)

    def _once(self, body: Mapping[str, Any]) -> Answer:
        headers = {"Content-Type": "application/json"}
        if self.endpoint.key:
            headers["Authorization"] = f"Bearer {self.endpoint.key}"
        try:
            return send(
                "POST",
                f"{self.endpoint.url.rstrip('/')}/chat/completions",
                content=json.dumps(body).encode(),
                headers=headers,
                patience=self._patience,
                trusted=self.endpoint.trusted,
            )
        except Refused as refused:
            raise Unavailable(f"the address is refused: {refused}") from refused


class Misshapen(Unavailable):
    """Answers came and were paid for, but none was of use."""

    def __init__(self, text: str, tokens: int) -> None:
        super().__init__(text)
        self.tokens = tokens


def _trouble(answer: Answer) -> str:
    if answer.status != OK:
        return f"status {answer.status}"
    if len(answer.content) >= LARGEST_ANSWER:
        raise Unavailable("the answer is too large")
    return "the answer broke off"


def _wait(headers: Mapping[str, str], attempt: int) -> float:
    """What the server asks for, in seconds; doubling waits otherwise."""
    asked = headers.get("retry-after", "")
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
