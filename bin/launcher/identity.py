"""Is the process with this number still ours? Numbers are used again, start times are not."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

PROC = Path("/proc")


def boot() -> str:
    """Changes with each boot of the machine: start times count from there."""
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def started(pid: int) -> str:
    """When a living process started, in the system's own unit; empty for none or a zombie."""
    try:
        fields = _stat(pid)
    except OSError:
        return "" if PROC.joinpath("self").exists() else _started_by_ps(pid)
    return "" if fields[0] in "ZX" else fields[19]


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the command's name, which may hold spaces."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def _started_by_ps(pid: int) -> str:
    """Where there is no /proc (macOS)."""
    answer = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    return "" if answer.startswith("Z") else answer.partition(" ")[2].strip()


def pids() -> list[int]:
    try:
        return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]
    except OSError:
        return []


def command_line(pid: int) -> str:
    try:
        return (
            (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        )
    except OSError:
        return ""


def has_variable(pid: int, name: str, value: str) -> bool:
    """Whether a process was started with this environment variable."""
    try:
        return os.fsencode(f"{name}={value}") in (PROC / str(pid) / "environ").read_bytes().split(
            b"\0"
        )
    except OSError:
        return False


def group_members(group: int) -> list[int]:
    return [pid for pid in pids() if _group(pid) == group]


def _group(pid: int) -> int:
    try:
        fields = _stat(pid)
    except OSError:
        return 0
    return 0 if fields[0] in "ZX" else int(fields[2])


def send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def send_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def end_all(found: list[int], first: signal.Signals, patience: float) -> None:
    """Ask politely, wait, then do not ask any more."""
    alive = {pid: start for pid in found if (start := started(pid))}
    for number, seconds in ((first, patience), (signal.SIGKILL, 5.0)):
        for pid in alive:
            send(pid, number)
        deadline = time.monotonic() + seconds
        while alive and time.monotonic() < deadline:
            alive = {pid: start for pid, start in alive.items() if started(pid) == start}
            time.sleep(0.05)
