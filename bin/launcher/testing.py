"""`bin/test`: the checks and the tests, on servers of their own."""

import argparse
import hashlib
import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

from launcher import debian
from launcher.checks import all_checks
from launcher.commands import Command, run
from launcher.environment import DEVELOPMENT
from launcher.home import base_path, locked_home
from launcher.project import ROOT
from launcher.stack import Stack, running_stack
from launcher.terminal import Failure, complain, say

DESCRIPTION = """\
Set up as bin/demo does, then run the checks (style, types, imports, templates, security,
migrations, deployment) and every test, on a PostgreSQL and a Valkey of their own in
CODEX_HOME/test.

  bin/test                          everything
  bin/test --checks                 only the checks
  bin/test tests/drafts -k submit   only these tests; whatever pytest understands
"""

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass
class Report:
    """What ran, how it went, and how long it took."""

    lines: list[tuple[str, bool, float]] = field(default_factory=list)

    def add(self, name: str, started: float, *, good: bool) -> None:
        self.lines.append((name, good, time.monotonic() - started))

    @property
    def good(self) -> bool:
        return all(good for _, good, _ in self.lines)

    def show(self) -> None:
        say("\nSummary")
        for name, good, seconds in self.lines:
            say(f"  {'ok' if good else '--'} {name:<12} {seconds:7.1f} s")
        failed = [name for name, good, _ in self.lines if not good]
        say(f"Failed: {', '.join(failed)}" if failed else "All good.")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="bin/test",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="bin/test [--checks] [PYTEST ARGUMENT ...]",
        allow_abbrev=False,
    )
    parser.add_argument("--checks", action="store_true", help="run only the checks")
    options, chosen = parser.parse_known_args(arguments)
    if options.checks and chosen:
        raise Failure(
            f"--checks runs no tests, so it takes no arguments for them: {' '.join(chosen)}"
        )
    report = Report()
    # Never in the demo's own home: tests empty their database.
    path = base_path(os.environ) / "test"
    with (
        locked_home("bin/test", path) as (home, _lock),
        running_stack(home, DEVELOPMENT, durable=False) as stack,
    ):
        if not chosen:
            _run_checks(stack, report)
        if not options.checks:
            _run_tests(stack, report, chosen)
    report.show()
    return 0 if report.good else 1


def _run_checks(stack: Stack, report: Report) -> None:
    say("\nChecks")
    log = stack.home.log / "checks.log"
    for check in all_checks(stack.environment):
        started = time.monotonic()
        try:
            run(check.name, Command(check.argv, {**stack.env, **check.env}), log)
        except Failure as failure:
            complain(str(failure))
            report.add(check.name, started, good=False)
        else:
            report.add(check.name, started, good=True)


def _run_tests(stack: Stack, report: Report, chosen: list[str]) -> None:
    say("\nTests")
    _provide_browser(stack)
    stack.env.setdefault("CODEX_TEST_DB", "test_codex")
    started = time.monotonic()
    digest = _schema_digest()
    known = stack.home.path / "tested-schema"
    fresh = not chosen or not known.exists() or known.read_text() != digest
    known.unlink(missing_ok=True)
    beside = [] if chosen else _beside_each_other()
    arguments = [*(["--create-db"] if fresh else []), *beside, *map(_from_project, chosen)]
    status = stack.foreground("-m", "pytest", *arguments)
    known.write_text(digest)
    report.add("tests", started, good=status == 0)


def _beside_each_other() -> list[str]:
    """The whole suite, one process a core, each with a database and a broker of its own."""
    return ["-n", str(min(os.cpu_count() or 1, 8)), "--dist", "loadfile"]


def _schema_digest() -> str:
    """Changes when a test database made earlier would be out of date."""
    sources = sorted(
        [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("core/rls*"), *ROOT.glob("core/rls/*.py")]
    )
    return hashlib.sha256(
        b"".join(path.read_bytes() for path in sources if path.is_file())
    ).hexdigest()


def _from_project(argument: str) -> str:
    """A path counts from where the person stands; pytest runs in the project."""
    path, mark, rest = argument.partition("::")
    here = Path(path).absolute()
    if path.startswith("-") or not here.exists():
        return argument
    return f"{here}{mark}{rest}"


def _provide_browser(stack: Stack) -> None:
    """Tests that look at pages need a browser of the system."""
    if not _browser() and debian.can_install():
        debian.install("chromium", stack.home.log / "setup.log")
    if found := _browser():
        stack.env.setdefault("CODEX_CHROMIUM", found)
        return
    complain(
        "  !! NO BROWSER: Chromium is not installed here, so the tests that need one cannot run.\n"
        "     On Debian, as root: apt-get install chromium"
    )


def _browser() -> str | None:
    path = f"{os.environ.get('PATH', os.defpath)}{os.pathsep}{debian.SYSTEM_PATH}"
    return next((found for name in BROWSERS if (found := shutil.which(name, path=path))), None)
