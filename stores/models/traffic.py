"""Visits and searches, by day and by period."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stores.models.base import MONEY, ShopRow, not_negative, one_of
from stores.states import Breakdown


class TrafficDay(ShopRow):
    """One day of one breakdown. ``name`` is the channel or page; empty for the whole shop."""

    id = models.BigAutoField(primary_key=True)
    date = models.DateField(_("day"))
    breakdown = models.CharField(
        max_length=8, choices=Breakdown.choices, default=Breakdown.TOTAL, db_collation="C"
    )
    name = models.CharField(max_length=500, blank=True, db_collation="C")
    sessions = models.IntegerField(_("sessions"), default=0)
    key_events = models.IntegerField(_("orders"), default=0)
    revenue = models.DecimalField(_("revenue"), default=0, **MONEY)
    simulated = models.BooleanField(_("simulated"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "breakdown", "date", "name"], name="traffic_day_once"
            ),
            *not_negative("sessions", "key_events", "revenue", table="traffic_day"),
            one_of(Breakdown, "breakdown", table="traffic_day"),
            models.CheckConstraint(
                name="traffic_day_total_has_no_name",
                condition=Q(breakdown=Breakdown.TOTAL, name="")
                | (~Q(breakdown=Breakdown.TOTAL) & ~Q(name="")),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "date"], name="traffic_by_day")]

    def __str__(self) -> str:
        return f"{self.date} {self.name}".strip()


class SearchQuery(ShopRow):
    """How a page did for one search over a period, as Search Console tells it."""

    id = models.BigAutoField(primary_key=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    query = models.CharField(_("search"), max_length=500)
    page = models.CharField(_("page"), max_length=1000, blank=True, db_collation="C")
    clicks = models.IntegerField(_("clicks"), default=0)
    impressions = models.IntegerField(_("times shown"), default=0)
    position = models.DecimalField(_("position"), max_digits=6, decimal_places=2, default=0)
    simulated = models.BooleanField(_("simulated"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "ends_on", "query", "page"], name="search_query_once"
            ),
            *not_negative("clicks", "impressions", "position", table="search_query"),
            models.CheckConstraint(
                name="search_query_period", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="search_query_clicks_were_shown",
                condition=Q(clicks__lte=F("impressions")),
            ),
        ]

    def __str__(self) -> str:
        return self.query
