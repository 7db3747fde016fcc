"""Descriptions from a model where it keeps to the facts; from the rules where it does not."""

import structlog
from pydantic import BaseModel, ConfigDict, Field

from workflows.text.base import WORD_RANGES, Brief, Facts, Length, TooFewFacts, Written
from workflows.text.llm.checks import faults
from workflows.text.llm.client import ChatClient, Unavailable
from workflows.text.llm.memory import Memory
from workflows.text.markup import count_words, escape, tidy
from workflows.text.markup import paragraphs as copy_paragraphs
from workflows.text.rules.features import feature_items
from workflows.text.rules.keywords import fitting_keywords
from workflows.text.rules.lexicon import Lexicon
from workflows.text.rules.reading import Reading, read
from workflows.text.rules.writer import MIN_FACTS_OF_UNKNOWN_THINGS, RuleWriter

log = structlog.get_logger(__name__)
GIVE_UP_AFTER = 3

SYSTEM = (
    "You write product descriptions for a shop. Use only the facts given: never state a colour, "
    "material, size, origin, quality or use that is not among them or plainly true of such a "
    "thing. No prices, no markup, no exclamation beyond the tone. British English. "
    "Answer with JSON: paragraphs, a list of one to three paragraphs of plain text."
)


class Description(BaseModel):
    model_config = ConfigDict(extra="forbid")

    paragraphs: list[str] = Field(min_length=1, max_length=3)


class LlmWriter(RuleWriter):
    """Falls back to the rules, text by text: when the model invents, fails, or costs too much."""

    def __init__(self, seed: str, language: str, client: ChatClient, memory: Memory) -> None:
        super().__init__(seed, language)
        self.client, self.memory = client, memory
        self.written = self.failures = 0

    def description(self, facts: Facts, brief: Brief) -> Written:
        reading = read(facts, self.lexicon)
        if not reading.known and reading.facts < MIN_FACTS_OF_UNKNOWN_THINGS:
            raise TooFewFacts("nothing in its data says what it is or what it is like")
        paragraphs = self._paragraphs(facts, reading, brief) if self._may_ask() else None
        if paragraphs is None:
            return super().description(facts, brief)
        return _written(paragraphs, reading, brief, self.lexicon)

    def _may_ask(self) -> bool:
        endpoint = self.client.endpoint
        return (
            self.failures < GIVE_UP_AFTER
            and self.written < endpoint.texts_a_plan
            and self.memory.spent < endpoint.monthly_tokens
        )

    def _paragraphs(self, facts: Facts, reading: Reading, brief: Brief) -> list[str] | None:
        messages = _messages(facts, reading, brief, self.lexicon)
        key = self.memory.key({"model": self.client.endpoint.model, "messages": messages})
        known = self.memory.recall(key)
        if known is not None:
            return known
        found = self._ask(messages, facts, reading, brief)
        if found is not None:
            self.memory.keep(key, found)
        return found

    def _ask(
        self, messages: list[dict[str, str]], facts: Facts, reading: Reading, brief: Brief
    ) -> list[str] | None:
        """Asked twice at most: what is wrong with the first answer is said in the second."""
        asked = list(messages)
        for _attempt in range(2):
            try:
                answer, tokens = self.client.ask(asked, Description)
            except Unavailable as error:
                self.failures += 1
                log.warning("llm_unavailable", why=str(error), failures=self.failures)
                return None
            self.memory.spend(tokens)
            paragraphs = [tidy(text) for text in answer.paragraphs if tidy(text)]
            wrong = faults(" ".join(paragraphs), facts, reading, brief, self.lexicon)
            if paragraphs and not wrong:
                self.written += 1
                self.failures = 0
                return paragraphs
            asked += [
                {"role": "assistant", "content": answer.model_dump_json()},
                {"role": "user", "content": f"Not usable: {'; '.join(wrong[:5])}. Again, please."},
            ]
        log.info("llm_text_refused", product=facts.id)
        return None


def _messages(
    facts: Facts, reading: Reading, brief: Brief, lexicon: Lexicon
) -> list[dict[str, str]]:
    low, high = WORD_RANGES[brief.length]
    known = feature_items(reading, lexicon)
    lines = [
        f"Product: {reading.shown}",
        f"Type: {facts.product_type}" if facts.product_type else "",
        f"Facts: {'; '.join(known)}" if known else "",
        f"Old text: {' '.join(reading.kept)}" if reading.kept else "",
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


def _keyword_line(brief: Brief, reading: Reading, facts: Facts) -> str:
    fitting = fitting_keywords(brief.keywords, reading, facts)[:2]
    return f"Use once each, naturally: {', '.join(fitting)}" if fitting else ""


def _written(paragraphs: list[str], reading: Reading, brief: Brief, lexicon: Lexicon) -> Written:
    """We make the markup: a model's text is only ever text."""
    parts = [f"<p>{escape(text)}</p>" for text in paragraphs]
    items = feature_items(reading, lexicon) if brief.include_features else []
    if len(items) > 1 and brief.length is not Length.SHORT:
        parts.insert(1, f"<ul>{''.join(f'<li>{escape(item)}</li>' for item in items)}</ul>")
    parts += copy_paragraphs(brief.copy_blocks)
    spoken = " ".join(paragraphs).lower()
    used = tuple(keyword for keyword in brief.keywords if keyword.lower() in spoken)
    markup = "\n".join(parts)
    return Written(markup, count_words(markup), used)
