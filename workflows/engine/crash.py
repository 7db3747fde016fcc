"""Named places where a test can have the worker killed, as a machine that loses power would.

``CODEX_CRASH_AT`` names the place, ``CODEX_CRASH_MARK`` a file that remembers it happened, so
that the worker that takes over is not killed there too. Without both nothing happens.
"""

import os
import signal


def crash_point(name: str, number: int | None = None) -> None:
    wanted = os.environ.get("CODEX_CRASH_AT")
    if wanted is None:
        return
    if wanted == (name if number is None else f"{name}_{number}") and _first_time():
        os.kill(os.getpid(), signal.SIGKILL)


def _first_time() -> bool:
    mark = os.environ.get("CODEX_CRASH_MARK", "")
    if not mark:
        return False
    try:
        os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True
