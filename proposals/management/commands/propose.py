"""Look at one shop now, and say what was found and why."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from core.scope import scope
from proposals.services import propose_for_tenant
from proposals.services.keeping import Decision
from tenants.models import Tenant


class Command(BaseCommand):
    help = "Looks at one shop with every detector, and proposes what is worth doing."

    def add_arguments(self, parser) -> None:
        parser.add_argument("tenant", help="the tenant's id, e.g. tenant_demo")
        parser.add_argument("--detector", help="only this one, e.g. low_conversion")
        parser.add_argument("--dry-run", action="store_true", help="look, and write nothing")
        parser.add_argument(
            "--today", type=date.fromisoformat, help="as if it were this day (dry run only)"
        )

    def handle(self, *, tenant: str, **options: Any) -> None:
        if options["today"] and not options["dry_run"]:
            raise CommandError("--today works with --dry-run only.")
        with scope(tenant_id=tenant):
            if not Tenant.objects.filter(pk=tenant).exists():
                raise CommandError(f"There is no tenant {tenant}.")
        try:
            report = propose_for_tenant(
                tenant_id=tenant,
                detector=options["detector"],
                dry_run=options["dry_run"],
                today=options["today"],
            )
        except DomainError as error:
            raise CommandError(error.fields or str(error)) from error
        self._tell(report, dry_run=options["dry_run"])

    def _tell(self, report, *, dry_run: bool) -> None:
        self.stdout.write(f"{report.tenant_id}, looked at as of {report.today}")
        for decision in report.decisions:
            self._tell_one(decision, dry_run=dry_run)
        for name, text in report.errors.items():
            self.stdout.write(self.style.ERROR(f"  ! {name}: {text}"))
        made = "would be proposed" if dry_run else "proposed"
        kept = [d for d in report.decisions if not d.is_held_back]
        more = [p for p in report.proposals if p.follows_workflow_id]
        for proposal in more:
            self.stdout.write(f"  + {proposal.title}  [{proposal.pk}, follow-up]")
        cost = ", ".join(f"{name} {value:g}" for name, value in report.cost.items())
        self.stdout.write(f"{len(kept) + len(more)} {made}, {self._held(report)} held back; {cost}")

    def _held(self, report) -> int:
        return sum(d.is_held_back for d in report.decisions)

    def _tell_one(self, decision: Decision, *, dry_run: bool) -> None:
        finding = decision.sighting.finding
        mark = "-" if decision.is_held_back else "+"
        self.stdout.write(
            f"  {mark} {finding.title}  [{decision.sighting.detector.id}, {finding.priority},"
            f" confidence {decision.confidence:.0%}, rank {decision.rank:.0f}]"
        )
        if decision.is_held_back:
            self.stdout.write(f"      held back: {decision.why}")
            return
        for reason in finding.reasoning:
            self.stdout.write(f"      {reason}")
        impact = finding.impact
        self.stdout.write(
            f"      {impact.baseline:g} -> {impact.low:g} to {impact.high:g} {impact.unit}:"
            f" {impact.text}, within {impact.timeframe_days} days"
        )
        if decision.proposal:
            self.stdout.write(f"      {decision.proposal.pk}")
