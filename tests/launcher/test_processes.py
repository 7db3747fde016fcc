"""The supervisor: watching, starting again, ending."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.launcher.conftest import gone

UP = "print('up', flush=True); time.sleep(60)"
STUBBORN = f"import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); {UP}"
WITH_CHILD = f"import subprocess, time; subprocess.Popen(['sleep', '60']); {UP}"


@pytest.fixture
def supervisor(tmp_path):
    from launcher.home import open_home
    from launcher.processes import Supervisor

    made = Supervisor(open_home(tmp_path))
    yield made
    made.end("one")


def program(supervisor, code: str = f"import time; {UP}"):
    from launcher.processes import Program

    log = supervisor._home.log / "one.log"
    return Program(
        name="one",
        title="Starting one",
        argv=[sys.executable, "-c", code],
        env=dict(os.environ),
        cwd=Path("/"),
        ending=((signal.SIGTERM, 0.5),),
        ready=lambda: log.exists() and "up" in log.read_text(),
    )


def pid(supervisor) -> int:
    return supervisor._running["one"].process.pid


def tend_until(supervisor, true) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        supervisor.tend()
        time.sleep(0.02)


def test_one_that_dies_is_started_again_each_time_a_little_later(supervisor, capsys):
    supervisor.start(program(supervisor))
    for _ in range(2):
        before = pid(supervisor)
        os.kill(before, signal.SIGKILL)
        tend_until(supervisor, lambda before=before: pid(supervisor) != before)

    said = capsys.readouterr().err
    assert "one ended (signal 9); starting it again in 1 s." in said
    assert "one ended (signal 9); starting it again in 2 s." in said


def test_one_that_cannot_start_ends_the_command_with_its_last_words(supervisor):
    from launcher.terminal import Failure

    with pytest.raises(Failure) as failure:
        supervisor.start(program(supervisor, "print('no room'); raise SystemExit(3)"))

    assert str(failure.value) == (
        "Starting one: it ended at once (status 3).\n"
        f"    no room\nAll of it: {supervisor._home.log / 'one.log'}"
    )


def test_one_that_does_not_listen_is_killed(supervisor):
    supervisor.start(program(supervisor, STUBBORN))
    ended = pid(supervisor)

    started = time.monotonic()
    supervisor.end("one")

    assert gone([ended])
    assert time.monotonic() - started < 5


def test_its_children_go_with_it(supervisor):
    from launcher import identity

    supervisor.start(program(supervisor, WITH_CHILD))
    group = pid(supervisor)
    members = identity.group_members(group)

    supervisor.end("one")

    assert len(members) == 2
    assert gone(members)


def test_next_start_ends_what_a_killed_one_left(supervisor):
    from launcher import identity
    from launcher.processes import end_leftovers

    supervisor.start(program(supervisor, WITH_CHILD))
    members = identity.group_members(pid(supervisor))

    assert end_leftovers(supervisor._home) == 1
    supervisor._running.pop("one").process.wait()

    assert gone(members)
    assert end_leftovers(supervisor._home) == 0


def test_a_stranger_with_a_number_used_again_is_left_alone(supervisor):
    from launcher.home import read_json, write_private
    from launcher.processes import end_leftovers

    supervisor.start(program(supervisor))
    notes = supervisor._home.processes_file
    text = notes.read_text().replace(f'"{read_json(notes)["processes"][0]["started"]}"', '"1"')
    write_private(notes, text)

    assert end_leftovers(supervisor._home) == 0
    assert supervisor._running["one"].process.poll() is None


def test_a_step_of_the_set_up_does_not_outlive_a_killed_start(tmp_path):
    from launcher import identity

    from tests.launcher.conftest import ROOT

    code = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'bin')!r})\n"
        "from pathlib import Path\n"
        "from launcher.commands import Command, start\n"
        "print(start(Command(['sleep', '60'], {}, Path('/'))).pid, flush=True)\n"
        "import time; time.sleep(60)\n"
    )
    killed = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    step = int(killed.stdout.readline())
    assert identity.started(step)

    killed.kill()
    killed.communicate()

    assert gone([step])


def test_a_large_log_is_put_aside_once(tmp_path):
    from launcher import logs

    log = tmp_path / "one.log"
    log.write_bytes(b"x" * (logs.LARGEST + 1))

    logs.open_log(log).close()

    assert log.stat().st_size == 0
    assert (tmp_path / "one.log.1").stat().st_size == logs.LARGEST + 1


def test_followed_log_shows_whole_lines_behind_its_name(tmp_path, capsys):
    from launcher.logs import LogFollower

    log = tmp_path / "web.log"
    log.write_text("old\n")
    follower = LogFollower(log, 6)
    with log.open("a") as file:
        file.write("first\nsec")
        file.flush()
        follower.show()
        file.write("ond\n")
    follower.show()

    assert capsys.readouterr().out == "web    | first\nweb    | second\n"


def test_without_a_terminal_a_long_step_says_so_in_plain_lines(monkeypatch, capsys):
    from launcher import terminal

    clock = [0.0]
    monkeypatch.setattr(terminal.time, "monotonic", lambda: clock[0])

    with terminal.step("Doing it") as shown:
        for clock[0] in (0.5, 2.0, 3.0, 16.0, 17.0):
            shown.tick("detail")

    assert capsys.readouterr().out == (
        "  .. Doing it, 2 s\n  .. Doing it, 16 s\n  ok Doing it, 17.0 s\n"
    )


def test_commands_explain_themselves():
    from tests.launcher.conftest import ROOT

    for name in ("demo", "up", "test", "manage"):
        answer = subprocess.run(
            [ROOT / "bin" / name, "--help"], capture_output=True, text=True, check=True
        )
        assert answer.stdout.startswith(f"usage: bin/{name} ")
