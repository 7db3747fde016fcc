"""Start programs, watch them, start again those that die, and end them in order."""

import json
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from launcher import identity, signals
from launcher.accounts import Account
from launcher.home import Home, read_json, write_private
from launcher.logs import LogFollower, open_log
from launcher.spawning import spawn
from launcher.terminal import Failure, complain, step, tail

# A program that dies is started again after 1, 2, 4 ... at most 30 seconds;
# a minute of life clears its record.
FIRST_DELAY = 1.0
LONGEST_DELAY = 30.0
STEADY_AFTER = 60.0

# How to end something: which signal, and how long to wait before the next one.
Ending = tuple[tuple[signal.Signals, float], ...]


@dataclass(frozen=True)
class Program:
    name: str
    title: str
    argv: list[str]
    env: Mapping[str, str]
    cwd: Path
    ending: Ending
    # Whether it serves. One that is asked for nothing at the start counts as ready at once.
    ready: Callable[[], bool] = lambda: True
    account: Account | None = None
    # Called before each start: what a crash left behind is cleared away here.
    prepare: Callable[[], None] = lambda: None


@dataclass
class Running:
    program: Program
    process: subprocess.Popen[bytes]
    since: float = field(default_factory=time.monotonic)
    deaths: int = 0
    # When to start it again; 0 while it lives.
    due: float = 0.0


class Supervisor:
    """All programs of one home. Lives in the main thread: the kernel ties children to a thread."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._running: dict[str, Running] = {}
        self.followers: list[LogFollower] = []

    def start(self, program: Program, patience: float = 60.0) -> None:
        """Start it and wait until it serves."""
        log = self.log_of(program)
        before = log.stat().st_size if log.exists() else 0
        with step(program.title) as shown:
            self._running[program.name] = Running(program, self._spawn(program))
            self._remember()
            while not program.ready():
                shown.tick()
                self._check_first_start(program, shown.elapsed > patience, before)
                signals.pause(0.05)

    def log_of(self, program: Program) -> Path:
        return self._home.log / f"{program.name}.log"

    def _check_first_start(self, program: Program, late: bool, before: int) -> None:
        status = self._running[program.name].process.poll()
        if status is None and not late:
            return
        how = "did not get ready in time" if status is None else f"ended at once (status {status})"
        log = self.log_of(program)
        raise Failure(f"{program.title}: it {how}.\n{tail(log, start=before)}\nAll of it: {log}")

    def _spawn(self, program: Program) -> subprocess.Popen[bytes]:
        program.prepare()
        with open_log(self.log_of(program)) as log:
            return spawn(
                program.argv,
                env=program.env,
                cwd=program.cwd,
                account=program.account,
                output=log,
                orphaned=program.ending[0][0],
            )

    def pause(self, seconds: float) -> None:
        """Wait, looking after the programs meanwhile. Raises `Stopped` when asked to stop."""
        signals.pause(seconds)
        self.tend()

    def tend(self) -> None:
        for follower in self.followers:
            follower.show()
        for running in self._running.values():
            if running.due:
                self._start_again(running)
            elif (status := running.process.poll()) is not None:
                self._note_death(running, status)

    def _note_death(self, running: Running, status: int) -> None:
        # What it had started itself would hold its port or its queue.
        identity.send_group(running.process.pid, signal.SIGKILL)
        lived = time.monotonic() - running.since
        running.deaths = 1 if lived > STEADY_AFTER else running.deaths + 1
        delay = min(FIRST_DELAY * 2 ** (running.deaths - 1), LONGEST_DELAY)
        running.due = time.monotonic() + delay
        how = f"signal {-status}" if status < 0 else f"status {status}"
        name = running.program.name
        complain(
            f"  !! {name} ended ({how}); starting it again in {delay:.0f} s."
            f" See {self._home.log}/{name}.log"
        )

    def _start_again(self, running: Running) -> None:
        if time.monotonic() < running.due:
            return
        running.process = self._spawn(running.program)
        running.since = time.monotonic()
        running.due = 0.0
        self._remember()

    def end(self, *names: str) -> None:
        """End these programs, all at once; returns when they and all they started are gone."""
        ending = [self._running.pop(name) for name in names if name in self._running]
        for stage in range(max((len(running.program.ending) for running in ending), default=0)):
            _ask(ending, stage)
        for running in ending:
            identity.send_group(running.process.pid, signal.SIGKILL)
            running.process.wait()
        self._remember()

    def _remember(self) -> None:
        """For the next start, should we be killed: what is ours and still runs."""
        known = [_record(running) for running in self._running.values()]
        text = json.dumps(
            {"home": str(self._home.path), "boot": identity.boot(), "processes": known}
        )
        write_private(self._home.processes_file, text + "\n")


def _record(running: Running) -> dict[str, object]:
    pid = running.process.pid
    ending = running.program.ending[0][0]
    return {
        "name": running.program.name,
        "pid": pid,
        "started": identity.started(pid),
        "signal": int(ending),
    }


def _ask(ending: list[Running], stage: int) -> None:
    """One round: send each its signal, wait for the slowest; a person in a hurry cuts it short."""
    waiting = [r for r in ending if stage < len(r.program.ending) and r.process.poll() is None]
    if not waiting:
        return
    for running in waiting:
        identity.send(running.process.pid, running.program.ending[stage][0])
    deadline = time.monotonic() + max(r.program.ending[stage][1] for r in waiting)
    hurried = signals.times_asked()
    while any(r.process.poll() is None for r in waiting):
        if time.monotonic() > deadline or signals.times_asked() > hurried:
            return
        signals.rest(0.05)


def end_leftovers(home: Home) -> int:
    """After a `kill -9`: end what still runs of the last start; how many programs that were."""
    known = read_json(home.processes_file)
    home.processes_file.unlink(missing_ok=True)
    if not isinstance(known, dict):
        return 0
    # A copied home names the processes of the original.
    if known.get("home") != str(home.path) or known.get("boot") != identity.boot():
        return 0
    ended = 0
    # Last started, first ended: the database goes after those who use it.
    for entry in reversed(known.get("processes", [])):
        members = _still_there(home, entry)
        identity.end_all(members, signal.Signals(entry["signal"]), 5.0)
        ended += bool(members)
    return ended


def _still_there(home: Home, entry: dict[str, object]) -> list[int]:
    """The members of a group we started. With its leader gone, only those that carry our mark."""
    leader = int(str(entry["pid"]))
    members = identity.group_members(leader) or [leader]
    if identity.started(leader):
        return members if identity.started(leader) == entry["started"] else []
    return [pid for pid in members if identity.has_variable(pid, "CODEX_HOME", str(home.path))]
