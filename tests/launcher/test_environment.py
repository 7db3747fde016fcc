"""The virtual environment, with requirements that need nothing: only its making is tested here."""

import json
import shutil
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project that asks for no packages."""
    from launcher import environment

    root = tmp_path / "project"
    root.mkdir()
    for name in environment.DEVELOPMENT:
        (root / name).write_text("# nothing\n")
    monkeypatch.setattr(environment, "ROOT", root)
    return root


@pytest.fixture
def prepare(project, tmp_path):
    from launcher.environment import RUNTIME, prepared_environment
    from launcher.home import open_home

    home = open_home(tmp_path / "home")
    return lambda names=RUNTIME: prepared_environment(home, tmp_path / "home", names)


def made(environment) -> float:
    return (environment.folder / "pyvenv.cfg").stat().st_mtime_ns


def test_second_start_installs_nothing(prepare, project, capsys):
    first = prepare()
    capsys.readouterr()

    started = time.monotonic()
    second = prepare()

    assert second == first
    assert second.folder == project / ".venv"
    assert capsys.readouterr().out == ""
    assert time.monotonic() - started < 1.0


def test_changed_requirements_are_installed_into_what_is_there(prepare, project, capsys):
    from launcher.environment import DEVELOPMENT

    first = prepare()
    before = made(first)
    prepare(DEVELOPMENT)
    both = set(json.loads(first.stamp.read_text()))
    (project / "requirements-dev.txt").write_text("# nothing more\n")
    capsys.readouterr()

    prepare()
    untouched = capsys.readouterr().out
    prepare(DEVELOPMENT)

    assert both == {"folder", "python", "requirements.txt", "requirements-dev.txt"}
    assert untouched == ""
    assert "Installing Python packages" in capsys.readouterr().out
    assert made(first) == before


def test_interrupted_installation_is_made_anew(prepare):
    first = prepare()
    before = made(first)
    first.unfinished.touch()
    first.stamp.unlink()
    (first.folder / "half-written").touch()

    second = prepare()

    assert made(second) != before
    assert not (second.folder / "half-written").exists()
    assert not second.unfinished.exists()


def test_moved_project_gets_a_new_one(prepare, project, monkeypatch):
    from launcher import environment

    first = prepare()
    there = project.with_name("there")
    shutil.move(project, there)
    monkeypatch.setattr(environment, "ROOT", there)

    second = prepare()

    assert second.folder == there / ".venv" != first.folder
    subprocess.run([second.folder / "bin" / "pip", "--version"], capture_output=True, check=True)


def test_lost_python_gets_a_new_one(prepare):
    first = prepare()
    for python in first.folder.glob("bin/python*"):
        python.unlink()

    second = prepare()

    assert subprocess.run([second.python, "-c", ""], check=False).returncode == 0


def test_folder_of_something_else_is_left_alone(prepare, project):
    from launcher.terminal import Failure

    (project / ".venv").mkdir()
    (project / ".venv" / "thesis.txt").touch()

    with pytest.raises(Failure, match="is not a virtual environment"):
        prepare()

    assert [path.name for path in (project / ".venv").iterdir()] == ["thesis.txt"]


def test_project_that_may_only_be_read_keeps_it_in_the_home(
    prepare, project, tmp_path, monkeypatch
):
    from launcher import environment

    allowed = environment.os.access
    monkeypatch.setattr(
        environment.os,
        "access",
        lambda path, how: not str(path).startswith(str(project)) and allowed(path, how),
    )

    assert prepare().folder == tmp_path / "home" / "venv"


def test_missing_ensurepip_names_the_package(prepare, monkeypatch):
    from launcher import debian, environment
    from launcher.terminal import Failure

    for name in ("_has_ensurepip", "_has_pip"):
        monkeypatch.setattr(environment, name, lambda: False)
    monkeypatch.setattr(environment.sys, "base_prefix", "/usr")
    monkeypatch.setattr(debian, "can_install", lambda: False)
    minor = sys.version_info.minor

    with pytest.raises(Failure, match=f"It needs: apt-get install python3.{minor}-venv$"):
        prepare()


def test_as_root_on_debian_the_package_is_installed(prepare, monkeypatch):
    from launcher import debian, environment

    asked = []
    monkeypatch.setattr(environment, "_has_ensurepip", lambda: bool(asked))
    monkeypatch.setattr(environment, "_has_pip", lambda: False)
    monkeypatch.setattr(environment.sys, "base_prefix", "/usr")
    monkeypatch.setattr(debian, "can_install", lambda: True)
    monkeypatch.setattr(debian, "install", lambda package, log: asked.append(package))

    prepare()

    assert asked == [f"python3.{sys.version_info.minor}-venv"]


def test_two_starts_wait_for_each_other(prepare, project, tmp_path):
    """One installs, the other waits for it and then finds everything done."""
    from tests.launcher.conftest import ROOT

    program = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'bin')!r})\n"
        "from pathlib import Path\n"
        "from launcher import environment\n"
        "from launcher.home import open_home\n"
        f"environment.ROOT = Path({str(project)!r})\n"
        f"home = Path({str(tmp_path)!r}) / sys.argv[1]\n"
        "environment.prepared_environment(open_home(home), home, environment.RUNTIME)\n"
    )
    both = [
        subprocess.Popen([sys.executable, "-c", program, name], stdout=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    said = [process.communicate(timeout=120)[0] for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert sorted("Installing Python packages" in text for text in said) == [False, True]
