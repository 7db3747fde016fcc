"""`bin/manage`: a management command with the environment of the Codex in this home."""

import os
import sys
from pathlib import Path

from launcher.environment import RUNTIME
from launcher.home import Lock, base_path, locked_home, open_home
from launcher.project import ROOT
from launcher.stack import running_environ, running_stack

HELP = """\
usage: bin/manage COMMAND [ARGUMENT ...]

Runs a manage.py command with the environment of the Codex in CODEX_HOME: of the one that runs
(bin/demo, bin/up), or with servers started for this one command.

  bin/manage issue_token eddie@demo.codex     print an API token
  bin/manage import_store --help              import files into a shop
  bin/manage help                             all commands
"""


def main(arguments: list[str]) -> int:
    if arguments[:1] in ([], ["-h"], ["--help"]):
        print(HELP, end="")
        return 0
    path = base_path(os.environ)
    # By its full path: files named on the command line count from where the person stands.
    script = str(ROOT / "manage.py")
    if beside := _environ_of_running(path):
        python = str(Path(beside["VIRTUAL_ENV"]) / "bin" / "python")
        os.execve(python, [python, script, *arguments], beside)  # noqa: S606 -- our own Python
    with locked_home("bin/manage", path) as (home, _lock), running_stack(home, RUNTIME) as stack:
        return stack.foreground(script, *arguments, cwd=Path.cwd(), interactive=sys.stdin.isatty())


def _environ_of_running(path: Path) -> dict[str, str] | None:
    home = open_home(path)
    lock = Lock(home)
    if lock.take("bin/manage"):
        lock.release()
        return None
    return running_environ(home)
