"""Customer companies, people, and who is what where."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from core.ids import IdField
from core.models import TimeStamped
from core.rls import DRAFT, TENANT, USER
from tenants.owned import TenantKey, TenantOrPlatform, TenantOwned
from tenants.states import Role, TokenScope

__all__ = [
    "ApiToken",
    "Invitation",
    "Membership",
    "Role",
    "Tenant",
    "TenantKey",
    "TenantOrPlatform",
    "TenantOwned",
    "User",
]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None):
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin, TimeStamped):
    """A person. What they may do is said by memberships and council seats."""

    id = IdField(prefix="user")
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("platform staff"), default=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = (self.name or self.email).split()
        return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()


MEMBER_TENANTS = f'SELECT tenant_id FROM "tenants_membership" WHERE user_id = {USER}'  # noqa: S608 -- constants


class Tenant(TimeStamped):
    """One customer company with one shop."""

    rls = "own"
    rls_using = f"id = {TENANT} OR ({DRAFT} = '' AND id IN ({MEMBER_TENANTS}))"
    rls_check = f"id = {TENANT} AND {DRAFT} = ''"

    id = IdField(prefix="tenant")
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2, default="GB")
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    locale = models.CharField(_("language"), max_length=16, default="en-gb")
    timezone = models.CharField(_("time zone"), max_length=64, default="Europe/London")
    allows_direct_runs = models.BooleanField(_("runs without a draft"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(currency__regex="^[A-Z]{3}$"), name="tenant_currency_is_a_code"
            ),
            models.CheckConstraint(
                condition=models.Q(country__regex="^[A-Z]{2}$"), name="tenant_country_is_a_code"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(TimeStamped):
    """A person's role in a tenant. They see their own in every tenant, others' in this one."""

    rls = "own"
    rls_using = f"{DRAFT} = '' AND (tenant_id = {TENANT} OR user_id = {USER})"
    rls_check = f"{DRAFT} = '' AND tenant_id = {TENANT}"

    id = IdField(prefix="membership")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_is_known"
            ),
        ]
        indexes = [models.Index(fields=["user", "tenant"], name="membership_of_user")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class Invitation(TenantOwned):
    """Somebody asked in by mail. Over when accepted, withdrawn, or past its date."""

    id = IdField(prefix="invitation")
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "email"],
                name="invitation_open_once",
                condition=models.Q(accepted_at=None, withdrawn_at=None),
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.OWNER), name="invitation_makes_no_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.get_role_display()}"

    @property
    def is_open(self) -> bool:
        over = self.accepted_at or self.withdrawn_at
        return not over and self.expires_at > timezone.now()


def every_scope() -> list[str]:
    return list(TokenScope.values)


class ApiToken(AbstractAuthToken):
    """A program's key: one person in one tenant, hashed, expiring, with scopes.

    Without a tenant it serves a member of shared councils who belongs to none.
    """

    tenant = models.ForeignKey(
        Tenant, on_delete=models.CASCADE, related_name="tokens", null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    scopes = ArrayField(
        models.CharField(max_length=16, choices=TokenScope.choices),
        default=every_scope,
    )

    class Meta(AbstractAuthToken.Meta):
        swappable = "KNOX_TOKEN_MODEL"

    def __str__(self) -> str:
        return f"{self.name or self.token_key} · {self.user}"
