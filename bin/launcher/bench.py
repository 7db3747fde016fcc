"""`bin/bench`: the figures, on servers of their own that keep what they are told."""

import os

from launcher.application import prepare_application
from launcher.environment import DEVELOPMENT
from launcher.home import base_path, locked_home
from launcher.stack import running_stack


def main(arguments: list[str]) -> int:
    path = base_path(os.environ) / "bench"
    with locked_home("bin/bench", path) as (home, _lock), running_stack(home, DEVELOPMENT) as stack:
        prepare_application(stack)
        return stack.foreground("-m", "bench", *arguments)
