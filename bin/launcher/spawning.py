"""Start a process that does not outlive us."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from launcher.accounts import Account

PR_SET_PDEATHSIG = 1


def spawn(
    argv: list[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    account: Account | None = None,
    stdin: int = subprocess.DEVNULL,
    output: int | IO[bytes] | None = None,
    own_session: bool = True,
    orphaned: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """As `account`, or as ourselves. `orphaned` is what the kernel sends it should we be killed.

    In a session of its own Ctrl-C reaches only us, and we end things in order.
    """
    switch: dict[str, object] = {}
    if account is not None:
        switch = {"user": account.uid, "group": account.gid, "extra_groups": []}
    # The account's arguments come as a dictionary, which fits no signature of Popen.
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        argv,
        env=dict(env),
        cwd=cwd,
        stdin=stdin,
        stdout=output,
        stderr=output,
        start_new_session=own_session,
        # No threads here; and nothing else can arrange this between fork and exec.
        preexec_fn=_die_with_parent(orphaned),  # noqa: PLW1509
        **switch,
    )


def _die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Linux sends a child this signal however we die. Elsewhere the next start cleans up."""
    if not sys.platform.startswith("linux"):
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(number))
        if os.getppid() != parent:
            os._exit(1)

    return arrange
