"""FLAC: its frames, without the metadata; files joined to each other; and where the last frame really ends."""

from __future__ import annotations

from typing import BinaryIO

from persian_mir.audio.byte_spans import Span, content, find
from persian_mir.audio.layout import Layout
from persian_mir.audio.mpeg_layout import before_tags

_MARKS = (b"fLaC\0\0\0\x22", b"fLaC\x80\0\0\x22")  # begin with STREAMINFO, which is 34 bytes long
_TAIL_BYTES = 1 << 21  # within which the last frame begins, however large it is
_SHORTEST_FRAME = 10  # bytes: header, one constant subframe, checksums
_MOST_PARTS = 10_000
_BLOCKS = {1: 192, 2: 576, 3: 1152, 4: 2304, 5: 4608, **{code: 256 << code - 8 for code in range(8, 16)}}


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
        misleads=len(parts) > 1 or any(one.end not in (0, one.total) for one in streams),
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

    def _end(self, file: BinaryIO) -> int:
        """Where the last frame ends, in samples; 0 where none is found."""
        first, stop = self.frames
        tail = content(file, max(first, stop - _TAIL_BYTES), stop - max(first, stop - _TAIL_BYTES))
        at = len(tail)
        while (at := tail.rfind(b"\xff", 0, at)) >= 0:
            if end := self._frame_end(tail[at : at + 17]):
                return end
        return 0

    def _frame_end(self, head: bytes) -> int:
        """The sample after the frame that begins so; 0 where none does."""
        if len(head) < 6 or head[1] & 0xFE != 0xF8 or head[3] & 1 or head[3] >> 4 > 10 or head[2] & 15 == 15:
            return 0
        bits = (self.bits, 8, 12, 0, 16, 20, 24, 32)[head[3] >> 1 & 7]
        number, at = _utf8(head, 4)
        code = head[2] >> 4
        extra = {6: 1, 7: 2}.get(code, 0)
        block = int.from_bytes(head[at : at + extra], "big") + 1 if extra else _BLOCKS.get(code, 0)
        at += extra + {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
        if number < 0 or bits != self.bits or not 0 < block <= self.block or _crc8(head[:at]) != head[at : at + 1]:
            return 0
        return (number if head[1] & 1 else number * self.block) + block


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
        value ^= part
        for _bit in range(8):
            value = (value << 1 ^ 7) & 0xFF if value & 0x80 else value << 1
    return bytes([value])
