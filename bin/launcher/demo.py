"""`bin/demo`: the demo shop, the whole story, and then the portal to look around in."""

import argparse
import os
from pathlib import Path

from launcher.application import chosen_port, prepare_application, start_application
from launcher.environment import RUNTIME
from launcher.home import base_path, locked_home
from launcher.stack import Stack, running_stack
from launcher.terminal import Failure, say
from launcher.up import KNOBS, stay_up

PEOPLE = """\
  olivia@demo.codex      owner
  eddie@demo.codex       editor: writes drafts
  vera@demo.codex        viewer
  rita@demo.codex        reviewer
  ron@demo.codex         reviewer
  stranger@other.codex   belongs to another shop, and sees nothing of this one
  staff@codex.local      platform staff, at /admin/
Password of all: codex-demo"""


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    files = _files(options)
    with locked_home("bin/demo", base_path(os.environ)) as (home, lock):
        # Nobody looks at the portal of --once, so another port serves it as well.
        port = chosen_port(may_move=options.once)
        with running_stack(home, RUNTIME) as stack:
            url = _set_up(stack, port)
            lock.announce(url)
            status = stack.foreground("manage.py", "play_story", *files)
            if not options.once:
                _welcome(stack, url, status)
                stay_up(stack, logs=options.logs)
    return status


def _set_up(stack: Stack, port: int) -> str:
    prepare_application(stack)
    stack.manage("Loading the demo shop", "seed_demo")
    url = start_application(stack, port)
    say()
    return url


def _welcome(stack: Stack, url: str, status: int) -> None:
    if status:
        say("\nThe story did not end well; what it said is above. Look around in what there is.")
    say(f"\nCodex is up: {url}\n\n{PEOPLE}\n\nLogs: {stack.home.log}\nStop with Ctrl-C.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/demo",
        description=(
            "Set everything up, load the demo shop, play the whole story in the terminal\n"
            "(import, draft, preview, submit, approve, run, undo) and stay up until Ctrl-C."
        ),
        epilog=KNOBS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--once",
        action="store_true",
        help="play the story, exit with 0 or 1, leave nothing running",
    )
    parser.add_argument(
        "--orders", metavar="FILE", help="play it on a shop imported from this export of orders"
    )
    parser.add_argument(
        "--products", metavar="FILE", help="with --orders: the products of that shop"
    )
    parser.add_argument(
        "--logs",
        action="store_true",
        help="afterwards show the logs of all programs in the terminal",
    )
    return parser


def _files(options: argparse.Namespace) -> list[str]:
    """As absolute paths: they count from where the person stands, the story runs in the project."""
    if options.products and not options.orders:
        raise Failure("--products needs --orders: the story runs on what was sold.")
    arguments: list[str] = []
    for name in ("orders", "products"):
        if given := getattr(options, name):
            path = Path(given).expanduser().absolute()
            if not os.access(path, os.R_OK) or path.is_dir():
                raise Failure(f"{path} is not a file that can be read.")
            arguments += [f"--{name}", str(path)]
    return arguments
