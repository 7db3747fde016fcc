"""Each check is able to fail: on a copy of the project that was broken for it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.launcher.conftest import ROOT

pytestmark = pytest.mark.slow

LEFT_OUT = shutil.ignore_patterns(".*", "var", "tests", "__pycache__", "data", "docs")

# Per check: a file, what is added to it, and what the check then says.
BROKEN = {
    "style": ("core/ids.py", "x = unknown_name\n", "F821"),
    "format": ("core/ids.py", "x  =  1\n", "core/ids.py"),
    "imports": ("core/ids.py", "import drafts.models\n", "core.ids -> drafts.models"),
    "templates": ("templates/broken.html", "{%if x%}{%endif%}\n", "templates/broken.html"),
    "security": ("core/ids.py", "x = eval(input())\n", "B307"),
    "migrations": (
        "core/models.py",
        "class Unmigrated(models.Model):\n    pass\n",
        "Create model Unmigrated",
    ),
    "deployment": ("codex/settings.py", "SESSION_COOKIE_SECURE = False\n", "security.W012"),
    "types": ("core/ids.py", "x: int = 'text'\n", "core/ids.py"),
    "launcher": ("bin/launcher/project.py", "x: int = 'text'\n", "bin/launcher/project.py"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """The project as the checks read it, with its configuration."""
    folder = tmp_path_factory.mktemp("project") / "codex"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    return folder


@pytest.fixture
def checks(copy, monkeypatch):
    from launcher import checks
    from launcher.environment import Environment

    monkeypatch.setattr(checks, "ROOT", copy)
    return {check.name: check for check in checks.all_checks(Environment(Path(sys.prefix)))}


def test_every_check_is_broken_here(checks):
    assert list(BROKEN) == list(checks)


@pytest.mark.parametrize("name", BROKEN)
def test_check_fails_on_what_it_is_there_for(checks, copy, name):
    path, added, said = BROKEN[name]
    before = (copy / path).read_text() if (copy / path).exists() else None
    (copy / path).write_text((before or "") + added)
    # A file made for the test is not yet in the list the check was built with.
    argv = checks[name].argv + ([str(copy / path)] if before is None else [])

    answer = subprocess.run(
        argv,
        cwd=copy,
        env={**os.environ, **checks[name].env},
        capture_output=True,
        text=True,
        check=False,
    )
    if before is not None:
        (copy / path).write_text(before)

    assert answer.returncode != 0
    assert said in answer.stdout + answer.stderr
