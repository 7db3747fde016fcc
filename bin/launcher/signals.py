"""Signals as a question asked at each wait, so that nothing is torn in the middle of a step."""

import contextlib
import os
import select
import signal
import time

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_asked: list[int] = []
_wakeup: list[int] = []


class Stopped(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


def listen() -> None:
    """Take over the signals that end a command. Call once, from the main thread."""
    reading, writing = os.pipe()
    for end in (reading, writing):
        os.set_blocking(end, False)
    _wakeup[:] = [reading]
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in STOPPING:
        if number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
            continue  # `nohup` asked for it
        signal.signal(number, lambda received, _frame: _asked.append(received))
    # A handler that does nothing still ends a wait the moment a child dies.
    signal.signal(signal.SIGCHLD, lambda _received, _frame: None)


def times_asked() -> int:
    """How often somebody asked to stop; the second time means: hurry."""
    return len(_asked)


def rest(seconds: float) -> None:
    """Wait, at most until a child ends or a signal comes."""
    if not _wakeup:
        time.sleep(seconds)
        return
    if select.select(_wakeup, [], [], seconds)[0]:
        with contextlib.suppress(BlockingIOError):
            os.read(_wakeup[0], 4096)


def pause(seconds: float, *, ignoring: tuple[int, ...] = ()) -> None:
    """Like `rest`, and raise `Stopped` when somebody asked to stop."""
    if not _asked:
        rest(seconds)
    _asked[:] = [number for number in _asked if number not in ignoring]
    if _asked:
        raise Stopped(_asked[0])
