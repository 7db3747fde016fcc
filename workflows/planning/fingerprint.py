"""The fingerprint of a plan: equal plans, and only those, have equal ones.

SHA-256 over the canonical JSON of type, version, inputs and, with the changes ordered by
(entity, target, field), the SHA-256 of each block of 1,000 changes. Shorter ids come before
longer ones, so that numbers are in their own order.
"""

import hashlib
from collections.abc import Iterable, Mapping

from core.canonical import canonical_json, sha256_hex

BLOCK = 1_000


class Blocks:
    """Hashes lines as they come; holds one block at a time."""

    def __init__(self) -> None:
        self.digests: list[str] = []
        self._lines: list[str] = []

    def add(self, line: str) -> None:
        self._lines.append(line)
        if len(self._lines) == BLOCK:
            self._close()

    def add_all(self, lines: Iterable[str]) -> "Blocks":
        for line in lines:
            self.add(line)
        return self

    def finished(self) -> list[str]:
        if self._lines:
            self._close()
        return self.digests

    def _close(self) -> None:
        self.digests.append(hashlib.sha256("".join(self._lines).encode()).hexdigest())
        self._lines = []


def fingerprint(
    type_id: str, version: int, inputs: Mapping[str, object], blocks: Iterable[str]
) -> str:
    return sha256_hex(
        canonical_json(
            {"type": type_id, "version": version, "inputs": inputs, "blocks": list(blocks)}
        )
    )
