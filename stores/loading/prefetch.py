"""The next chunk is read and parsed while the database works on this one."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
END: Any = object()


def prefetched(chunks: Iterable[T]) -> Iterator[T]:
    """One chunk ahead, in a thread that never touches the database."""
    source = iter(chunks)
    with ThreadPoolExecutor(1, thread_name_prefix="import") as ahead:
        waiting = ahead.submit(next, source, END)
        while (chunk := waiting.result()) is not END:
            waiting = ahead.submit(next, source, END)
            yield chunk
