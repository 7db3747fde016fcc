"""What changed in a text, word by word."""

import re
from collections.abc import Iterator
from difflib import Match, SequenceMatcher

WORD = re.compile(r"\s+|\S+")
LARGEST = 200_000  # product of both middles in words: about a quarter of a second
EQUAL, GONE, NEW = "equal", "gone", "new"


def word_diff(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Pieces ``(equal | gone | new, text)``; past the bound the whole middle counts as changed."""
    old, new = WORD.findall(before), WORD.findall(after)
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    yield EQUAL, "".join(old[:head])
    yield from _middle(old[head : len(old) - tail], new[head : len(new) - tail])
    yield EQUAL, "".join(old[len(old) - tail :])


def _shared(old: list[str], new: list[str]) -> int:
    count = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        count += 1
    return count


def _middle(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    if len(old) * len(new) > LARGEST:
        yield from ((GONE, "".join(old)), (NEW, "".join(new)))
        return
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if _worth(old, block)]
    ends = [(0, 0), *((b.a + b.size, b.b + b.size) for b in blocks)]
    starts = [*((b.a, b.b) for b in blocks), (len(old), len(new))]
    for (old_end, new_end), (old_start, new_start), block in zip(
        ends, starts, [*blocks, None], strict=True
    ):
        yield GONE, "".join(old[old_end:old_start])
        yield NEW, "".join(new[new_end:new_start])
        if block:
            yield EQUAL, "".join(old[block.a : block.a + block.size])


def _worth(old: list[str], block: Match) -> bool:
    """A lone space between two changes would only chop them up."""
    return any(not word.isspace() for word in old[block.a : block.a + block.size])


__all__ = ["EQUAL", "GONE", "NEW", "word_diff"]
