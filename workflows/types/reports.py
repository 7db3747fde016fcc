"""Reports as one HTML file that reads well on a screen and on paper; nothing in it is fetched."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from workflows.text.markup import faults

LONG = 30
STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #1c1b18; max-width: 60rem; margin: 2rem auto;
  padding: 0 1.25rem; }
h1 { font: 600 1.9rem/1.2 Georgia, serif; margin: 0 0 .25rem; }
h2 { font: 600 1.25rem/1.3 Georgia, serif; margin: 2.25rem 0 .25rem; break-after: avoid; }
.effect { font: 1.15rem/1.45 Georgia, serif; margin: .5rem 0 1.25rem; }
.quiet { color: #5c5950; margin: 0 0 .75rem; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .75rem;
  margin: 1rem 0; }
dl div { border-top: 1px solid #cfcabd; padding-top: .4rem; }
dt { color: #5c5950; font-size: .85rem; }
dd { margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
thead { display: table-header-group; }
th, td { text-align: start; vertical-align: top; padding: .35rem .75rem .35rem 0;
  border-bottom: 1px solid #e2ddd0; overflow-wrap: break-word; }
th { color: #5c5950; font-weight: 500; white-space: nowrap; }
td.long { overflow-wrap: anywhere; }
td.n, th.n { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
tr { break-inside: avoid; }
td.n:not(:last-child), th.n:not(:last-child) { padding-inline-end: 1.5rem; }
.letter { border: 1px solid #e2ddd0; border-radius: 4px; padding: .5rem 1.25rem; max-width: 36rem;
  margin: .75rem 0; break-inside: avoid; }
footer { margin-top: 2.5rem; color: #5c5950; font-size: .85rem; }
@page { margin: 18mm 16mm; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 10.5pt; } }
"""


@dataclass(frozen=True, slots=True)
class Section:
    """``numeric`` are the places of columns that hold figures; ``more`` rows are not listed."""

    title: str
    intro: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    numeric: frozenset[int] = frozenset()
    more: str = ""
    letter: str = ""  # HTML of our own writing (p, ul, li, strong), shown as it is


@dataclass(slots=True)
class Report:
    title: str
    subtitle: str
    effect: str = ""
    figures: list[tuple[str, str]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    footer: str = ""
    language: str = "en"

    def chunks(self) -> Iterator[str]:
        title = escape(self.title)
        yield (
            f'<!doctype html>\n<html lang="{escape(self.language)}">\n<head>\n'
            '<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
            f'<h1>{title}</h1>\n<p class="quiet">{escape(self.subtitle)}</p>\n'
        )
        if self.effect:
            yield f'<p class="effect">{escape(self.effect.replace("**", ""))}</p>\n'
        if self.figures:
            yield f"<dl>{''.join(map(_figure, self.figures))}</dl>\n"
        for section in self.sections:
            yield from _section(section)
        yield f"<footer>{escape(self.footer)}</footer>\n</body>\n</html>\n"


def _figure(figure: tuple[str, str]) -> str:
    label, value = figure
    return f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>"


def _section(section: Section) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(section.title)}</h2>\n"
    if section.intro:
        yield f'<p class="quiet">{escape(section.intro)}</p>\n'
    if section.rows:
        yield f"<table>\n<thead><tr>{_cells('th', section.header, section.numeric)}</tr></thead>\n"
        yield "<tbody>\n"
        for row in section.rows:
            yield f"<tr>{_cells('td', row, section.numeric)}</tr>\n"
        yield "</tbody>\n</table>\n"
    if section.letter and not faults(section.letter):
        yield f'<div class="letter">{section.letter}</div>\n'
    if section.more:
        yield f'<p class="quiet">{escape(section.more)}</p>\n'
    yield "</section>\n"


def _cells(tag: str, cells: Iterable[object], numeric: frozenset[int]) -> str:
    return "".join(
        f"<{tag}{_class(str(cell), at in numeric)}>{escape(str(cell))}</{tag}>"
        for at, cell in enumerate(cells)
    )


def _class(text: str, is_number: bool) -> str:
    """Only what has no place to break may be broken anywhere: addresses, not words."""
    if is_number:
        return ' class="n"'
    return ' class="long"' if max(map(len, text.split()), default=0) > LONG else ""
