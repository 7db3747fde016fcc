"""One entrance for all commands: signals, failures and exit statuses are the same everywhere."""

import sys

from launcher import bench, demo, manage, signals, testing, up
from launcher.terminal import Failure, complain

COMMANDS = {
    "bench": bench.main,
    "demo": demo.main,
    "manage": manage.main,
    "test": testing.main,
    "up": up.main,
}


def main(arguments: list[str]) -> int:
    # A log or a name in another encoding must not end a command.
    for stream in (sys.stdout, sys.stderr):
        # Typed as any text stream; the interpreter's own ones can be reconfigured.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    signals.listen()
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except Failure as failure:
        complain(f"\n{failure}")
        return 1
    except signals.Stopped as stopped:
        complain("\nStopped.")
        return 128 + stopped.number
