"""A process that imports one file: ``python -m bench.one_import TENANT FILE`` → seconds, megabytes."""

import sys
import time
from pathlib import Path

import django

if __name__ == "__main__":
    django.setup()
    from bench.workloads.plans import peak_megabytes
    from core.actors import SystemActor
    from stores import services

    operator = SystemActor("bench", grants=frozenset({"stores.import_data"}))
    began = time.perf_counter()
    run = services.import_file(tenant_id=sys.argv[1], path=Path(sys.argv[2]), actor=operator)
    if run.status != "succeeded":
        raise SystemExit(f"{run.status}: {run.problem}")
    print(time.perf_counter() - began, peak_megabytes())
