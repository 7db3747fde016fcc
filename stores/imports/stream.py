"""Bytes of an upload as lines of text: unpacked, decoded and held to the limits on the way."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from stores.imports.errors import Unreadable
from stores.imports.limits import DEFAULT, Limits

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
BLOCK = 1 << 18
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class Watched(io.RawIOBase):
    """Counts bytes, notices NULs and what is not UTF-8, and stops at the limit."""

    def __init__(self, source: BinaryIO, head: bytes, limits: Limits) -> None:
        self.source, self.waiting, self.limits = source, head, limits
        self.count = 0
        self.odd = False  # a NUL or bytes that are no text were seen: look at every row
        self.has_foreign = False
        self.checks_utf8 = True
        self._tail = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        block = self._next(len(buffer))
        buffer[: len(block)] = block
        return len(block)

    def _next(self, most: int) -> bytes:
        block = self.waiting[:most] or self.source.read(most)
        self.waiting = self.waiting[most:]
        self.count += len(block)
        if self.count > self.limits.unpacked:
            most_mib = self.limits.unpacked // (1024 * 1024)
            raise Unreadable(_("The file holds more than {most} MB.").format(most=most_mib))
        self.odd = self.odd or b"\0" in block
        if self.checks_utf8 and not (self.has_foreign or (block.isascii() and not self._tail)):
            self._check(block)
        return block

    def _check(self, block: bytes) -> None:
        whole = self._tail + block
        try:
            _text, used = codecs.utf_8_decode(whole, "strict", not block)
        except UnicodeDecodeError:
            self.odd = self.has_foreign = True
            used = len(whole)
        self._tail = whole[used:]


class Lines:
    """The lines of a file, each with its line end."""

    def __init__(self, file: BinaryIO, limits: Limits = DEFAULT) -> None:
        self.limits = limits
        self.number = 0
        unpacked, head = _unpacked(file)
        self.encoding, bom = _encoding(head)
        self.watched = Watched(unpacked, head[bom:], limits)
        self.watched.checks_utf8 = self.encoding == "utf-8"
        self._text = io.TextIOWrapper(
            io.BufferedReader(self.watched, BLOCK),
            encoding=self.encoding,
            errors="surrogateescape" if self.encoding == "utf-8" else "replace",
            newline="",
        )

    @property
    def bytes_read(self) -> int:
        return self.watched.count

    def __iter__(self) -> Iterator[str]:
        readline, most = self._text.readline, self.limits.line
        while True:
            try:
                line = readline(most)
            except EOFError as error:
                reason = _("The file ends in the middle: it was not sent or packed completely.")
                raise Unreadable(reason, self.number + 1) from error
            except (gzip.BadGzipFile, zlib.error) as error:
                reason = _("The packed file is damaged.")
                raise Unreadable(reason, self.number + 1) from error
            if not line:
                return
            self.number += 1
            if len(line) >= most:
                raise Unreadable(_("This line is too long to be a row."), self.number)
            yield line


def _unpacked(file: BinaryIO) -> tuple[BinaryIO, bytes]:
    """The stream behind gzip, if it is packed, and its first bytes."""
    head = _read(file, 4)
    if head.startswith(ZIP):
        raise Unreadable(_("This is a zip file. Unpack it and send the CSV inside."))
    if head.startswith(GZIP):
        packed: Any = gzip.GzipFile(fileobj=_Rejoined(head, file))
        return packed, _first_of_packed(packed)
    head += _read(file, BLOCK)
    if not head:
        raise Unreadable(_("The file is empty."))
    return file, head


def _first_of_packed(file: Any) -> bytes:
    try:
        head = _read(file, BLOCK)
    except EOFError as error:
        raise Unreadable(_("The packed file ends in the middle.")) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise Unreadable(_("The packed file is damaged.")) from error
    if head.startswith(GZIP):
        raise Unreadable(_("The file is packed twice."))
    return head


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were already taken."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self.head, self.rest = head, rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self.head:
            taken, self.head = self.head, b""
            return taken if size < 0 or size >= len(taken) else self._split(taken, size)
        return self.rest.read(size)

    def _split(self, taken: bytes, size: int) -> bytes:
        self.head = taken[size:]
        return taken[:size]


def _read(file: BinaryIO, size: int) -> bytes:
    """``size`` bytes unless the file ends before: a stream may hand out less at a time."""
    parts, wanted = [], size
    while wanted > 0 and (part := file.read(wanted)):
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)


def _encoding(head: bytes) -> tuple[str, int]:
    """The encoding and the length of its mark.

    Without a mark it is UTF-8, or, where the beginning is not, the encoding of Windows: what
    spreadsheets of Western Europe write. Bytes that turn up later and are not UTF-8 refuse
    their row.
    """
    for bom, name in BOMS:
        if head.startswith(bom):
            return name, len(bom)
    try:
        codecs.utf_8_decode(head, "strict", False)
    except UnicodeDecodeError:
        return "cp1252", 0
    return "utf-8", 0
