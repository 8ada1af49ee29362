"""Ogg: pages with checksums and numbers, so that what is missing shows; and files joined to each other."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from persian_mir.audio.byte_spans import Span, content, find
from persian_mir.audio.layout import Layout

_FIRST, _LAST = 2, 4  # flags of a page
_FLAC_COUNTS = 17  # bytes before STREAMINFO, which count the metadata
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True, slots=True)
class _Page:
    start: int
    flags: int
    granule: bytes
    serial: bytes
    number: int
    lacing: bytes

    @property
    def body(self) -> Span:
        return self.start + 27 + len(self.lacing), self.start + 27 + len(self.lacing) + sum(self.lacing)


def layout(file: BinaryIO, base: int, _size: int, head: bytes) -> Layout | None:
    """The layout of the Ogg file that begins at `base`; its spans leave the comments out."""
    if head[:4] != b"OggS":
        return None
    reader = _Reader()
    at = base
    for page in _pages(file, base):
        reader.damaged = reader.damaged or page.start > at
        reader.take(file, page)
        at = page.body[1]
    tail = content(file, at, 4) == b"OggS"  # a page that is cut off or damaged
    return Layout(
        b"OggS",
        tuple(reader.spans),
        essence=b"".join(sorted(reader.ends.values())),
        misleads=reader.links > 1 or reader.damaged,
        damaged=reader.damaged,
        promised_s=reader.length_s() if reader.damaged else 0.0,
        cut=tail or not reader.ended,
    )


class _Reader:
    """What the pages tell, one after the other."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.ends: dict[bytes, bytes] = {}  # position of the last page, by stream
        self.links = 0
        self.damaged = self.ended = False
        self._numbers: dict[bytes, int] = {}
        self._headers: dict[bytes, _Headers] = {}  # of the streams that are still in theirs
        self._rates: dict[bytes, int] = {}
        self._heads = False

    def length_s(self) -> float:
        """Where the last page of sound says that it ends; 0 for files joined to each other."""
        ends = (
            int.from_bytes(self.ends[one], "little", signed=True) / rate for one, rate in self._rates.items() if rate
        )
        return max(0.0, *ends, 0.0) if self.links == 1 else 0.0

    def take(self, file: BinaryIO, page: _Page) -> None:
        """The next page."""
        start = page.body[0]
        if page.flags & _FIRST:
            self.links += not self._heads
            self._numbers[page.serial] = page.number
            head = content(file, start, 64)
            self._headers[page.serial] = _Headers(is_flac=head[:5] == b"\x7fFLAC")
            self._rates[page.serial] = _rate(head)
        self._heads = bool(page.flags & _FIRST)
        self.damaged = self.damaged or self._numbers.get(page.serial) != page.number
        self._numbers[page.serial] = page.number + 1 & 0xFFFFFFFF
        self.ends[page.serial] = page.granule
        self.ended = bool(page.flags & _LAST)
        headers = self._headers.get(page.serial)
        if headers is None:
            self._add(*page.body)
            return
        for span in headers.take(file, page):
            self._add(*span)
        if headers.over:
            del self._headers[page.serial]

    def _add(self, start: int, stop: int) -> None:
        if self.spans and self.spans[-1][1] == start:
            start = self.spans.pop()[0]
        if start < stop:
            self.spans.append((start, stop))


@dataclass(slots=True)
class _Headers:
    """The first packets of a stream. The second is the comments; in FLAC all metadata go with them."""

    is_flac: bool
    packet: int = 0  # the one that the next byte belongs to
    over: bool = False
    _fresh: bool = True
    _skipped: bool = False

    def take(self, file: BinaryIO, page: _Page) -> Iterator[Span]:
        """The pieces of the page that are no comments."""
        at = page.body[0]
        for lace in page.lacing:
            start, at = at, at + lace
            if self._fresh:
                frame = content(file, start, 1) == b"\xff"
                self.over = self.over or (self.packet > 0 and frame if self.is_flac else self.packet > 2)
                self._skipped = not self.over and (self.packet > 0 if self.is_flac else self.packet == 1)
            if not self._skipped:
                yield (start + _FLAC_COUNTS, at) if self.is_flac and self.packet == 0 else (start, at)
            self._fresh = lace < 255
            self.packet += self._fresh


def _rate(head: bytes) -> int:
    """Units a second of the positions of a stream, whose first packet begins so; 0 where it is not known."""
    if head[1:7] == b"vorbis":
        return int.from_bytes(head[12:16], "little")
    if head[:8] == b"OpusHead":
        return 48_000
    return int.from_bytes(head[27:30], "big") >> 4 if head[:5] == b"\x7fFLAC" else 0


def _pages(file: BinaryIO, at: int) -> Iterator[_Page]:
    """The pages whose checksum is right."""
    while (at := at if content(file, at, 4) == b"OggS" else find(file, b"OggS", at)) >= 0:
        head = content(file, at, 27)
        lacing = file.read(head[26]) if len(head) == 27 else b""
        if len(head) == 27 and len(lacing) == head[26] and head[4] == 0:
            body = file.read(sum(lacing))
            if len(body) == sum(lacing) and _checksum(head, lacing, body) == head[22:26]:
                number = int.from_bytes(head[18:22], "little")
                yield _Page(at, head[5], head[6:14], head[14:18], number, lacing)
                at += 27 + len(lacing) + len(body)
                continue
        at += 4


def _checksum(head: bytes, lacing: bytes, body: bytes) -> bytes:
    """Ogg's CRC-32 with its own field taken as zero: that of zlib, with every byte mirrored and other ends."""
    mirrored = (head[:22] + bytes(4) + head[26:] + lacing + body).translate(_MIRRORED)
    value = zlib.crc32(mirrored, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return value.to_bytes(4, "big").translate(_MIRRORED)
