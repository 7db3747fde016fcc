"""Holds the audit trail against its seals; ends with 1 when a row does not fit."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from core.audit.verifying import Finding, verify


class Command(BaseCommand):
    help = "Check the audit trail against its seals and name the first row that does not fit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("tenants", nargs="*", metavar="TENANT", help="ids; all by default")
        parser.add_argument(
            "--key", action="append", default=[], help="trust this public key (hex), not our own"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for finding in verify(options["tenants"] or None, trusted=set(options["key"]) or None):
            faults += bool(finding.fault)
            self.stdout.write(_said(finding))
        if faults:
            self.stderr.write(f"{faults} of the trails are not whole.")
            raise SystemExit(1)


def _said(finding: Finding) -> str:
    if finding.fault:
        return f"{finding.tenant_id}: NOT WHOLE. {finding.fault}"
    if finding.erased:
        return f"{finding.tenant_id}: erased; its tombstone is signed (head {finding.head})"
    return (
        f"{finding.tenant_id}: whole. {finding.events} events in {finding.seals} seals,"
        f" {finding.waiting} not sealed yet. Head {finding.head}"
    )
