"""The private servers: who may reach them, what survives, what is left behind."""

import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import pytest

from tests.launcher.conftest import PATIENCE, as_account, gone, needs_accounts, needs_root

ROLES = [
    ["codex_app", "t", "f", "f", "f", "f"],
    ["codex_owner", "t", "f", "f", "t", "f"],
    ["codex_scan", "t", "f", "f", "f", "f"],
    ["codex_staff", "t", "f", "f", "f", "f"],
]
ROLE_QUERY = """
    SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole
    FROM pg_roles WHERE rolname LIKE 'codex%' ORDER BY rolname
"""


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def put_row(driven, text: str) -> None:
    driven.query(f"CREATE TABLE IF NOT EXISTS kept (t text); INSERT INTO kept VALUES ('{text}')")


def kept(driven) -> list[list[str]]:
    return driven.query("SELECT t FROM kept ORDER BY t")


@needs_root
def test_root_gets_a_server_of_an_account_that_can_harm_nothing(drive, tmp_path):
    # pytest's folder is closed to everybody else, like a home of root.
    assert mode(tmp_path.parents[1]) == "0o700"

    driven = drive(tmp_path / "home")

    data = Path(driven.found["data"])
    assert driven.query(ROLE_QUERY) == ROLES
    assert driven.query("SHOW listen_addresses") == [[""]]
    assert driven.query(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname='codex'"
    ) == [["codex_owner"]]
    assert driven.query("SELECT current_user", login="DATABASE_URL") == [["codex_app"]]
    assert data.stat().st_uid != 0
    assert mode(data) == "0o700"
    assert (tmp_path / "home" / "postgres").readlink() == data.parent


@needs_accounts
def test_an_ordinary_account_gets_a_server_of_its_own(drive, open_home):
    driven = drive(open_home / "home", account="nobody")

    assert driven.query(ROLE_QUERY) == ROLES
    assert Path(driven.found["data"]) == open_home / "home" / "postgres" / "data"
    assert mode(Path(driven.found["sockets"])) == "0o700"


@needs_accounts
def test_other_accounts_are_refused_at_the_folder_and_by_the_server(drive, open_home):
    driven = drive(open_home / "home", account="nobody")
    driven.account = as_account("daemon")

    with pytest.raises(subprocess.CalledProcessError) as at_the_folder:
        driven.query("SELECT 1")
    for folder in (Path(driven.found["sockets"]), open_home / "home"):
        folder.chmod(0o755)
    with pytest.raises(subprocess.CalledProcessError) as by_the_server:
        driven.query("SELECT 1")

    assert "Permission denied" in at_the_folder.value.stderr
    assert "Peer authentication failed" in by_the_server.value.stderr


@needs_accounts
def test_a_path_too_long_for_a_socket_is_led_round(drive, open_home):
    home = open_home / ("long" * 30)

    driven = drive(home, account="nobody")

    assert len(str(home / "run" / ".s.PGSQL.5432")) > 107
    assert (home / "run").readlink() == Path(driven.found["sockets"])
    assert mode(Path(driven.found["sockets"])) == "0o700"
    assert driven.query("SELECT 1") == [["1"]]
    driven.stop()
    (home / "run").readlink().rmdir()


@needs_root
def test_asked_to_stop_it_leaves_no_process_and_loses_nothing(drive, tmp_path):
    driven = drive(tmp_path)
    put_row(driven, "before")

    assert driven.stop(signal.SIGTERM) == 0
    assert gone(driven.pids())
    assert not (Path(driven.found["data"]) / "postmaster.pid").exists()

    again = drive(tmp_path)
    assert kept(again) == [["before"]]
    assert again.found["ended"] == 0


@needs_root
def test_killed_supervisor_takes_its_servers_along_and_the_next_start_goes_on(drive, tmp_path):
    driven = drive(tmp_path)
    put_row(driven, "before")

    driven.stop(signal.SIGKILL)
    again = drive(tmp_path)

    assert kept(again) == [["before"]]
    assert gone(driven.pids())


@needs_root
def test_killed_server_is_started_again_with_all_that_was_committed(drive, tmp_path):
    driven = drive(tmp_path)
    put_row(driven, "before")

    os.kill(driven.found["pids"]["postgres"], signal.SIGKILL)

    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            assert kept(driven) == [["before"]]
            break
        except subprocess.CalledProcessError:
            time.sleep(0.2)
    else:
        pytest.fail("the server did not come back")
    assert driven.process.poll() is None


@needs_root
def test_a_stale_file_that_names_a_living_process_does_not_bar_the_start(drive, tmp_path):
    driven = drive(tmp_path)
    data = Path(driven.found["data"])
    driven.stop()
    # After a reboot or in a container the number is somebody else's: here of a process of the
    # server's own account, which is the one case where the server itself gives up.
    owner = data.stat()
    with subprocess.Popen(["sleep", "60"], user=owner.st_uid, group=owner.st_gid) as other:
        (data / "postmaster.pid").write_text(f"{other.pid}\n{data}\n")

        again = drive(tmp_path)

        assert again.query("SELECT 1") == [["1"]]
        assert other.poll() is None
        other.kill()


@needs_root
def test_second_start_in_one_home_is_refused_with_the_address_of_the_first(drive, tmp_path):
    first = drive(tmp_path)

    second = drive(tmp_path, ready=False)

    assert second.process.wait(30) == 1
    assert second.process.stderr.read() == (
        f"Already running in {tmp_path}: the driver (process {first.process.pid})"
        " at http://somewhere.\n"
        "Use that one, stop it with Ctrl-C in its terminal,"
        " or set CODEX_HOME (and CODEX_PORT) for a second one.\n"
    )
    assert first.query("SELECT 1") == [["1"]]


@needs_root
def test_a_removed_home_starts_empty_and_leaves_nothing_behind(drive, tmp_path):
    driven = drive(tmp_path / "home")
    put_row(driven, "before")
    driven.stop()
    subprocess.run(["rm", "-r", tmp_path / "home"], check=True)

    again = drive(tmp_path / "home")

    assert again.query("SELECT to_regclass('kept') IS NULL") == [["t"]]
    assert not Path(driven.found["data"]).exists()


@needs_root
def test_a_copied_home_does_not_open_the_original_s_database(drive, tmp_path):
    first = drive(tmp_path / "home")
    subprocess.run(["cp", "-a", tmp_path / "home", tmp_path / "copy"], check=True)

    second = drive(tmp_path / "copy", ready=False)

    assert second.process.wait(30) == 1
    assert f"{tmp_path / 'copy'} is a copy of {tmp_path / 'home'}" in second.process.stderr.read()
    assert first.query("SELECT 1") == [["1"]]
