"""``social.content_calendar``: posts per platform and day, with captions from product facts."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.queries.catalogue import ProductChoice, ProductRow
from workflows.text.base import Caption, CaptionBrief, TextWriter, TooFewFacts, as_tuple
from workflows.text.choice import facts_of, writer_for
from workflows.text.rules.short import hashtag
from workflows.types.base import (
    Group,
    Metric,
    PlanSink,
    RequiredInputs,
    RiskLevel,
    WorkflowType,
)
from workflows.types.calendars import Entry, calendar
from workflows.types.modelled import model_metrics, warn_of_model
from workflows.types.registry import register
from workflows.types.social.inputs import (
    CONTENT_TYPES,
    HASHTAGS,
    PLATFORMS,
    CalendarInputs,
    ContentType,
    Platform,
)
from workflows.types.social.slots import Slot, best_times, slots
from workflows.types.tables import Table
from workflows.types.wording import count

WEEK = 7
RECENT = timedelta(days=21)
POOL = 400
VARIANTS = 6


@dataclass(slots=True)
class Tally:
    posts: list[tuple[Slot, ProductRow]] = field(default_factory=list)
    per_platform: Counter[str] = field(default_factory=Counter)
    products: set[str] = field(default_factory=set)
    without_picture: list[str] = field(default_factory=list)


@register
class ContentCalendar(WorkflowType):
    id = "social.content_calendar"
    version = 2
    title = gettext_lazy("Content calendar")
    description = gettext_lazy(
        "Schedules posts per platform and day, each about one product, with caption and hashtags."
    )
    makes = gettext_lazy("Scheduled posts, a CSV and a calendar file")
    risk = RiskLevel.LOW
    Inputs = CalendarInputs

    def plan(self, store: Any, inputs: CalendarInputs, out: PlanSink) -> None:
        first = inputs.start_date or _tomorrow(store)
        planned = list(_slots(store, inputs, first))
        products = _products(store, inputs, first)
        if not products:
            raise RequiredInputs({"product_focus": _no_products(inputs)})
        maker = _Maker(store, inputs, out)
        tally = maker.run(planned, products)
        if not tally.posts:
            text = _("The data of these products says too little to write captions from.")
            raise RequiredInputs({"product_focus": text})
        maker.files(first)
        _warn(tally, products, len(planned), out)
        warn_of_model(maker.writer, out)
        out.finish(
            effect=effect(tally, inputs),
            metrics=[*metrics(tally, store), *model_metrics(maker.writer)],
            groups=[
                Group(kind.value, _(CONTENT_TYPES[kind.value])) for kind in inputs.content_types
            ],
        )


def _tomorrow(store: Any) -> date:
    """From the real today, also where the shop's history ended long ago: posts lie ahead."""
    return max(store.today, store.local_today()) + timedelta(days=1)


def _slots(store: Any, inputs: CalendarInputs, first: date) -> Iterator[Slot]:
    names = [platform.value for platform in inputs.platforms]
    hours = [] if inputs.posting_times else store.posting_hours(zone=str(store.timezone))
    times = {
        name: _own_times(inputs) or best_times(name, hours, inputs.posts_per_day)
        for name in dict.fromkeys(names)
    }
    posts = inputs.posts or WEEK * inputs.posts_per_day * len(times)
    start = datetime.combine(first, time.min, ZoneInfo(str(store.timezone)))
    end = start + timedelta(days=posts + WEEK)
    taken = store.taken_times(start=start, end=end)
    return slots(times, first, posts, str(store.timezone), taken)


def _own_times(inputs: CalendarInputs) -> list[str]:
    """The times asked for, as many as there are posts a day; short of them, an hour apart."""
    times = list(inputs.posting_times[: inputs.posts_per_day])
    while times and len(times) < inputs.posts_per_day:
        last = datetime.strptime(times[-1], "%H:%M").replace(tzinfo=UTC) + timedelta(hours=1)
        times.append(last.strftime("%H:%M"))
    return sorted(set(times))


def _products(store: Any, inputs: CalendarInputs, first: date) -> list[ProductRow]:
    """Best sellers first; what was shown lately, and what has no picture, waits its turn."""
    ids = store.best_sellers(day=store.today, most=POOL, focus=inputs.product_focus)
    if not ids:
        return []
    rows = {row.id: row for row in store.product_rows(chosen=ProductChoice(product_ids=ids))}
    since = datetime.combine(first, time.min, UTC) - RECENT
    shown = store.posted_products(since=since)
    found = [rows[id_] for id_ in ids if id_ in rows]
    return sorted(found, key=lambda row: (row.pictures == 0, row.id in shown))


def _no_products(inputs: CalendarInputs) -> str:
    if inputs.product_focus:
        return _("No active product has such a tag, type or word in its title.")
    return _("The shop has no active products yet.")


class _Maker:
    def __init__(self, store: Any, inputs: CalendarInputs, out: PlanSink) -> None:
        self.store, self.inputs, self.out = store, inputs, out
        self.writer: TextWriter = writer_for(store.seed, store.locale, store.tenant_id)
        self.tally = Tally()
        self.voice = tuple(re.findall(r"[a-z]+", inputs.brand_voice.lower()))
        self.own_tags = tuple(tag for text in inputs.hashtags if (tag := hashtag(text)))
        self.copy_blocks = as_tuple(inputs.copy_blocks)
        self.said: set[str] = set()
        self.entries: list[Entry] = []
        self.table = Table(
            (
                _("Day"),
                _("Time"),
                _("Platform"),
                _("Kind"),
                _("Product"),
                _("Caption"),
                _("Hashtags"),
                _("Picture"),
            )
        )

    def run(self, planned: list[Slot], products: list[ProductRow]) -> Tally:
        queue = _Queue(products)
        for number, slot in enumerate(planned, start=1):
            kind = self._kind(slot.platform)
            found = self._next(queue, slot, kind)
            if found is None:
                break
            row, caption = found
            self._emit(number, slot, kind, row, caption)
        return self.tally

    def _kind(self, platform: str) -> ContentType:
        """Kinds take turns on each platform, and platforms start with different ones."""
        kinds = self.inputs.content_types
        first = list(self.inputs.platforms).index(Platform(platform))
        return kinds[(first + self.tally.per_platform[platform]) % len(kinds)]

    def _next(
        self, queue: "_Queue", slot: Slot, kind: ContentType
    ) -> tuple[ProductRow, Caption] | None:
        """The next product of which something can be said that was not said before."""
        for variant in range(VARIANTS):
            for row in queue.turn():
                caption = self._caption(row, slot, kind, variant)
                if caption is None:
                    queue.drop(row)
                elif caption.text not in self.said:
                    self.said.add(caption.text)
                    return row, caption
        return None

    def _caption(
        self, row: ProductRow, slot: Slot, kind: ContentType, variant: int
    ) -> Caption | None:
        brief = CaptionBrief(
            platform=slot.platform,
            content_type=kind.value,
            tone=self.inputs.tone,
            hashtags=HASHTAGS[self.inputs.hashtag_strategy],
            voice_words=self.voice,
            extra_hashtags=self.own_tags,
            variant=variant,
            copy_blocks=self.copy_blocks,
        )
        try:
            return self.writer.caption(facts_of(row), brief)
        except TooFewFacts:
            return None

    def _emit(
        self, number: int, slot: Slot, kind: ContentType, row: ProductRow, caption: Caption
    ) -> None:
        label = _("{platform}, {when}: {product}").format(
            platform=PLATFORMS[slot.platform],
            when=date_format(slot.local, "j M H:i"),
            product=row.title,
        )
        values = {
            "platform": slot.platform,
            "status": "scheduled",
            "content_type": kind.value,
            "caption": caption.text,
            "hashtags": list(caption.hashtags),
            "link": f"/products/{row.handle}" if row.handle else "",
            "media_url": row.picture_url or "",
            "product_id": row.id,
            "scheduled_at": slot.utc.isoformat(),
        }
        note = {
            "group": kind.value,
            "columns": {_("Goes out"): date_format(slot.local, "D j M, H:i")},
        }
        post_id = self.out.create("post", f"{number}", label, values, note=note)
        self._remember(slot, kind, row, caption, post_id)

    def _remember(
        self, slot: Slot, kind: ContentType, row: ProductRow, caption: Caption, post_id: str
    ) -> None:
        tally = self.tally
        tally.posts.append((slot, row))
        tally.per_platform[slot.platform] += 1
        if not row.pictures and row.id not in tally.products:
            tally.without_picture.append(row.title)
        tally.products.add(row.id)
        tags = " ".join(caption.hashtags)
        name, kind_name = PLATFORMS[slot.platform], _(CONTENT_TYPES[kind.value])
        self.table.add(
            slot.local.date().isoformat(),
            f"{slot.local:%H:%M}",
            name,
            kind_name,
            row.title,
            caption.text,
            tags,
            row.picture_url or "",
        )
        self.entries.append(
            Entry(
                uid=f"{post_id}@codex",
                start=slot.utc,
                summary=f"{name}: {row.title}",
                description=f"{caption.text}\n\n{tags}".strip(),
                categories=(name, kind_name),
            )
        )

    def files(self, first: date) -> None:
        self.out.artifact("calendar.csv", "text/csv", self.table.chunks())
        stamp = datetime.combine(first, time.min, UTC)
        name = _("Posts from {day}").format(day=date_format(first, "j F Y"))
        self.out.artifact(
            "calendar.ics", "text/calendar", calendar(name, self.entries, stamp=stamp)
        )


class _Queue:
    """Products take turns: each is shown once before any is shown again."""

    def __init__(self, products: list[ProductRow]) -> None:
        self.waiting = list(products)

    def turn(self) -> Iterator[ProductRow]:
        for row in list(self.waiting):
            self.waiting.remove(row)
            self.waiting.append(row)
            yield row

    def drop(self, row: ProductRow) -> None:
        self.waiting.remove(row)


def effect(tally: Tally, inputs: CalendarInputs) -> str:
    days = sorted({slot.local.date() for slot, _row in tally.posts})
    names = [PLATFORMS[p.value] for p in inputs.platforms if tally.per_platform[p.value]]
    where = (
        names[0]
        if len(names) == 1
        else _("{many} and {last}").format(many=", ".join(names[:-1]), last=names[-1])
    )
    text = _("Schedules {posts} on {where} from {first} to {last}, about {products}.")
    if len(days) == 1:
        text = _("Schedules {posts} on {where} for {first}, about {products}.")
    return text.format(
        posts=count(len(tally.posts), "**{n} post**", "**{n} posts**"),
        where=where,
        first=date_format(days[0], "j F"),
        last=date_format(days[-1], "j F"),
        products=count(len(tally.products), "{n} product", "{n} products"),
    )


def metrics(tally: Tally, store: Any) -> list[Metric]:
    days = len({slot.local.date() for slot, _row in tally.posts})
    return [
        Metric("posts", _("Posts"), len(tally.posts), f"{len(tally.posts):,}"),
        Metric(
            "days", _("Days"), days, str(days), _("times are {zone}").format(zone=store.timezone)
        ),
        Metric("products", _("Products shown"), len(tally.products), f"{len(tally.products):,}"),
        Metric("platforms", _("Platforms"), len(tally.per_platform), str(len(tally.per_platform))),
    ]


def _warn(tally: Tally, products: list[ProductRow], wanted: int, out: PlanSink) -> None:
    if len(tally.posts) < wanted:
        text = _("Only {made} of {wanted} posts: there is no more to say about these products.")
        out.warn("fewer", text.format(made=len(tally.posts), wanted=wanted))
    elif len(tally.products) < len(tally.posts):
        out.warn("repeated", _("Some products are shown more than once, with other captions."))
    if tally.without_picture:
        out.warn("no_picture", _("No picture yet, so the post has none"), tally.without_picture)
