"""Plain text and safe HTML: escaping, reading back, counting words."""

import html
import re
import unicodedata
from collections.abc import Iterable
from html.parser import HTMLParser

ALLOWED = frozenset({"p", "ul", "li", "strong"})
_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+(?:[’'.&+/-][^\W_]+)*")
_BLOCKS = frozenset({"p", "div", "li", "br", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "ul", "ol"})
_SILENT = frozenset({"script", "style", "template", "noscript"})


def tidy(text: str) -> str:
    """One line of visible characters: no control, private-use or direction-changing ones."""
    if text.isprintable():
        return _SPACE.sub(" ", text).strip()
    kept = (" " if ch in "\t\r\n" else ch for ch in text if ch in "\t\r\n" or _shows(ch))
    return _SPACE.sub(" ", "".join(kept)).strip()


def _shows(ch: str) -> bool:
    if ch == "\u200d":  # joins emoji
        return True
    return unicodedata.category(ch) not in {"Cc", "Cf", "Co", "Cs", "Cn"}


def escape(text: str) -> str:
    """For text between tags; we never write attributes."""
    return html.escape(text, quote=False)


def paragraphs(blocks: Iterable[str]) -> list[str]:
    """Approved copy, word for word: each of its lines a paragraph of its own."""
    lines = (tidy(line) for block in blocks for line in block.splitlines())
    return [f"<p>{escape(line)}</p>" for line in lines if line]


def is_filler(markup: str) -> bool:
    """Whether somebody left the text of a theme where a description should be."""
    return "lorem ipsum" in markup.lower()


def words(text: str) -> list[str]:
    """The words of a plain text, as a reader would count them."""
    return _WORD.findall(text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self.silent:
            self.silent -= 1
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def visible_lines(markup: str) -> list[str]:
    """The text a reader of this HTML sees, one entry a block."""
    if "<" not in markup and "&" not in markup:
        return [line for line in map(tidy, markup.splitlines()) if line]
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return [line for line in map(tidy, "".join(reader.parts).split("\n")) if line]


def visible_text(markup: str) -> str:
    return " ".join(visible_lines(markup))


def count_words(markup: str) -> int:
    return len(words(visible_text(markup)))


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.faults.append(f"<{tag}> is not allowed")
        if attrs:
            self.faults.append(f"<{tag}> has attributes")
        if tag == "li" and (not self.open or self.open[-1] != "ul"):
            self.faults.append("<li> outside <ul>")
        if tag in {"p", "ul"} and self.open:
            self.faults.append(f"<{tag}> inside <{self.open[-1]}>")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if data.strip() and (not self.open or self.open[-1] == "ul"):
            self.faults.append("text outside a paragraph or list item")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults.append(f"<{tag}/> is not allowed")

    def handle_comment(self, data: str) -> None:
        self.faults.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.faults.append("declaration")


def faults(markup: str) -> list[str]:
    """Why this is not the plain, balanced HTML that we write; empty when it is."""
    checker = _Checker()
    checker.feed(markup)
    checker.close()
    return checker.faults + [f"<{tag}> is never closed" for tag in checker.open]
