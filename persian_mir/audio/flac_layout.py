"""FLAC: its frames, without the metadata; files joined to each other; and where the last frame really ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from persian_mir.audio.byte_spans import Span, content, find
from persian_mir.audio.layout import Layout
from persian_mir.audio.mpeg_layout import before_tags

_MARKS = (b"fLaC\0\0\0\x22", b"fLaC\x80\0\0\x22")  # begin with STREAMINFO, which is 34 bytes long
_TAIL_BYTES = 1 << 21  # within which the last frame begins, however large it is
_SHORTEST_FRAME = 10  # bytes: header, one constant subframe, checksums
_MOST_PARTS = 10_000
BLOCK_BYTES = 1 << 22
LONGEST_HEADER = 17  # bytes
_BLOCKS = {1: 192, 2: 576, 3: 1152, 4: 2304, 5: 4608, **{code: 256 << code - 8 for code in range(8, 16)}}


def _crc8_of(value: int) -> int:
    for _bit in range(8):
        value = value << 1 ^ (0x107 if value & 0x80 else 0)
    return value


_CRC8 = bytes(map(_crc8_of, range(256)))  # of each byte, by the polynomial that FLAC names


def layout(file: BinaryIO, base: int, size: int, head: bytes) -> Layout | None:
    """The layout of the FLAC file that begins at `base`; several of them may be joined."""
    if head[:8] not in _MARKS:
        return None
    starts = [base]
    while len(starts) < _MOST_PARTS and (found := find(file, _MARKS[0], starts[-1] + 8)) >= 0:
        starts.append(found)
    parts = tuple(zip(starts, [*starts[1:], before_tags(file, base, size)], strict=True))
    streams = [_Stream(file, *part) for part in parts]
    return Layout(
        b"fLaC",
        tuple(one.frames for one in streams if one.frames[0] < one.frames[1]),
        parts if len(parts) > 1 else (),
        essence=b"".join(one.form for one in streams),
        promised_s=sum(one.total / max(1, one.rate) for one in streams),
        most_frames=max(one.most for one in streams),
        misleads=len(parts) > 1 or any(one.end not in (0, one.total) or one.jumps(file) for one in streams),
    )


class _Stream:
    """What is to be known of one of the joined files."""

    def __init__(self, file: BinaryIO, start: int, stop: int) -> None:
        info = content(file, start + 8, 34).ljust(34, b"\0")
        self.block = int.from_bytes(info[2:4], "big")
        self.fixed = info[0:2] == info[2:4]
        self.form = info[10:13] + bytes([info[13] & 0xF0])  # rate, channels, bits
        self.bits = (int.from_bytes(info[12:14], "big") >> 4 & 31) + 1
        self.rate = int.from_bytes(info[10:13], "big") >> 4
        self.total = int.from_bytes(info[13:18], "big") & (1 << 36) - 1
        self.frames: Span = (_after_metadata(file, start, stop), stop)
        self.most = (stop - start) // _SHORTEST_FRAME * self.block
        self.end = self._end(file)

    def jumps(self, file: BinaryIO) -> bool:
        """Whether whole frames are missing between others: decoders put silence there, and say nothing."""
        expected, apart = -1, -1  # the next frame's first sample; that after a frame which is not the expected one
        for head in self._heads(file):
            first, after = self._frame(head)
            if first < 0:
                continue
            if apart == first > expected >= 0:
                return True  # two frames that follow each other: none of them is sound that looks like a header
            expected, apart = (expected, after) if first != expected >= 0 else (after, -1)
        return 0 <= expected < apart == self.total

    def _heads(self, file: BinaryIO) -> Iterator[bytes]:
        """What may be a frame's header, in order."""
        at, stop = self.frames
        sync = content(file, at, 2)
        while at < stop:
            block = content(file, at, min(BLOCK_BYTES, stop - at))
            found = block.find(sync)
            while 0 <= found < len(block) - LONGEST_HEADER:
                yield block[found : found + LONGEST_HEADER]
                found = block.find(sync, found + 2)
            at += max(1, len(block) - LONGEST_HEADER)

    def _end(self, file: BinaryIO) -> int:
        """Where the last frame ends, in samples; 0 where none is found."""
        first, stop = self.frames
        tail = content(file, max(first, stop - _TAIL_BYTES), stop - max(first, stop - _TAIL_BYTES))
        at = len(tail)
        while (at := tail.rfind(b"\xff", 0, at)) >= 0:
            if (end := self._frame(tail[at : at + LONGEST_HEADER])[1]) > 0:
                return end
        return 0

    def _frame(self, head: bytes) -> tuple[int, int]:
        """The first sample of the frame that begins so, and the one after it; -1 where none does."""
        none = -1, -1
        if len(head) < 6 or head[1] & 0xFE != 0xF8 or head[3] & 1 or head[3] >> 4 > 10 or head[2] & 15 == 15:
            return none
        bits = (self.bits, 8, 12, 0, 16, 20, 24, 32)[head[3] >> 1 & 7]
        number, at = _utf8(head, 4)
        code = head[2] >> 4
        extra = {6: 1, 7: 2}.get(code, 0)
        block = int.from_bytes(head[at : at + extra], "big") + 1 if extra else _BLOCKS.get(code, 0)
        at += extra + {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
        if number < 0 or bits != self.bits or not 0 < block <= self.block or _crc8(head[:at]) != head[at : at + 1]:
            return none
        first = number if head[1] & 1 else number * self.block
        return first, first + block


def _after_metadata(file: BinaryIO, start: int, stop: int) -> int:
    at, last = start + 4, False
    while not last and at + 4 <= stop:
        head = content(file, at, 4)
        last = len(head) < 4 or bool(head[0] & 0x80)
        at += 4 + int.from_bytes(head[1:], "big")
    return min(at, stop)


def _utf8(head: bytes, at: int) -> tuple[int, int]:
    """The number at `at`, coded as UTF-8 is, and the place after it; -1 for none."""
    first = head[at]
    length = next((bits for bits in range(8) if not first & 0x80 >> bits), 8)
    if length == 0:
        return first, at + 1
    rest = head[at + 1 : at + length]
    if length in (1, 8) or len(rest) < length - 1 or any(part & 0xC0 != 0x80 for part in rest):
        return -1, at
    number = first & 0x7F >> length
    for part in rest:
        number = number << 6 | part & 0x3F
    return number, at + length


def _crc8(head: bytes) -> bytes:
    value = 0
    for part in head:
        value = _CRC8[value ^ part]
    return bytes([value])
