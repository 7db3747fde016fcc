"""Platforms that used to hear from the shop and fell silent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pydantic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from proposals.detectors.base import (
    Chart,
    Detector,
    DetectorInput,
    Evidence,
    Finding,
    Impact,
    Shop,
    believed,
)
from proposals.detectors.reading import Reader, week_labels
from proposals.detectors.registry import register
from proposals.detectors.wording import count, decimal, full_day

WEEKS = 12
RHYTHM_WEEKS = 13
FEWEST_POSTS, MOST_POSTS = 7, 28


class Limits(DetectorInput):
    threshold: int = pydantic.Field(14, ge=3, le=180, title="Days a platform may be silent")
    fewest_posts: int = pydantic.Field(
        6,
        ge=1,
        title="Fewest posts",
        description="In the thirteen weeks before; fewer is no rhythm to miss.",
    )


@dataclass(frozen=True, slots=True)
class Platform:
    """``usual`` counts posts of the thirteen weeks up to the last one; ``weeks`` newest last."""

    name: str
    last: date
    usual: int
    planned: int
    weeks: tuple[int, ...]

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").title()


Facts = tuple[Platform, ...]

READ = """,
latest AS (
    SELECT shop.tenant_id, post.platform,
           max((post.published_at AT TIME ZONE shop.timezone)::date) AS last
    FROM shop JOIN stores_post post
      ON post.tenant_id = shop.tenant_id AND post.status = 'published'
     AND (post.published_at AT TIME ZONE shop.timezone)::date <= shop.until + 1
    GROUP BY 1, 2
)
SELECT shop.tenant_id, latest.platform, latest.last,
       count(*) FILTER (WHERE post.status = 'published' AND post.published_at >
            (latest.last - 7 * shop.rhythm)::timestamp AT TIME ZONE shop.timezone),
       count(*) FILTER (WHERE post.status = 'scheduled' AND post.scheduled_at >=
            (shop.until + 1)::timestamp AT TIME ZONE shop.timezone),
       array_agg((shop.until - (post.published_at AT TIME ZONE shop.timezone)::date) / 7)
            FILTER (WHERE post.status = 'published' AND post.published_at >
                (shop.until - 7 * shop.weeks)::timestamp AT TIME ZONE shop.timezone)
FROM shop JOIN latest USING (tenant_id)
JOIN stores_post post
  ON post.tenant_id = shop.tenant_id AND post.platform = latest.platform
GROUP BY 1, 2, 3 ORDER BY 1, 2
"""

VISITS = """,
silent AS (
    SELECT shop.tenant_id, shop.until, place.key AS platform, place.value::date AS last
    FROM shop, jsonb_each_text(shop.platforms::jsonb) AS place
)
SELECT silent.tenant_id, silent.platform,
       coalesce(sum(day.sessions) FILTER (WHERE day.date <= silent.last), 0),
       coalesce(sum(day.sessions) FILTER (WHERE day.date > silent.until - 14), 0)
FROM silent JOIN stores_trafficday day
  ON day.tenant_id = silent.tenant_id AND day.breakdown = 'channel' AND day.name = silent.platform
 AND (day.date > silent.last - 28 AND day.date <= silent.last
      OR day.date > silent.until - 14 AND day.date <= silent.until)
GROUP BY 1, 2
"""


@register
class SocialGaps(Detector):
    id = "social_gaps"
    version = 1
    title = _l("Silent platforms")
    about = _l("Days since the last post on each platform the shop used to post on.")
    family = "marketing"
    workflow_type_id = "social.content_calendar"
    template_ids = ("template_social_calendar",)
    Settings = Limits
    false_alarms = 0.0
    power = 1.0
    planted = _l("19 days of silence after four posts a week")

    def read(self, reader: Reader, shops: Sequence[tuple[Shop, Any]]) -> Mapping[str, Any]:
        asked = [(shop, {"weeks": WEEKS, "rhythm": RHYTHM_WEEKS}) for shop, _settings in shops]
        found: dict[str, list[Platform]] = {}
        for tenant_id, name, last, usual, planned, ages in reader.ask(READ, asked):
            weeks = [0] * WEEKS
            for age in ages or ():
                if 0 <= age < WEEKS:
                    weeks[WEEKS - 1 - age] += 1
            found.setdefault(tenant_id, []).append(
                Platform(name, last, usual, planned, tuple(weeks))
            )
        return {tenant_id: tuple(platforms) for tenant_id, platforms in found.items()}

    def judge(self, shop: Shop, facts: Facts, settings: Limits) -> Sequence[Finding]:
        silent = [
            place
            for place in facts
            if (shop.today - place.last).days >= settings.threshold
            and place.usual >= settings.fewest_posts
            and not place.planned
        ]
        if not silent:
            return []
        silent.sort(key=lambda place: (place.last, place.name))
        return [_finding(shop, silent, settings)]

    def illustrate(
        self, reader: Reader, found: Sequence[tuple[Shop, Any, Finding]]
    ) -> Mapping[tuple[str, str], Finding]:
        asked = [(shop, {"platforms": json.dumps(f.facts["last"])}) for shop, _s, f in found]
        visits: dict[str, list[tuple[str, int, int]]] = {}
        for tenant_id, name, before, now in reader.ask(VISITS, asked):
            visits.setdefault(tenant_id, []).append((name, int(before), int(now)))
        return {
            (shop.tenant_id, finding.target): _with_visits(finding, visits[shop.tenant_id])
            for shop, _settings, finding in found
            if shop.tenant_id in visits
        }


def _finding(shop: Shop, silent: Sequence[Platform], settings: Limits) -> Finding:
    longest = (shop.today - silent[0].last).days
    a_week = sum(place.usual for place in silent) / RHYTHM_WEEKS
    names = ", ".join(place.label for place in silent)
    title = ngettext(
        "{names} has been silent for {n} days", "{names} have been silent for {n} days", len(silent)
    )
    return Finding(
        title=title.format(names=names, n=count(longest)),
        description=_("Until then there were about {n} posts a week; none is planned.").format(
            n=decimal(a_week)
        ),
        reasoning=tuple(
            _(
                "{platform}: the last post was on {day}, after {n} in thirteen weeks; the line is"
                " {line} days."
            ).format(
                platform=place.label,
                day=full_day(place.last),
                n=count(place.usual),
                line=settings.threshold,
            )
            for place in silent
        ),
        confidence=believed(0.70, longest * a_week / 7 / 10),
        metric="days_without_post",
        value=float(longest),
        threshold=float(settings.threshold),
        unit="days",
        window=_("thirteen weeks before the last post"),
        sample_size=sum(place.usual for place in silent),
        severity=min(longest / settings.threshold, 20.0),
        impact=Impact(
            metric="posts_week",
            baseline=0.0,
            low=max(1.0, a_week * 0.75),
            high=max(1.0, a_week * 1.25),
            unit="count",
            timeframe_days=14,
            text=_("posts a week again, as many as before"),
        ),
        inputs={
            "platforms": [place.name for place in silent],
            "posts": max(FEWEST_POSTS, min(MOST_POSTS, round(a_week * 2))),
        },
        evidence=tuple(_row(shop, place) for place in silent),
        target=",".join(sorted(place.name for place in silent)),
        priority="normal" if longest < 3 * settings.threshold else "high",
        chart=_chart(shop, silent),
        facts={"last": {place.name: place.last.isoformat() for place in silent}},
    )


def _row(shop: Shop, place: Platform) -> Evidence:
    return Evidence(
        label=place.label,
        cells=(
            ("day", place.last.isoformat()),
            ("days", (shop.today - place.last).days),
            ("posts", place.usual),
        ),
    )


def _chart(shop: Shop, silent: Sequence[Platform]) -> Chart:
    weeks = tuple(float(sum(numbers)) for numbers in zip(*(p.weeks for p in silent), strict=True))
    return Chart(
        finding=_("Posts a week over twelve weeks, at last {n}").format(n=count(weeks[-1])),
        labels=week_labels(shop.until, WEEKS),
        values=weeks,
        name=_("Posts a week"),
        kind="bars",
        unit="count",
    )


def _with_visits(finding: Finding, visits: Sequence[tuple[str, int, int]]) -> Finding:
    reasons = [
        _("Visits from {platform} were {before} a week before and {now} in the last two.").format(
            platform=name.title(), before=count(before / 4), now=count(now / 2)
        )
        for name, before, now in visits
        if before
    ]
    return replace(finding, reasoning=(*finding.reasoning, *reasons))
