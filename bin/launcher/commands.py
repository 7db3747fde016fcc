"""Run one command to its end as a step, its output in a log."""

import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from launcher import identity, signals
from launcher.accounts import Account
from launcher.project import ROOT
from launcher.spawning import spawn
from launcher.terminal import Failure, Step, step, tail

POLL = 0.05
GRACE = 5.0


@dataclass(frozen=True)
class Command:
    argv: list[str]
    env: Mapping[str, str]
    cwd: Path = ROOT
    # None: as ourselves.
    account: Account | None = None
    stdin: int = subprocess.DEVNULL


def run(title: str, command: Command, log: Path) -> None:
    """Succeed quietly, or raise `Failure` with the end of what the command said."""
    with log.open("ab") as output:
        before = output.seek(0, os.SEEK_END)
        with step(title) as shown:
            status = _finish(start(command, output.fileno()), shown, log)
            if status:
                raise Failure(
                    f"{title} failed (status {status}):\n{tail(log, start=before)}\n"
                    f"All of it: {log}"
                )


def start(
    command: Command, output: int | None = None, *, own_session: bool = True
) -> subprocess.Popen[bytes]:
    return spawn(
        command.argv,
        env=command.env,
        cwd=command.cwd,
        account=command.account,
        stdin=command.stdin,
        output=output,
        own_session=own_session,
    )


def _finish(process: subprocess.Popen[bytes], shown: Step, log: Path) -> int:
    try:
        while (status := process.poll()) is None:
            shown.tick(_last_line(log))
            signals.pause(POLL)
    except BaseException:
        end_group(process)
        raise
    return status


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a command we started, and all it started."""
    process.terminate()
    identity.send_group(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(GRACE)
    process.kill()
    identity.send_group(process.pid, signal.SIGKILL)
    process.wait()


def _last_line(log: Path) -> str:
    with log.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 400))
        lines = file.read().decode(errors="replace").split("\n")
    return lines[-2].strip() if len(lines) > 1 else ""
