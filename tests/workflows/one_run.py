"""A worker's process for one message: ``python -m tests.workflows.one_run TENANT WORKFLOW``.

Started by the crash tests with ``CODEX_CRASH_AT``, so that it is a process of its own that dies.
"""

import sys

import django

if __name__ == "__main__":
    django.setup()
    from workflows.services import run_workflow

    run_workflow(tenant_id=sys.argv[1], workflow_id=sys.argv[2])
