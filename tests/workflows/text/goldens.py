"""What the rules write for the fixture catalogue, one text after the other, to be read by people.

After a change that is meant: ``CODEX_WRITE_GOLDENS=1 pytest tests/workflows/text``, then read the
difference as a merchant would.
"""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def agrees(name: str, text: str) -> bool:
    path = FOLDER / name
    if os.environ.get("CODEX_WRITE_GOLDENS"):
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8") == text
