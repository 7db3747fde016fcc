"""How much of a file is taken, checked while it streams and never after it is in memory."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """``unpacked`` counts bytes after gzip. A cell or line is measured in characters."""

    packed: int = 200 * MIB
    unpacked: int = 1024 * MIB
    rows: int = 2_000_000
    columns: int = 1_000
    line: int = 2 * MIB
    cell: int = 1 * MIB


DEFAULT = Limits()
