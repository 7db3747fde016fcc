"""The facts of a product as a list: what its data states, and nothing else."""

from collections.abc import Mapping
from typing import Any

from workflows.text.rules.grammar import listed
from workflows.text.rules.lexicon import Lexicon, lexicon
from workflows.text.rules.reading import Reading
from workflows.text.rules.titles import first_upper, is_proper

MAX_VALUES = 6


def feature_items(reading: Reading, language: Lexicon) -> list[str]:
    labels = language.tones["labels"]
    items = [*reading.counts, *_chosen(reading)]
    named = {name.lower().replace("color", "colour") for name, _ in reading.options}
    for facet in ("colours", "materials"):
        values = reading.facets.get(facet, ())
        singular, plural = labels[facet[:-1]], labels[facet]
        if values and facet[:-1] not in named and facet not in named:
            items.append(f"{singular if len(values) == 1 else plural}: {listed(_nouns(values))}")
    items += _looks(reading, labels)
    sizes = [size for size in reading.details if (size.lower(),) in language.facets]
    if sizes and "size" not in named:
        items.append(f"{labels['size']}: {listed(tuple(sizes))}")
    items += [first_upper(text) for text in reading.details if text not in sizes]
    if reading.vendor:
        items.append(f"{labels['brand']} {reading.vendor}")
    return list(dict.fromkeys(items))


def _chosen(reading: Reading) -> list[str]:
    """ "Size: small, medium or large", or how many there are when they are too many to list."""
    found = []
    for name, values in reading.options:
        if len(values) == 1:
            found.append(f"{name}: {values[0]}")
        elif len(values) <= MAX_VALUES:
            found.append(f"{name}: {listed(values, 'or')}")
        else:
            found.append(f"{name}: {len(values)} to choose from")
    return found


def _nouns(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("wood" if value == "wooden" else value for value in values)


SCENTED = frozenset({"candle", "incense", "bath"})


def _looks(reading: Reading, labels: Mapping[str, Any]) -> list[str]:
    found = []
    scents = reading.facets.get("scents", ())
    if (
        scents
        and reading.kind.name in SCENTED
        and "scent" not in {n.lower() for n, _ in reading.options}
    ):
        found.append(f"{labels['scent' if len(scents) == 1 else 'scents']}: {listed(scents)}")
    if "“" in reading.name:
        return found
    told = f"{reading.thing} {' '.join(reading.details).lower()}"
    motifs = [m for m in reading.facets.get("motifs", ()) if m not in told]
    styles = [s for s in reading.facets.get("styles", ()) if s not in reading.thing]
    if motifs:
        found.append(f"{labels['design']}: {listed(tuple(map(_as_written, motifs[:3])))}")
    if styles:
        found.append(f"{labels['style']}: {listed(tuple(map(_as_written, styles[:2])))}")
    occasions = reading.facets.get("occasions", ())
    if occasions:
        found.append(f"{labels['occasion']}: {first_upper(listed(occasions))}")
    return found


def _as_written(text: str) -> str:
    words = lexicon().words
    return " ".join(first_upper(w) if is_proper(w, words) else w for w in text.split())
