"""Prints the public key under the audit's seals, for whoever checks exported bundles."""

from typing import Any

from django.core.management.base import BaseCommand

from core.audit.keys import public_key


class Command(BaseCommand):
    help = "Print the public key that seals the audit trail."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(public_key())
