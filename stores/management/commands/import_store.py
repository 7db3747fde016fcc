"""``manage.py import_store TENANT FILE``: a shop's export into the shop."""

import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.actors import SystemActor
from core.errors import DomainError
from core.scope import scope
from stores import queries, services
from stores.demo.missing import simulate_missing
from stores.models import ImportRun
from stores.services.running import Options
from stores.states import ImportKind, ImportState
from tenants.models import Tenant

OPERATOR = SystemActor("import_store", grants=frozenset({"stores.import_data"}))
SHOWN = 10


class Command(BaseCommand):
    help = "Import products or orders from a CSV file (also .gz). Prints what became of each row."

    def add_arguments(self, parser):
        parser.add_argument("tenant", help="the tenant's id, e.g. tenant_demo")
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", default="", choices=["", *ImportKind.values])
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--again", action="store_true", help="even if imported before")
        parser.add_argument(
            "--simulate-missing",
            action="store_true",
            help="add costs, market prices and visits the shop lacks, labelled as simulated",
        )

    def handle(self, *args, **options):
        tenant_id, path = options["tenant"], options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        self._check_tenant(tenant_id)
        try:
            run = services.import_file(
                tenant_id=tenant_id,
                path=path,
                actor=OPERATOR,
                kind=options["kind"],
                options=Options(
                    again=options["again"],
                    dry_run=options["dry_run"],
                    after=_simulated if options["simulate_missing"] else None,
                ),
                progress=self._progress(),
            )
        except DomainError as error:
            raise CommandError(_said(error)) from error
        self._report(run)

    def _check_tenant(self, tenant_id: str) -> None:
        with scope(tenant_id=tenant_id):
            if not Tenant.objects.filter(pk=tenant_id).exists():
                raise CommandError(f"There is no tenant {tenant_id}.")

    def _progress(self):
        """A line that counts, once a second, where somebody is looking."""
        shows, last = sys.stderr.isatty(), [0.0]

        def progress(rows: int) -> None:
            if shows and time.monotonic() - last[0] > 1:
                last[0] = time.monotonic()
                self.stderr.write(f"\r{rows:,} rows", ending="")

        return progress

    def _report(self, run: ImportRun) -> None:
        if run.status == ImportState.FAILED:
            problem = run.problem or {}
            where = f" (line {problem['line']})" if problem.get("line") else ""
            raise CommandError(f"{problem.get('reason', 'Failed')}{where}")
        if run.status != ImportState.SUCCEEDED:
            raise CommandError("Another import of this tenant is at work; try again later.")
        if run.result.get("same_as"):
            self.stdout.write(f"This file was imported before ({run.result['same_as']}).")
        what = "Would keep" if run.result.get("dry_run") else "Kept"
        self.stdout.write(
            f"{run.get_kind_display()}: {run.rows_read:,} rows read. {what} {run.rows_kept:,},"
            f" refused {run.rows_refused:,}. {run.result.get('seconds', 0)} s."
        )
        for name, count in sorted(run.result.get("counts", {}).items()):
            if count:
                self.stdout.write(f"  {name.replace('_', ' ')}: {count:,}")
        for name, count in run.result.get("after", {}).items():
            self.stdout.write(f"  {name} (simulated): {count:,}")
        self._refusals(run)

    def _refusals(self, run: ImportRun) -> None:
        with scope(tenant_id=run.tenant_id):
            for refusal in queries.refusals(run.tenant_id, run.pk)[:SHOWN]:
                self.stdout.write(f"  line {refusal.line_number}: {refusal.reason}")
            for warning in run.result.get("warnings", [])[:SHOWN]:
                self.stdout.write(f"  note: {warning}")


def _simulated(tenant_id: str) -> dict[str, int]:
    return simulate_missing(tenant_id=tenant_id, actor=OPERATOR)


def _said(error: DomainError) -> str:
    texts = [str(text) for texts in error.fields.values() for text in texts]
    return " ".join(texts) or str(error)
