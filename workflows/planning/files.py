"""Files a plan makes, held aside while it is made: in memory while small, then on disk."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

IN_MEMORY = 1_000_000
PART = 256 * 1024
LARGEST = 100 * 1024 * 1024
PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,118}[a-z0-9]")


@dataclass(frozen=True)
class MadeFile:
    name: str
    media_type: str
    size: int
    sha256: str
    content: IO[bytes]

    def parts(self) -> Iterator[bytes]:
        self.content.seek(0)
        while part := self.content.read(PART):
            yield part


def made_file(name: str, media_type: str, chunks: Iterable[str | bytes]) -> MadeFile:
    if not PLAIN_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not a plain file name")
    content: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 -- closed with the sink
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        data = chunk.encode() if isinstance(chunk, str) else chunk
        size += len(data)
        if size > LARGEST:
            content.close()
            raise ValueError(f"{name} is larger than {LARGEST} bytes")
        digest.update(data)
        content.write(data)
    return MadeFile(name, media_type, size, digest.hexdigest(), content)
