"""``manage.py create_tenant NAME OWNER_EMAIL``: a tenant and, if needed, its owner."""

import getpass

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from tenants import services
from tenants.models import User


class Command(BaseCommand):
    help = "Make a tenant with its owner. Prints the tenant's id."

    def add_arguments(self, parser):
        parser.add_argument("name", help="the company's name")
        parser.add_argument("owner", help="the owner's e-mail address")
        parser.add_argument("--owner-name", default="", help="the owner's name, if they are new")
        parser.add_argument("--id", default=None, help="a fixed id, e.g. tenant_acme")
        parser.add_argument("--country", default="GB", help="two letters (default GB)")
        parser.add_argument("--currency", default="GBP", help="three letters (default GBP)")
        parser.add_argument("--locale", default="en-gb")
        parser.add_argument("--timezone", default="Europe/London")

    def handle(self, *args, **options):
        facts = {key: options[key] for key in ("country", "currency", "locale", "timezone")}
        try:
            owner = self._owner(options["owner"].lower(), options["owner_name"])
            tenant = services.create_tenant(
                name=options["name"], owner=owner, tenant_id=options["id"], **facts
            )
        except DomainError as error:
            raise CommandError(f"{error} {error.fields or ''}".strip()) from error
        self.stdout.write(tenant.pk)

    def _owner(self, email: str, name: str) -> User:
        found = User.objects.filter(email=email).first()
        if found:
            return found
        password = getpass.getpass(f"Password for {email}: ")
        return services.create_user(email=email, name=name or email, password=password)
