"""What a browser without script sends for a form, read from its HTML: names, values, newlines."""

import re
from html.parser import HTMLParser

SKIPPED = {"submit", "button", "reset", "image", "file"}


class Sent(HTMLParser):
    """``Sent.of(html)`` → lists by name, as the form data set of the HTML standard has them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.values: dict[str, list[str]] = {}
        self.area: str | None = None
        self.written = ""
        self.select: tuple[str, list[str], list[str]] | None = None
        self.inert = 0

    @classmethod
    def of(cls, html: str) -> dict[str, list[str]]:
        parser = cls()
        parser.feed(re.sub(r"\r\n?", "\n", html))
        parser.close()
        return parser.values

    def handle_starttag(self, tag, pairs):
        attrs = dict(pairs)
        if tag == "template":
            self.inert += 1
        if self.inert or "disabled" in attrs:
            return
        if tag == "textarea":
            self.area, self.written = attrs.get("name"), ""
        elif tag == "select":
            self.select = (attrs["name"], [], [])
        elif tag == "option" and self.select:
            self.select[2].append(attrs.get("value", ""))
            if "selected" in attrs:
                self.select[1].append(attrs.get("value", ""))
        elif tag == "input" and attrs.get("name"):
            self._input(attrs)

    def handle_endtag(self, tag):
        if tag == "template":
            self.inert -= 1
        elif tag == "textarea" and self.area is not None:
            self._send(self.area, self.written.removeprefix("\n"))
            self.area = None
        elif tag == "select" and self.select:
            name, chosen, offered = self.select
            self._send(name, (chosen or offered or [""])[0])
            self.select = None

    def handle_data(self, data):
        if self.area is not None:
            self.written += data

    def _input(self, attrs):
        kind = attrs.get("type", "text")
        if kind in SKIPPED or (kind in ("checkbox", "radio") and "checked" not in attrs):
            return
        value = attrs.get("value") or ""
        if kind not in ("hidden", "checkbox", "radio"):
            value = value.replace("\n", "").replace("\r", "")
        self._send(attrs["name"], value)

    def _send(self, name, value):
        self.values.setdefault(name, []).append(re.sub(r"\r\n|\r|\n", "\r\n", value))
