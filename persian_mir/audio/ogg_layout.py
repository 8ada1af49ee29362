"""Ogg: pages with checksums and numbers, so that what is missing shows; and files joined to each other."""

from __future__ import annotations

import mmap
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from persian_mir.audio.byte_spans import Span
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
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        at = base
        for page in _pages(whole, base):
            reader.damaged = reader.damaged or page.start > at
            reader.take(whole, page)
            at = page.body[1]
        tail = whole[at : at + 4] == b"OggS"  # a page that is cut off or damaged
    return Layout(
        b"OggS",
        tuple(reader.spans),
        essence=b"".join(sorted(reader.ends.values())),
        misleads=reader.links > 1 or reader.damaged,
        damaged=reader.damaged,
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
        self._heads = False

    def take(self, whole: mmap.mmap, page: _Page) -> None:
        """The next page."""
        start = page.body[0]
        if page.flags & _FIRST:
            self.links += not self._heads
            self._numbers[page.serial] = page.number
            self._headers[page.serial] = _Headers(is_flac=whole[start : start + 5] == b"\x7fFLAC")
        self._heads = bool(page.flags & _FIRST)
        self.damaged = self.damaged or self._numbers.get(page.serial) != page.number
        self._numbers[page.serial] = page.number + 1 & 0xFFFFFFFF
        self.ends[page.serial] = page.granule
        self.ended = bool(page.flags & _LAST)
        headers = self._headers.get(page.serial)
        if headers is None:
            self._add(*page.body)
            return
        for span in headers.take(whole, page):
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

    def take(self, whole: mmap.mmap, page: _Page) -> Iterator[Span]:
        """The pieces of the page that are no comments."""
        at = page.body[0]
        for lace in page.lacing:
            start, at = at, at + lace
            if self._fresh:
                frame = whole[start : start + 1] == b"\xff"
                self.over = self.over or (self.packet > 0 and frame if self.is_flac else self.packet > 2)
                self._skipped = not self.over and (self.packet > 0 if self.is_flac else self.packet == 1)
            if not self._skipped:
                yield (start + _FLAC_COUNTS, at) if self.is_flac and self.packet == 0 else (start, at)
            self._fresh = lace < 255
            self.packet += self._fresh


def _pages(whole: mmap.mmap, at: int) -> Iterator[_Page]:
    """The pages whose checksum is right."""
    while (at := whole.find(b"OggS", at)) >= 0:
        head = whole[at : at + 27]
        lacing = whole[at + 27 : at + 27 + head[26]] if len(head) == 27 else b""
        if len(head) == 27 and len(lacing) == head[26] and head[4] == 0:
            page = _Page(at, head[5], head[6:14], head[14:18], int.from_bytes(head[18:22], "little"), lacing)
            stop = page.body[1]
            if stop <= len(whole) and _checksum(whole[at:stop]) == head[22:26]:
                yield page
                at = stop
                continue
        at += 4


def _checksum(page: bytes) -> bytes:
    """Ogg's CRC-32 with its own field taken as zero: that of zlib, with every byte mirrored and other ends."""
    mirrored = (page[:22] + bytes(4) + page[26:]).translate(_MIRRORED)
    value = zlib.crc32(mirrored, 0xFFFFFFFF) ^ 0xFFFFFFFF
    return value.to_bytes(4, "big").translate(_MIRRORED)
