"""What a person gets wrong, and what the commands answer."""

import socket
import subprocess

import pytest

from tests.launcher.conftest import ROOT


def run(tmp_path, command: str, *arguments: str, **env: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [ROOT / "bin" / command, *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={"PATH": "/usr/bin:/bin", "CODEX_HOME": str(tmp_path / "home"), **env},
        cwd=tmp_path,
        check=False,
    )


def test_missing_orders_are_named_by_their_full_path(tmp_path):
    answer = run(tmp_path, "demo", "--once", "--orders", "orders.csv")

    assert answer.returncode == 1
    assert answer.stderr == f"\n{tmp_path / 'orders.csv'} is not a file that can be read.\n"
    assert not (tmp_path / "home").exists()


def test_products_alone_are_refused(tmp_path):
    answer = run(tmp_path, "demo", "--products", "p.csv")

    assert (answer.returncode, answer.stderr) == (
        1,
        "\n--products needs --orders: the story runs on what was sold.\n",
    )


def test_port_in_use_is_said_before_anything_starts(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        answer = run(tmp_path, "up", CODEX_PORT=str(port))

    assert answer.returncode == 1
    assert answer.stderr == (
        f"\nPort {port} is taken by another program.\n"
        "Set CODEX_PORT to a free one: CODEX_PORT=8001 bin/up\n"
    )
    assert answer.stdout == ""


@pytest.mark.parametrize("port", ["eight", "-1", "70000"])
def test_port_that_is_none_is_refused(tmp_path, port):
    answer = run(tmp_path, "up", CODEX_PORT=port)

    assert answer.returncode == 1
    assert "it has to be a number from 0 to 65535" in answer.stderr


def test_story_of_once_moves_to_a_free_port(monkeypatch):
    from launcher.application import chosen_port

    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        monkeypatch.setenv("CODEX_PORT", str(taken))

        assert chosen_port(may_move=True) not in (0, taken)


def test_checks_take_no_test_arguments(tmp_path):
    answer = run(tmp_path, "test", "--checks", "tests/core")

    assert answer.returncode == 1
    assert answer.stderr == (
        "\n--checks runs no tests, so it takes no arguments for them: tests/core\n"
    )
