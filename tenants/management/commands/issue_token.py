"""``manage.py issue_token EMAIL [--tenant ID]``: prints an API token, once."""

from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from core.scope import scope
from tenants import queries, services
from tenants.models import User
from tenants.states import TokenScope


class Command(BaseCommand):
    help = "Print an API token of a person, bound to one tenant."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--tenant", help="tenant id; may be left out by a member of just one")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--days", type=int, default=90, help="how long it is valid")
        parser.add_argument(
            "--scopes", default=",".join(TokenScope.values), help="of read, write, review"
        )

    def handle(self, *args, **options):
        user = User.objects.filter(email=options["email"].lower()).first()
        if user is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        try:
            _token, secret = services.issue_token(
                user=user,
                tenant_id=options["tenant"] or self._only_tenant(user),
                name=options["name"],
                scopes=tuple(options["scopes"].split(",")),
                life=timedelta(days=options["days"]),
            )
        except DomainError as error:
            raise CommandError(f"{error} {error.fields or ''}".strip()) from error
        self.stdout.write(secret)

    def _only_tenant(self, user: User) -> str | None:
        with scope(user_id=str(user.pk)):
            ids = [place.tenant_id for place in queries.memberships_of(user)]
        if len(ids) > 1:
            raise CommandError(f"Say which tenant with --tenant: {', '.join(ids)}")
        return ids[0] if ids else None
