"""When posts go out: per platform and day, in the shop's own time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Hours at which posts of small shops tend to be seen, where a shop has no posts of its own yet.
USUAL = {
    "instagram": ("12:00", "18:30", "09:00", "20:30", "15:00", "07:30"),
    "facebook": ("09:30", "13:00", "19:00", "16:00", "11:00", "20:30"),
    "pinterest": ("20:00", "14:00", "21:30", "10:00", "17:00", "08:00"),
    "tiktok": ("18:00", "12:30", "20:00", "09:30", "15:30", "21:30"),
    "x": ("08:30", "12:00", "17:30", "20:00", "10:30", "15:00"),
    "threads": ("08:00", "12:30", "18:00", "20:30", "10:30", "15:30"),
    "linkedin": ("08:30", "12:00", "16:30", "10:00", "14:30", "18:00"),
}
APART = 3
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Slot:
    platform: str
    local: datetime

    @property
    def utc(self) -> datetime:
        return self.local.astimezone(UTC)


def best_times(platform: str, hours: Sequence, wanted: int) -> list[str]:
    """The hours the shop's own posts did best, some hours apart; the usual ones fill up."""
    own = sorted(
        (hour for hour in hours if hour.platform == platform and hour.posts >= ENOUGH),
        key=lambda hour: (-hour.reactions, hour.hour),
    )
    chosen: list[str] = []
    for text in [*(f"{hour.hour:02d}:00" for hour in own), *USUAL.get(platform, USUAL["x"])]:
        if len(chosen) < wanted and all(_apart(text, other) for other in chosen):
            chosen.append(text)
    for text in USUAL.get(platform, USUAL["x"]):
        if len(chosen) < wanted and text not in chosen:
            chosen.append(text)
    return sorted(chosen)


def _apart(one: str, other: str) -> bool:
    return abs(int(one[:2]) - int(other[:2])) >= APART


def slots(
    times: dict[str, list[str]], first: date, posts: int, zone: str, taken: set
) -> Iterator[Slot]:
    """Day by day, in order of time; a slot that is taken moves on by a quarter of an hour."""
    where, made, day, used = ZoneInfo(zone), 0, first, set(taken)
    while made < posts:
        for text, platform in _day(times, posts - made):
            slot = _free(platform, day, text, where, used)
            used.add((platform, slot.utc))
            made += 1
            yield slot
        day += timedelta(days=1)


def _day(times: dict[str, list[str]], left: int) -> list[tuple[str, str]]:
    """(time, platform) in order; where not all fit, every platform gets one before any gets two."""
    turns = [
        (turn, time_, platform)
        for platform, listed in times.items()
        for turn, time_ in enumerate(listed)
    ]
    return sorted((time_, platform) for _turn, time_, platform in sorted(turns)[:left])


def _free(platform: str, day: date, text: str, where: ZoneInfo, used: set) -> Slot:
    local = datetime.combine(day, time.fromisoformat(text), tzinfo=where)
    while (platform, local.astimezone(UTC)) in used:
        local += timedelta(minutes=15)
    return Slot(platform, local)
