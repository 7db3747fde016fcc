"""`bin/up`: Codex without demo data, until Ctrl-C."""

import argparse
import os

from launcher import signals
from launcher.application import chosen_port, prepare_application, show_logs, start_application
from launcher.environment import RUNTIME
from launcher.home import base_path, locked_home
from launcher.stack import Stack, running_stack
from launcher.terminal import say

KNOBS = """\
environment:
  CODEX_HOME           folder for all state (default: var/ in the project)
  CODEX_PORT           port of the portal on 127.0.0.1 (default: 8000)
  DATABASE_URL         PostgreSQL of your own instead of a private one
                       (with DATABASE_OWNER_URL, DATABASE_STAFF_URL, DATABASE_SCAN_URL)
  CELERY_BROKER_URL    Redis, Valkey or RabbitMQ of your own instead of a private Valkey
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="bin/up",
        description="Run Codex without demo data: web, worker and beat, until Ctrl-C.",
        epilog=KNOBS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--logs", action="store_true", help="show the logs of all programs in the terminal"
    )
    options = parser.parse_args(arguments)

    with locked_home("bin/up", base_path(os.environ)) as (home, lock):
        port = chosen_port(may_move=False)
        with running_stack(home, RUNTIME) as stack:
            prepare_application(stack)
            url = start_application(stack, port)
            lock.announce(url)
            say(f"\nCodex is up: {url}\nLogs: {home.log}\nStop with Ctrl-C.")
            stay_up(stack, logs=options.logs)
    return 0


def stay_up(stack: Stack, *, logs: bool) -> None:
    """Until somebody asks to stop, which is how this is meant to end."""
    if logs:
        show_logs(stack)
    try:
        while True:
            stack.supervisor.pause(0.3 if logs else 2.0)
    except signals.Stopped:
        say("\nStopping.")
