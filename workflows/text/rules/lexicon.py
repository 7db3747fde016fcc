"""What a language knows: words that state facts, what things are for, and sentences by tone.

Everything comes from the TOML files of ``workflows/text/rules/<language>/``; a second language is
a second folder.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LANGUAGES = ("en",)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing, with what is true of it because of what it is."""

    name: str
    hooks: tuple[str, ...]
    uses: tuple[str, ...]
    moments: tuple[str, ...]
    benefits: tuple[str, ...]
    people: tuple[str, ...]
    wording: bool = False
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Noun:
    kind: Kind
    singular: str
    plural: bool
    weak: bool
    mass: bool


@dataclass(frozen=True)
class Lexicon:
    kinds: Mapping[str, Kind]
    nouns: Mapping[tuple[str, ...], Noun]
    longest: int
    words: Mapping[str, Any]
    tones: Mapping[str, Mapping[str, Any]]
    captions: Mapping[str, Mapping[str, Any]]
    letters: Mapping[str, Mapping[str, Any]]
    facets: Mapping[tuple[str, ...], tuple[str, str]]
    modifiers: frozenset[str]
    common: frozenset[str]


@cache
def lexicon(language: str = "en") -> Lexicon:
    folder = HERE / (language if language in LANGUAGES else LANGUAGES[0])
    words = _toml(folder / "words.toml")
    entries = {}
    for file in sorted((folder / "kinds").glob("*.toml")):
        entries.update(_toml(file))
    tones = _toml(folder / "tones.toml")
    nouns = _nouns(entries, words)
    facets = _facets(words)
    modifiers = frozenset(key[0] for key in facets if len(key) == 1) | frozenset(words["effects"])
    return Lexicon(
        kinds={name: _kind(name, entry) for name, entry in entries.items()},
        nouns=nouns,
        longest=max(map(len, nouns)),
        words=words,
        tones=tones,
        captions=_toml(folder / "captions.toml"),
        letters=_toml(folder / "letters.toml"),
        facets=facets,
        modifiers=modifiers,
        common=frozenset(w for key in facets for w in key)
        | modifiers
        | frozenset(w for key in nouns for w in key)
        | _prose(entries, tones),
    )


def _toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _kind(name: str, entry: Mapping[str, Any]) -> Kind:
    texts = {key: tuple(entry[key]) for key in ("hooks", "uses", "moments", "benefits", "people")}
    needs = frozenset(entry.get("needs", ()))
    return Kind(name=name, wording=entry.get("wording", False), needs=needs, **texts)


def _nouns(
    entries: Mapping[str, Mapping[str, Any]], words: Mapping[str, Any]
) -> dict[tuple[str, ...], Noun]:
    found: dict[tuple[str, ...], Noun] = {}
    irregular, mass = words["irregular"], frozenset(words["mass"]["nouns"])
    for name, entry in entries.items():
        kind = _kind(name, entry)
        for weak, listed in ((False, entry["nouns"]), (True, entry.get("weak", ()))):
            for text in listed:
                # Plurals stand in the lists where they are irregular words of their own.
                is_plural = text not in mass and _looks_plural(text)
                found.setdefault(
                    tuple(text.split()), Noun(kind, text, is_plural, weak, text in mass)
                )
                if not is_plural and text not in mass:
                    plural = irregular.get(text) or plural_of(text, irregular)
                    found.setdefault(tuple(plural.split()), Noun(kind, text, True, weak, False))
    return found


def _looks_plural(text: str) -> bool:
    last = text.rsplit(maxsplit=1)[-1]
    return last.endswith("s") and not last.endswith(("ss", "us", "is")) and last not in _SINGULAR_S


_SINGULAR_S = frozenset({"canvas", "chess", "christmas", "bellows", "secateurs", "thermos"})


def plural_of(text: str, irregular: Mapping[str, str]) -> str:
    *rest, last = text.split()
    if last in irregular:
        last = irregular[last]
    elif last.endswith(("s", "x", "ch", "sh")):
        last += "es"
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        last = last[:-1] + "ies"
    else:
        last += "s"
    return " ".join([*rest, last])


def _facets(words: Mapping[str, Any]) -> dict[tuple[str, ...], tuple[str, str]]:
    """Words that state a fact → (which kind of fact, how to say it)."""
    order = ("quiet", "motifs", "scents", "styles", "sizes", "shapes", "materials", "colours")
    found = {tuple(text.split()): (name, text) for name in order for text in words[name]}
    found |= {tuple(k.split()): ("occasions", v) for k, v in words["occasions"].items()}
    return found


def _prose(entries: Mapping[str, Any], tones: Mapping[str, Any]) -> frozenset[str]:
    """Every lower-case word our own sentences use: common words, so never names."""
    return frozenset(word for text in _strings([entries, tones]) for word in _plain(text))


def _strings(node: Any) -> Iterable[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _strings(value)
    elif isinstance(node, list | tuple):
        for value in node:
            yield from _strings(value)


def _plain(text: str) -> Iterable[str]:
    cleaned = "".join(ch if ch.isalpha() or ch in "'-" else " " for ch in text)
    return (word for word in cleaned.split() if word == word.lower())
