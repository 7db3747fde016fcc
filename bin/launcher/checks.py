"""The checks of the house, each one command. The same here and in CI."""

from dataclasses import dataclass, field

from launcher.environment import Environment
from launcher.project import ROOT

# A second opinion on what is serious. B608 (SQL made of text) is ruff's S608 here: that one wants a
# reason beside each place.
SEVERE = "--quiet --recursive --severity-level medium --confidence-level medium --skip B608"

# The deployment check looks at settings as a production machine has them.
AS_DEPLOYED = {"CODEX_LOCAL": "0", "CODEX_DEBUG": "0", "CODEX_HOSTS": "codex.example"}
# The launcher stands alone, without Django's plugins.
LAUNCHER = {"MYPYPATH": "bin"}
STRICT = ("--strict", "--config-file=")


@dataclass(frozen=True)
class Check:
    name: str
    argv: list[str]
    env: dict[str, str] = field(default_factory=dict)


def all_checks(environment: Environment) -> list[Check]:
    """Quick ones first: most mistakes show within seconds."""
    python = str(environment.python)
    manage = [python, "manage.py"]
    return [
        Check("style", [python, "-m", "ruff", "check", "."]),
        Check("format", [python, "-m", "ruff", "format", "--check", "."]),
        Check("imports", [_script(environment, "lint-imports")]),
        Check("templates", [_script(environment, "djade"), "--check", *_templates()]),
        Check("security", [python, "-m", "bandit", *SEVERE.split(), *_packages()]),
        Check("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        Check("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], AS_DEPLOYED),
        Check("types", [python, "-m", "mypy", *_packages()]),
        Check("launcher", [python, "-m", "mypy", *STRICT, "-p", "launcher"], LAUNCHER),
    ]


def _script(environment: Environment, name: str) -> str:
    return str(environment.folder / "bin" / name)


def _templates() -> list[str]:
    return ["--target-version", "5.2", *sorted(map(str, ROOT.glob("templates/**/*.html")))]


def _packages() -> list[str]:
    """By name: the environment may lie in the project, and is not ours to check."""
    return sorted(
        path.parent.name
        for path in ROOT.glob("*/__init__.py")
        if path.parent.name not in ("bench", "tests")
    )
