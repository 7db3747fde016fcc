"""``manage.py play_story``: the whole chain in the terminal, through the running server."""

import os
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from codex.demo.story.play import play
from codex.demo.story.teller import StoryBroken, Teller
from core.errors import DomainError


class Command(BaseCommand):
    help = (
        "Play the whole story on the demo shop, or on a new shop made from your exports: import,"
        " propose, accept, preview, submit, approve, run, undo, drift. Every step is checked; the"
        " exit status is 0 only if all of them held."
    )

    def add_arguments(self, parser):
        parser.add_argument("--orders", type=Path, help="an export of orders or invoice lines")
        parser.add_argument("--products", type=Path, help="an export of products")
        parser.add_argument("--url", help="the server; by default this machine's, at CODEX_PORT")

    def handle(self, *args, **options):
        files = [path for name in ("products", "orders") if (path := options[name])]
        for path in files:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
        url = options["url"] or f"http://127.0.0.1:{os.environ.get('CODEX_PORT', '8000')}"
        teller, started = Teller(self.stdout), time.monotonic()
        try:
            play(teller, url=url, files=files)
        except (StoryBroken, DomainError) as broken:
            raise CommandError(f"The story ends here. {broken}") from broken
        took = time.monotonic() - started
        self.stdout.write(f"\nAll {teller.checks} checks held, in {took:.0f} seconds.")
