"""The folder of all state, its secret, and the lock that says who runs there."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.launcher.conftest import ROOT, needs_root


def test_home_is_var_in_the_project_or_counts_from_where_the_person_stands(monkeypatch, tmp_path):
    from launcher.home import base_path

    monkeypatch.chdir(tmp_path)

    assert base_path({}) == ROOT / "var"
    assert base_path({"CODEX_HOME": "state"}) == tmp_path / "state"


def test_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    from launcher.home import open_home, secret_key

    home = open_home(tmp_path / "home")

    first = secret_key(home)

    assert len(first) > 50
    assert secret_key(open_home(tmp_path / "home")) == first
    assert stat.S_IMODE((home.path / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.path.stat().st_mode) == 0o700


def test_torn_secret_is_replaced(tmp_path):
    from launcher.home import open_home, secret_key

    home = open_home(tmp_path)
    (tmp_path / "secrets.json").write_text('{"secret_k')

    assert secret_key(home) == secret_key(home)


def test_lock_names_its_holder_and_where_it_answers(tmp_path):
    from launcher.home import Lock, open_home

    home = open_home(tmp_path)
    first, second = Lock(home), Lock(home)

    assert first.take("bin/demo") is True
    assert second.take("bin/up") is False
    assert second.holder() == f"bin/demo (process {os.getpid()}), still starting"
    first.announce("http://127.0.0.1:8000")
    assert second.holder() == f"bin/demo (process {os.getpid()}) at http://127.0.0.1:8000"
    first.release()
    assert second.take("bin/up") is True


def test_lock_of_a_killed_process_is_free(tmp_path):
    from launcher.home import Lock, open_home

    program = (
        f"import sys, os, signal; sys.path.insert(0, {str(ROOT / 'bin')!r})\n"
        "from pathlib import Path\n"
        "from launcher.home import Lock, open_home\n"
        f"assert Lock(open_home(Path({str(tmp_path)!r}))).take('bin/demo')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program], check=False)

    assert killed.returncode == -9
    assert Lock(open_home(tmp_path)).take("bin/demo") is True


@needs_root
def test_root_does_not_move_into_somebody_s_home(tmp_path):
    from launcher.home import open_home
    from launcher.terminal import Failure

    (tmp_path / "lock").touch()
    os.chown(tmp_path, 65534, 65534)

    with pytest.raises(Failure, match=r"belongs to another account \(number 65534\)"):
        open_home(tmp_path)


def test_home_that_is_a_file_says_what_to_do(tmp_path):
    from launcher.home import open_home
    from launcher.terminal import Failure

    (tmp_path / "file").touch()

    with pytest.raises(Failure, match="Set CODEX_HOME to a folder you can write"):
        open_home(tmp_path / "file")


def test_short_path_keeps_its_sockets_at_home(tmp_path_factory, monkeypatch):
    from launcher import sockets
    from launcher.home import Home

    monkeypatch.setattr(sockets, "LIMIT", 200)
    home = Home(tmp_path_factory.mktemp("home"))

    assert sockets.socket_folder(home) == home.path / "run"
    assert stat.S_IMODE((home.path / "run").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["with space", "per%cent", "ümlaut", "question?mark"])
def test_path_that_would_not_survive_a_url_is_led_round(tmp_path, name):
    from launcher.home import Home
    from launcher.sockets import socket_folder, usable

    (tmp_path / name).mkdir()

    folder = socket_folder(Home(tmp_path / name))

    assert usable(folder)
    assert (tmp_path / name / "run").readlink() == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rmdir()


@needs_root
def test_short_folder_that_somebody_else_put_there_is_refused(tmp_path, monkeypatch):
    from launcher import sockets
    from launcher.home import Home
    from launcher.terminal import Failure

    monkeypatch.setattr(sockets, "_short_parent", lambda: tmp_path)
    home = Home(tmp_path / "with space")
    home.path.mkdir()
    theirs = tmp_path / f"codex-0-{sockets._digest(home.path)}"
    theirs.mkdir()
    os.chown(theirs, 65534, 65534)

    with pytest.raises(Failure, match="exists and is not ours"):
        sockets.socket_folder(home)

    assert theirs.stat().st_uid == 65534
    assert not Path(home.path / "run").exists()
