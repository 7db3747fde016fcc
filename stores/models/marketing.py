"""Campaigns, posts and promotions: what a shop says and offers."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.ids import IdField
from core.models import TimeStamped
from stores.models.base import MONEY, ShopRow, not_negative, one_of
from stores.models.catalog import Product
from stores.states import CampaignStatus, PostStatus, PromotionKind
from tenants.models import TenantKey


class Campaign(TimeStamped, ShopRow):
    """A mailing and how it did. ``created_by`` names the run that made it, if one did."""

    id = IdField(prefix="campaign")
    name = models.CharField(_("name"), max_length=200)
    channel = models.CharField(_("channel"), max_length=32, default="email")
    status = models.CharField(
        _("status"), max_length=16, choices=CampaignStatus.choices, default=CampaignStatus.DRAFT
    )
    occasion = models.CharField(_("occasion"), max_length=100, blank=True)
    segment = models.CharField(_("audience"), max_length=100, blank=True)
    segment_definition = models.JSONField(default=dict, blank=True)
    audience_size = models.IntegerField(_("audience size"), null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    preview_text = models.CharField(_("preview text"), max_length=300, blank=True)
    body_html = models.TextField(_("text"), blank=True)
    scheduled_at = models.DateTimeField(_("goes out"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    recipients = models.IntegerField(_("recipients"), default=0)
    opens = models.IntegerField(_("opens"), default=0)
    clicks = models.IntegerField(_("clicks"), default=0)
    orders = models.IntegerField(_("orders"), default=0)
    revenue = models.DecimalField(_("revenue"), default=0, **MONEY)
    created_by = models.CharField(max_length=64, blank=True, db_collation="C")
    simulated = models.BooleanField(_("simulated"), default=False)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="campaign_has_a_name", condition=Q(name__regex=r"\S")),
            one_of(CampaignStatus, "status", table="campaign"),
            *not_negative(
                "audience_size",
                "recipients",
                "opens",
                "clicks",
                "orders",
                "revenue",
                table="campaign",
            ),
            models.CheckConstraint(
                name="campaign_sent_has_a_time",
                condition=~Q(status=CampaignStatus.SENT) | Q(sent_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-sent_at"], name="campaign_by_time")]

    def __str__(self) -> str:
        return self.name


class Post(TimeStamped, ShopRow):
    id = IdField(prefix="post")
    platform = models.CharField(_("platform"), max_length=32)
    status = models.CharField(
        _("status"), max_length=16, choices=PostStatus.choices, default=PostStatus.SCHEDULED
    )
    content_type = models.CharField(_("kind"), max_length=64, blank=True)
    caption = models.TextField(_("caption"), blank=True)
    hashtags = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    link = models.CharField(_("link"), max_length=1000, blank=True)
    media_url = models.CharField(_("picture"), max_length=2000, blank=True)
    product = TenantKey(
        Product, on_delete=models.SET_NULL, null=True, blank=True, related_name="posts"
    )
    scheduled_at = models.DateTimeField(_("goes out"))
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    views = models.IntegerField(_("views"), default=0)
    likes = models.IntegerField(_("likes"), default=0)
    comments = models.IntegerField(_("comments"), default=0)
    shares = models.IntegerField(_("shares"), default=0)
    created_by = models.CharField(max_length=64, blank=True, db_collation="C")
    simulated = models.BooleanField(_("simulated"), default=False)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="post_platform_is_named", condition=Q(platform__regex=r"^[a-z][a-z0-9_]*$")
            ),
            one_of(PostStatus, "status", table="post"),
            *not_negative("views", "likes", "comments", "shares", table="post"),
            models.CheckConstraint(
                name="post_published_has_a_time",
                condition=~Q(status=PostStatus.PUBLISHED) | Q(published_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "platform", "-scheduled_at"], name="post_by_platform")
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.scheduled_at:%Y-%m-%d %H:%M}"


class Promotion(TimeStamped, ShopRow):
    """A discount between two moments, on the products listed."""

    id = IdField(prefix="promotion")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=16, choices=PromotionKind.choices, default=PromotionKind.PERCENT
    )
    value = models.DecimalField(_("value"), **MONEY)
    code = models.CharField(_("code"), max_length=64, blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    campaign = TenantKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="promotions"
    )
    occasion = models.CharField(_("occasion"), max_length=100, blank=True)
    created_by = models.CharField(max_length=64, blank=True, db_collation="C")
    simulated = models.BooleanField(_("simulated"), default=False)
    extra = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="promotion_has_a_name", condition=Q(name__regex=r"\S")),
            one_of(PromotionKind, "kind", table="promotion"),
            *not_negative("value", table="promotion"),
            models.CheckConstraint(
                name="promotion_percent_at_most_100",
                condition=~Q(kind=PromotionKind.PERCENT) | Q(value__lte=100),
            ),
            models.CheckConstraint(name="promotion_ends", condition=Q(ends_at__gt=F("starts_at"))),
        ]
        indexes = [models.Index(fields=["tenant", "starts_at"], name="promotion_by_time")]

    def __str__(self) -> str:
        return self.name


class PromotionProduct(ShopRow):
    id = models.BigAutoField(primary_key=True)
    promotion = TenantKey(
        Promotion, on_delete=models.CASCADE, related_name="products", db_index=False
    )
    product = TenantKey(Product, on_delete=models.CASCADE, related_name="promotions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "promotion", "product"], name="promotion_product_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.promotion_id} {self.product_id}"
