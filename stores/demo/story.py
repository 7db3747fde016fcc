"""The parameters of the demo shop's history, with what each is planted for.

The numbers are chosen, not measured. They are typical of a small British gift shop and
leave each planted effect well clear of the threshold that a detector uses.
"""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

SHOP_ZONE = ZoneInfo("Europe/London")

CHANNELS = (
    "organic_search",
    "direct",
    "paid_search",
    "email",
    "instagram",
    "pinterest",
    "facebook",
    "referral",
)


@dataclass(frozen=True)
class Story:
    """One shop's thirteen months. Shares sum to 1; rates are per session."""

    seed: int = 26
    days: int = 396

    sessions_per_day: float = 1000.0
    daily_noise: float = 0.04
    channel_share: tuple[float, ...] = (0.38, 0.20, 0.12, 0.10, 0.09, 0.05, 0.04, 0.02)
    channel_conversion: tuple[float, ...] = (1.0, 1.2, 0.95, 1.4, 0.85, 0.8, 0.8, 1.0)

    # declining_traffic: from six weeks ago every channel slides to this share of its level.
    # Together 28 days against the 28 before come out about 22 % down on any day of the year.
    decline_days: int = 42
    decline_to: tuple[float, ...] = (0.45, 0.75, 0.80, 0.40, 0.80, 0.30, 0.75, 0.90)
    # The season of traffic is held still for this long, so that it cannot hide the decline.
    level_days: int = 98

    conversion: float = 0.034
    # low_conversion: page, rate, and the share of all visits that advertisements send there.
    # The rates hold in every season and lie far below 2 %, on enough visits to be no accident.
    poor_pages: tuple[tuple[str, float, float], ...] = (
        ("/collections/gift-boxes", 0.007, 0.10),
        ("/products/gift-box-cosy-evening", 0.006, 0.06),
        ("/products/lambswool-throw", 0.005, 0.05),
    )

    extra_lines: float = 1.3
    returning_share: float = 0.42
    return_rate: float = 0.04
    free_shipping_from: int = 40

    # pricing_opportunity: the hand-written market position of a product is reached over
    # these weeks; before that the market stood where the shop stands.
    market_weeks: int = 12
    market_drift_weeks: int = 7
    competitors: tuple[tuple[str, float, float], ...] = (
        ("Competitor A", -0.015, 0.95),
        ("Competitor B", 0.0, 0.85),
        ("Competitor C", 0.02, 0.75),
    )

    # no_recent_campaigns: the last mail went out this many days ago, and one every so many.
    last_campaign_days_ago: int = 41
    campaign_every_days: int = 19

    # social_gaps: days since each platform's last post, and posts a week until then.
    platforms: tuple[tuple[str, int, int], ...] = (
        ("instagram", 1, 5),
        ("facebook", 2, 3),
        ("pinterest", 19, 4),
    )

    promotions_days_ago: tuple[int, ...] = (350, 290, 220, 160, 105, 66)
    search_weeks: int = 13

    @property
    def poor_rates(self) -> dict[str, float]:
        return {path: rate for path, rate, _ in self.poor_pages}

    @property
    def poor_shares(self) -> dict[str, float]:
        return {path: share for path, _, share in self.poor_pages}


def first_day(story: Story, today: date) -> date:
    return date.fromordinal(today.toordinal() - story.days + 1)
