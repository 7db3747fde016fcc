"""The language model a tenant lets write its texts, and what that has cost so far."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import IdField
from core.models import TimeStamped
from core.sealed import seal, unseal
from tenants.models import TenantOwned

MONTHLY_TOKENS, MOST_TOKENS = 2_000_000, 1_000_000_000
TEXTS_A_PLAN, MOST_TEXTS = 200, 10_000


class TextModel(TimeStamped, TenantOwned):
    """An OpenAI-compatible endpoint of the tenant's own. The key is sealed and never shown."""

    id = IdField(prefix="textmodel")
    url = models.CharField(_("address"), max_length=500)
    model = models.CharField(_("model"), max_length=200)
    sealed_key = models.TextField(blank=True, editable=False)
    monthly_tokens = models.PositiveBigIntegerField(_("tokens a month"), default=MONTHLY_TOKENS)
    texts_a_plan = models.PositiveIntegerField(_("texts a plan"), default=TEXTS_A_PLAN)
    is_active = models.BooleanField(_("writes texts"), default=True)

    class Meta:
        db_table = "workflow_text_models"
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="text_model_once"),
            models.CheckConstraint(
                name="text_model_is_named", condition=Q(url__regex=r"\S", model__regex=r"\S")
            ),
            models.CheckConstraint(
                name="text_model_caps_hold",
                condition=Q(monthly_tokens__lte=MOST_TOKENS, texts_a_plan__lte=MOST_TEXTS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} · {self.url}"

    @property
    def has_key(self) -> bool:
        return bool(self.sealed_key)

    @property
    def key(self) -> str:
        """Raises ``core.sealed.CannotOpen`` when it was sealed under another secret."""
        return unseal(self.sealed_key) if self.sealed_key else ""

    @key.setter
    def key(self, text: str) -> None:
        self.sealed_key = seal(text) if text else ""


class TextSpending(TenantOwned):
    """Tokens and texts of one calendar month (UTC). Only ever counted up."""

    id = models.BigAutoField(primary_key=True)
    month = models.DateField()
    tokens = models.PositiveBigIntegerField(default=0)
    texts = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "workflow_text_spending"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "month"], name="text_spending_once_a_month"),
            models.CheckConstraint(name="text_spending_month_begins", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.tokens}"
