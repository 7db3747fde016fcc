"""House rules that a reader could miss, held by reading every file."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = (
    "codex",
    "proposals",
    "templates_catalog",
    "councils",
    "drafts",
    "workflows",
    "stores",
    "notifications",
    "tenants",
    "core",
)
LONGEST = 400


def modules(*apps: str) -> Iterator[Path]:
    for app in apps or APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_module_is_longer_than_a_person_reads_in_one_go():
    long = {name_of(p): n for p in modules() if (n := len(p.read_text().splitlines())) > LONGEST}
    assert long == {}


def test_only_services_move_a_state():
    """A call of ``x.mark_…()`` outside services (or the engine) steps round the one way."""
    found = []
    for path in modules():
        relative = path.relative_to(ROOT)
        if "services" in relative.with_suffix("").parts or "engine" in relative.parts:
            continue
        found += [
            f"{relative}:{node.lineno} calls {node.func.attr}"
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr.startswith("mark_")
            and node.func.attr != "mark_safe"
        ]
    assert found == []


def test_no_rubbish_bins():
    bins = [name_of(p) for p in modules() if p.stem in {"utils", "helpers", "misc", "common"}]
    assert bins == []


def test_text_is_never_declared_safe_by_hand():
    """Markup is built by ``format_html`` or a template; ``mark_safe`` trusts what it is given."""
    found = [name_of(p) for p in modules() if "mark_safe" in p.read_text()]
    assert found == []


def test_every_kind_that_is_told_can_be_chosen_for_an_endpoint():
    """``notify(kind=…)`` written out in the code is offered under the endpoints, or an alarm."""
    from notifications.kinds import ALARMS, OFFERED

    offered = {kind for kind, _label in OFFERED} | ALARMS
    told = {
        (name_of(path), keyword.value.value)
        for path in modules("councils", "drafts", "workflows", "templates_catalog", "proposals")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "kind"
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
        and keyword.value.value.partition(".")[0] in {"review", "draft", "comment", "template"}
    }
    assert {kind for _path, kind in told} - offered == set()
    assert len({kind for kind, _label in OFFERED}) == len(OFFERED)
