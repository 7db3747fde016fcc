"""Figures for people and for the next run."""

import argparse
import dataclasses
import json
import platform
from pathlib import Path

from bench.measuring import Ratio

FOLDER = Path(__file__).parent
RESULTS, TABLE = FOLDER / "results.json", FOLDER / "results.md"
# A ratio of one run differs from the next one's; beyond this it is no longer chance.
TOLERANCE = 1.35


def line(found: Ratio) -> str:
    goal = f" (goal ≤ {found.at_most:g})" if found.at_most is not None else ""
    mark = "ok" if found.holds else "--"
    figures = f"{found.case_ms:.2f} ms, p95 {found.case_p95_ms:.2f}; floor {found.floor_ms:.3f} ms"
    note = f" · {found.note}" if found.note else ""
    return f"{mark} {found.name}: {found.value:.2f}{found.unit}{goal} · {figures}{note}"


def finish(found: list[Ratio], options: argparse.Namespace) -> int:
    size = "quick" if options.quick else "full"
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if options.check:
        return _compare(found, known.get(size, {}))
    known[size] = known.get(size, {}) | {_key(one): dataclasses.asdict(one) for one in found}
    RESULTS.write_text(json.dumps(known, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    TABLE.write_text(_table(known))
    missed = [one for one in found if not one.holds]
    print(f"\n{len(found) - len(missed)} of {len(found)} goals hold. Written: {TABLE.name}")
    return 0


def _compare(found: list[Ratio], known: dict[str, dict[str, float]]) -> int:
    """Ratios against the committed ones; a slower machine has slower floors as well."""
    worse = [
        f"{one.name}: {one.value:.2f}{one.unit}, was {known[_key(one)]['value']:.2f}{one.unit}"
        for one in found
        if _key(one) in known and one.value > known[_key(one)]["value"] * TOLERANCE
    ]
    for said in worse:
        print(f"-- slower than before: {said}")
    print("No ratio got worse." if not worse else f"{len(worse)} ratios got worse.")
    return 1 if worse else 0


def _key(one: Ratio) -> str:
    return f"{one.workload:02d} {one.name}"


def _table(known: dict[str, dict[str, dict[str, object]]]) -> str:
    parts = ["# Results\n", f"Python {platform.python_version()}, {platform.machine()}.\n"]
    for size, rows in sorted(known.items()):
        parts += [f"\n## {size}\n", _head()]
        parts += [_row(Ratio(**row)) for _key, row in sorted(rows.items())]  # type: ignore[arg-type]
    return "\n".join(parts) + "\n"


def _head() -> str:
    return (
        "| # | workload | ratio | goal | median ms | p95 ms | floor | floor ms |\n"
        + "|---" * 8
        + "|"
    )


def _row(one: Ratio) -> str:
    goal = "" if one.at_most is None else f"≤ {one.at_most:g}{one.unit}{'' if one.holds else ' ✗'}"
    name = f"{one.name} ({one.note})" if one.note else one.name
    return (
        f"| {one.workload} | {name} | {one.value:.2f}{one.unit} | {goal} | {one.case_ms:.2f} |"
        f" {one.case_p95_ms:.2f} | {one.floor} | {one.floor_ms:.3f} |"
    )
