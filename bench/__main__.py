"""``bin/bench``: every workload against its floor, in one run."""

import argparse
import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
os.environ.setdefault("CODEX_LOG_LEVEL", "WARNING")

import django

django.setup()

from bench import reporting, seeds
from bench.sizes import FULL, QUICK
from bench.workloads import all_workloads


def main() -> int:
    options = _options()
    size = QUICK if options.quick else FULL
    found = []
    for number, workload in all_workloads().items():
        if options.workloads and number not in options.workloads:
            continue
        print(f"\n{number}. {workload.TITLE}", flush=True)
        seeds.everything_empty()
        for line in workload.measure(size):
            print("  " + reporting.line(line), flush=True)
            found.append(line)
    return reporting.finish(found, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("workloads", nargs="*", type=int, help="numbers; all without")
    parser.add_argument("--quick", action="store_true", help="less data, under three minutes")
    parser.add_argument(
        "--check", action="store_true", help="compare ratios with the committed ones; write nothing"
    )
    parser.add_argument("--peers", action="store_true", help="measure installed peers beside us")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
