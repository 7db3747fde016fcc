"""The default writer: sentences from the lexicon, filled with what the product's data says."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from workflows.text.base import (
    WORD_RANGES,
    Brief,
    CampaignBrief,
    Caption,
    CaptionBrief,
    Facts,
    Length,
    Letter,
    TooFewFacts,
    Written,
)
from workflows.text.markup import count_words, escape, paragraphs, visible_text, words
from workflows.text.rules import letters, short
from workflows.text.rules.chance import Draw
from workflows.text.rules.features import feature_items
from workflows.text.rules.grammar import fill
from workflows.text.rules.keywords import fitting_keywords
from workflows.text.rules.lexicon import Kind, Lexicon, lexicon
from workflows.text.rules.reading import read
from workflows.text.rules.titles import first_upper, is_proper
from workflows.text.rules.voice import Voice, fillings, plain, runs, strong

SPREAD = 2
MIN_FACTS_OF_UNKNOWN_THINGS = 3


class RuleWriter:
    """Deterministic for its seed. Knows what this plan has already opened with."""

    def __init__(self, seed: str, language: str = "en") -> None:
        self.seed = seed
        self.lexicon: Lexicon = lexicon(language)
        self._fillings: dict[tuple[str, str], list[dict[str, str]]] = {}
        self._opened: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._used: Counter[tuple[str, str]] = Counter()

    # -- descriptions ---------------------------------------------------------------------------

    def description(self, facts: Facts, brief: Brief) -> Written:
        reading = read(facts, self.lexicon)
        if not reading.known and reading.facts < MIN_FACTS_OF_UNKNOWN_THINGS:
            raise TooFewFacts("nothing in its data says what it is or what it is like")
        banned = frozenset(run for text in brief.examples for run in runs(visible_text(text)))
        voice = Voice(reading, self.lexicon.tones[brief.tone], Draw(self.seed, facts.id), banned)
        return _Composer(self, voice, facts, brief).compose()

    # -- short texts -----------------------------------------------------------------------------

    def caption(self, facts: Facts, brief: CaptionBrief) -> Caption:
        return short.caption(facts, brief, self.seed, self.lexicon)

    def seo_title(self, facts: Facts, *, shop: str, limit: int = 60) -> str:
        return short.seo_title(facts, shop=shop, limit=limit, lexicon=self.lexicon)

    def meta_description(self, facts: Facts, *, limit: int = 155, copy: str = "") -> str:
        room = limit - len(copy) - 1 if copy else limit
        text = short.meta_description(facts, limit=room, seed=self.seed, lexicon=self.lexicon)
        return f"{text} {copy}".strip()

    def alt_text(self, facts: Facts, *, position: int = 1) -> str:
        return short.alt_text(facts, position=position, lexicon=self.lexicon)

    def letter(self, products: Sequence[Facts], brief: CampaignBrief) -> Letter:
        return letters.letter(products, brief, self.seed, self.lexicon)

    # ---------------------------------------------------------------------------------------------

    def opening(self, voice: Voice, brief: Brief) -> str:
        """An opening that no other product of this plan has, as long as there are any left."""
        templates: list[str] = voice.tone["openings"]
        least = min(self._used[brief.tone, template] for template in templates)
        order = voice.draw.order("opening", templates)
        # A sentence that stands above the others in this plan waits; the rest is the draw's.
        usual = [t for t in order if self._used[brief.tone, t] <= least + SPREAD]
        for template in [*usual, *order]:
            chosen = self._filling(template, voice, brief)
            if chosen is not None:
                self._used[brief.tone, template] += 1
                return voice.fill(template, chosen)
        raise TooFewFacts("nothing is left to say about things of its kind")

    def _filling(self, template: str, voice: Voice, brief: Brief) -> dict[str, str] | None:
        """The next way to fill it, from where the product's own draw says, that is still unused.

        So a product leaving the plan changes the texts of hardly any other.
        """
        kind = voice.reading.kind
        ways = self._ways(template, kind)
        used = self._opened[kind.name, template]
        if len(used) >= len(ways):
            used.clear()
        start = voice.draw.number(f"opening:{template}", len(ways))
        for step in range(len(ways)):
            at = (start + step) % len(ways)
            if at in used or voice.copies(fill(template, {**voice.slots, **ways[at]})):
                continue
            used.add(at)
            return ways[at]
        return None

    def _ways(self, template: str, kind: Kind) -> list[dict[str, str]]:
        key = (kind.name, template)
        if key not in self._fillings:
            self._fillings[key] = list(fillings(template, kind))
        return self._fillings[key]


class _Composer:
    """Puts one description together, section by section, until it has the length asked for."""

    def __init__(self, writer: RuleWriter, voice: Voice, facts: Facts, brief: Brief) -> None:
        self.writer, self.voice, self.facts, self.brief = writer, voice, facts, brief
        self.low, self.high = WORD_RANGES[brief.length]
        self.first: list[str] = []
        self.list: list[str] = []
        self.second: list[str] = []
        self.total = 0
        self.keywords: list[str] = []

    def compose(self) -> Written:
        self._take(self.first, self.writer.opening(self.voice, self.brief))
        if self.brief.include_features:
            self._features()
        self._keywords()
        for section, question in self._sections():
            if self.total >= self._aim():
                break
            self._add(section, question)
        self._close()
        if self.total < self.low:
            raise TooFewFacts(f"its data is not enough for a {self.brief.length} description")
        markup = self._markup()
        return Written(markup, count_words(markup), tuple(self.keywords))

    def _aim(self) -> int:
        """Leaves room for the last sentence, a little different for every product."""
        room = self.high - self.low
        return self.low + room // 4 + self.voice.draw.number("aim", max(1, room // 3))

    def _sections(self) -> list[tuple[str, str]]:
        benefits = ["benefits"] if self.brief.include_benefits else []
        if self.brief.length is Length.SHORT:
            order = [*benefits, "ways"]
        elif self.brief.length is Length.MEDIUM:
            order = ["ways", *benefits, "gifts", *benefits, "ways"]
        else:
            order = ["ways", *benefits * 2, "ways", "gifts", "band", *benefits * 2, "ways", "ways"]
        extra = [*benefits, "ways", "band", "gifts"]
        return [(name, f"{name}{at}") for at, name in enumerate([*order, *extra])]

    def _add(self, section: str, question: str) -> None:
        sentence = self._sentence(section, question)
        if sentence is None or self.total + len(words(plain(sentence))) > self.high:
            return
        target = self.first if section == "ways" and len(self.first) < 3 else self.second
        if self.brief.length is Length.SHORT:
            target = self.first
        self._take(target, sentence)

    def _sentence(self, section: str, question: str) -> str | None:
        voice = self.voice
        if section == "benefits":
            left = voice.phrases("benefits", "benefits")
            return voice.fill("{benefit}", {"benefit": left[0]}) if left else None
        if section == "band":
            return (
                voice.draw.one(question, voice.tone[self.facts.band]) if self._has_band() else None
            )
        return voice.sentence(section, question)

    def _has_band(self) -> bool:
        if self.facts.band not in self.voice.tone or "band" in self.voice.said:
            return False
        self.voice.said.add("band")
        return True

    def _features(self) -> None:
        items = feature_items(self.voice.reading, self.writer.lexicon)
        for item in items:
            size = len(words(item))
            if self.total + size <= self.high - 6:
                self.list.append(item)
                self.total += size

    def _keywords(self) -> None:
        """Each fitting keyword once: where the text has it already, it is not said again."""
        fitting = fitting_keywords(self.brief.keywords, self.voice.reading, self.facts)
        so_far = plain(" ".join([*self.first, *self.list])).lower()
        limit = {Length.SHORT: 1, Length.MEDIUM: 2, Length.LONG: 3}[self.brief.length]
        for keyword in fitting[:limit]:
            if keyword.lower() in so_far:
                self.keywords.append(keyword)
                continue
            sentence = self._keyword_sentence(keyword)
            if self.total + len(words(sentence)) <= self.high - 4:
                self._take(self.second, sentence)
                self.keywords.append(keyword)

    def _keyword_sentence(self, keyword: str) -> str:
        template = self.voice.draw.one(f"keyword:{len(self.keywords)}", self._keyword_templates())
        self.voice.said.add(template)
        verb = "are" if keyword.endswith("s") and not keyword.endswith("ss") else "is"
        shown = " ".join(
            first_upper(w) if is_proper(w.lower(), self.writer.lexicon.words) else w
            for w in keyword.split()
        )
        return fill(template, {**self.voice.slots, "keyword": shown, "kwis": verb})

    def _keyword_templates(self) -> list[str]:
        templates: list[str] = self.voice.tone["keywords"]
        return [t for t in templates if t not in self.voice.said] or templates

    def _close(self) -> None:
        closing = self.voice.sentence("closings", "closing")
        if closing and self.total + len(words(plain(closing))) <= self.high:
            self._take(self.second or self.first, closing)

    def _take(self, target: list[str], sentence: str) -> None:
        target.append(sentence)
        self.total += len(words(plain(sentence)))

    def _markup(self) -> str:
        found = [_paragraph(self.first, name_once=True)]
        kept = " ".join(escape(sentence) for sentence in self.voice.reading.kept)
        if kept:
            found.append(f"<p>{kept}</p>")
        if self.list:
            found.append(self._listed())
        if self.second:
            found.append(_paragraph(self._joined(self.second)))
        found += paragraphs(self.brief.copy_blocks)
        return "\n".join(found)

    def _wants_prose(self) -> bool:
        """Examples are hints of style: where they use no lists, neither do we."""
        examples = self.brief.examples
        return bool(examples) and not any(_has_list(text) for text in examples)

    def _joined(self, sentences: list[str]) -> list[str]:
        """Two sentences in a row about "it" become one, so that the text does not stutter."""
        subject = self.voice.slots["It"] + " "
        found: list[str] = []
        for sentence in sentences:
            before = found[-1] if found else ""
            if self._may_join(before, sentence, subject):
                rest = sentence[0].lower() + sentence[1:]
                found[-1] = f"{before.removesuffix('.')}, and {rest}"
            else:
                found.append(sentence)
        return found

    def _may_join(self, before: str, sentence: str, subject: str) -> bool:
        both = sentence.startswith(subject) and before.startswith(subject)
        if not both or ", and " in before or self.total >= self.high:
            return False
        self.total += 1
        return True

    def _listed(self) -> str:
        if self.brief.length is Length.SHORT or len(self.list) < 2 or self._wants_prose():
            return f"<p>{escape('; '.join(self.list).rstrip('.'))}.</p>"
        items = "".join(f"<li>{escape(item)}</li>" for item in self.list)
        return f"<ul>{items}</ul>"


def _has_list(text: str) -> bool:
    return "<li" in text or any(line.lstrip()[:1] in {"-", "•", "*"} for line in text.split("\n"))


def _paragraph(sentences: list[str], *, name_once: bool = False) -> str:
    text = strong(" ".join(sentences))
    if name_once and text.count("<strong>") > 1:
        head, rest = text.split("</strong>", 1)
        text = head + "</strong>" + rest.replace("<strong>", "").replace("</strong>", "")
    elif not name_once:
        text = text.replace("<strong>", "").replace("</strong>", "")
    return f"<p>{text}</p>"
