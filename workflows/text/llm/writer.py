"""Texts from a model where it keeps to the facts; from the rules where it does not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from pydantic import BaseModel, ConfigDict, Field

from workflows.text.base import (
    WORD_RANGES,
    Brief,
    Caption,
    CaptionBrief,
    Facts,
    Length,
    TooFewFacts,
    Written,
)
from workflows.text.llm.checks import faults, short_faults
from workflows.text.llm.client import ChatClient, Misshapen, Unavailable
from workflows.text.llm.memory import Answers, Purse
from workflows.text.markup import count_words, escape, tidy
from workflows.text.markup import paragraphs as copy_paragraphs
from workflows.text.rules.features import feature_items
from workflows.text.rules.keywords import fitting_keywords
from workflows.text.rules.lexicon import Lexicon
from workflows.text.rules.reading import Reading, read
from workflows.text.rules.short import PLATFORM_LIMITS, copy_lines
from workflows.text.rules.writer import MIN_FACTS_OF_UNKNOWN_THINGS, RuleWriter

log = structlog.get_logger(__name__)
GIVE_UP_AFTER = 3
SHORTEST_META = 50
SAYS_ENOUGH = 12
LONGEST_CAPTION = 400

FACTS_ONLY = (
    "Use only the facts given: never state a colour, material, size, origin, quality or use that "
    "is not among them or plainly true of such a thing. No prices, no markup, no exclamation "
    "beyond the tone. British English. "
)
SYSTEM = (
    "You write product descriptions for a shop. " + FACTS_ONLY + "Answer with JSON: paragraphs, a "
    "list of one to three paragraphs of plain text."
)
SHORT = "You write short texts for a shop. " + FACTS_ONLY + "Answer with JSON: text, plain text."


class Description(BaseModel):
    model_config = ConfigDict(extra="forbid")

    paragraphs: list[str] = Field(min_length=1, max_length=3)


class ShortText(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=2_000)


Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(slots=True)
class Tally:
    """What the model did for this plan. ``reused`` were answered before, at no cost."""

    asked: int = 0
    reused: int = 0
    refused: int = 0
    failures: int = 0
    trouble: str = ""

    @property
    def written(self) -> int:
        return self.asked + self.reused


class LlmWriter(RuleWriter):
    """Falls back to the rules, text by text: when the model invents, fails, or costs too much."""

    def __init__(
        self, seed: str, language: str, client: ChatClient, answers: Answers, purse: Purse
    ) -> None:
        super().__init__(seed, language)
        self.client, self.answers, self.purse = client, answers, purse
        self.tally = Tally()
        self._in_a_row = 0

    def description(self, facts: Facts, brief: Brief) -> Written:
        reading = read(facts, self.lexicon)
        if not reading.known and reading.facts < MIN_FACTS_OF_UNKNOWN_THINGS:
            raise TooFewFacts("nothing in its data says what it is or what it is like")
        answer = self._text(
            _messages(facts, reading, brief, self.lexicon),
            Description,
            lambda found: faults(_spoken(found), facts, reading, brief, self.lexicon),
        )
        if answer is None:
            return super().description(facts, brief)
        texts = [tidy(text) for text in answer.paragraphs if tidy(text)]
        return _written(texts, reading, brief, self.lexicon)

    def caption(self, facts: Facts, brief: CaptionBrief) -> Caption:
        """The hashtags are ours; what is too little for the rules is too little for a model."""
        ours = super().caption(facts, brief)
        copy = copy_lines(brief.copy_blocks)
        end = f"\n\n{copy}" if copy else ""
        limit = PLATFORM_LIMITS.get(brief.platform, (500, 3))[0]
        room = limit - sum(len(tag) + 1 for tag in ours.hashtags) - len(end)
        asked = _caption_lines(brief, min(room, LONGEST_CAPTION))
        text = self._short(facts, asked, min(room, LONGEST_CAPTION))
        return ours if text is None else Caption(text + end, ours.hashtags)

    def meta_description(self, facts: Facts, *, limit: int = 155, copy: str = "") -> str:
        ours = super().meta_description(facts, limit=limit, copy=copy)
        if count_words(facts.text) >= SAYS_ENOUGH:
            return ours  # what people wrote on the page is shortened, not replaced
        room = limit - len(copy) - 1 if copy else limit
        asked = [
            "Write the description a search page shows under the product's title.",
            f"Between {SHORTEST_META} and {room} characters, one or two whole sentences.",
        ]
        text = self._short(facts, asked, room, least=SHORTEST_META)
        return ours if text is None else f"{text} {copy}".strip()

    # -- asking --------------------------------------------------------------------------------

    def _short(self, facts: Facts, asked: list[str], most: int, least: int = 1) -> str | None:
        reading = read(facts, self.lexicon)
        lines = [*asked, *_fact_lines(facts, reading, self.lexicon)]
        messages = [
            {"role": "system", "content": SHORT},
            {"role": "user", "content": "\n".join(lines)},
        ]
        answer = self._text(
            messages,
            ShortText,
            lambda found: short_faults(
                tidy(found.text), facts, reading, self.lexicon, least=least, most=most
            ),
        )
        return None if answer is None else tidy(answer.text)

    def _text(
        self,
        messages: list[dict[str, str]],
        shape: type[Shape],
        wrong_with: Callable[[Shape], list[str]],
    ) -> Shape | None:
        """A text answered before is used again, also when the month's tokens are spent."""
        key = self.answers.key({"model": self.client.endpoint.model, "messages": messages})
        known = self.answers.recall(key)
        if known is not None:
            self.tally.reused += 1
            return shape.model_validate(known)
        if not self._may_ask():
            return None
        found = self._ask(messages, shape, wrong_with)
        if found is not None:
            self.tally.asked += 1
            self._in_a_row = 0
            self.answers.keep(key, found.model_dump(mode="json"))
        return found

    def _may_ask(self) -> bool:
        endpoint = self.client.endpoint
        if self._in_a_row >= GIVE_UP_AFTER or self.tally.asked >= endpoint.texts_a_plan:
            return False
        if self.purse.spent() >= endpoint.monthly_tokens:
            self.tally.trouble = "spent"
            return False
        return True

    def _ask(
        self,
        messages: list[dict[str, str]],
        shape: type[Shape],
        wrong_with: Callable[[Shape], list[str]],
    ) -> Shape | None:
        """Asked twice at most: what is wrong with the first answer is said in the second."""
        asked: list[Any] = list(messages)
        for _attempt in range(2):
            try:
                answer, tokens = self.client.ask(asked, shape)
            except Unavailable as error:
                self._failed(error)
                return None
            wrong = wrong_with(answer)
            self.purse.spend(tokens, texts=int(not wrong))
            if not wrong:
                return answer
            asked += [
                {"role": "assistant", "content": answer.model_dump_json()},
                {"role": "user", "content": f"Not usable: {'; '.join(wrong[:5])}. Again, please."},
            ]
        self.tally.refused += 1
        return None

    def _failed(self, error: Unavailable) -> None:
        self.tally.failures += 1
        self.tally.trouble = "failed"
        self._in_a_row += 1
        if isinstance(error, Misshapen):
            self.purse.spend(error.tokens)
        log.warning("llm_unavailable", why=str(error), failures=self.tally.failures)


def _spoken(answer: Description) -> str:
    return " ".join(tidy(text) for text in answer.paragraphs)


def _messages(
    facts: Facts, reading: Reading, brief: Brief, lexicon: Lexicon
) -> list[dict[str, str]]:
    low, high = WORD_RANGES[brief.length]
    lines = [
        *_fact_lines(facts, reading, lexicon),
        f"Tone: {brief.tone.value.replace('_', ', ')}",
        f"Words: {low + 5} to {high - 5}",
        "" if brief.include_benefits else "Say what it is, not what it is good for.",
        _keyword_line(brief, reading, facts),
        *(f"Style only, copy nothing: {example[:600]}" for example in brief.examples[:2]),
    ]
    return [
        {"role": "system", "content": SYSTEM},
        {"role": "user", "content": "\n".join(line for line in lines if line)},
    ]


def _fact_lines(facts: Facts, reading: Reading, lexicon: Lexicon) -> list[str]:
    known = feature_items(reading, lexicon)
    lines = [
        f"Product: {reading.shown}",
        f"Type: {facts.product_type}" if facts.product_type else "",
        f"Facts: {'; '.join(known)}" if known else "",
        f"Old text: {' '.join(reading.kept)}" if reading.kept else "",
    ]
    return [line for line in lines if line]


def _caption_lines(brief: CaptionBrief, room: int) -> list[str]:
    kind = brief.content_type.replace("_", " ")
    lines = [
        f"Write a caption for {brief.platform}, of the kind: {kind}. No hashtags.",
        f"At most {room} characters.",
        f"Tone: {brief.tone.value.replace('_', ', ')}",
        f"Brand voice: {', '.join(brief.voice_words[:20])}" if brief.voice_words else "",
        f"Another wording, number {brief.variant + 1}" if brief.variant else "",
    ]
    return [line for line in lines if line]


def _keyword_line(brief: Brief, reading: Reading, facts: Facts) -> str:
    fitting = fitting_keywords(brief.keywords, reading, facts)[:2]
    return f"Use once each, naturally: {', '.join(fitting)}" if fitting else ""


def _written(texts: list[str], reading: Reading, brief: Brief, lexicon: Lexicon) -> Written:
    """We make the markup: a model's text is only ever text."""
    parts = [f"<p>{escape(text)}</p>" for text in texts]
    items = feature_items(reading, lexicon) if brief.include_features else []
    if len(items) > 1 and brief.length is not Length.SHORT:
        parts.insert(1, f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>")
    parts += copy_paragraphs(brief.copy_blocks)
    spoken = " ".join(texts).lower()
    used = tuple(keyword for keyword in brief.keywords if keyword.lower() in spoken)
    markup = "\n".join(parts)
    return Written(markup, count_words(markup), used)
