"""Matroska, MP4, AVI, ASF: whether the file ends before its own boxes say. Their sound is found by FFmpeg."""

from __future__ import annotations

from typing import BinaryIO

from persian_mir.audio.byte_spans import content
from persian_mir.audio.layout import Layout

_MOST_BOXES = 10_000
_BOXES = (b"mdat", b"moov", b"moof", b"free", b"skip", b"udta")
_ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
_ASF_FILE = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")


def layout(file: BinaryIO, base: int, size: int, head: bytes) -> Layout | None:
    """The layout of a file of one of these kinds, which says only whether it is cut off; None for another."""
    promised_s = 0.0
    if head[:4] == b"\x1a\x45\xdf\xa3":
        end = _matroska_end(file, base)
    elif head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
        end = _boxes_end(file, base, size)
    elif head[:4] == b"RIFF":
        end = base + 8 + int.from_bytes(head[4:8], "little")
    elif head[:16] == _ASF:
        end, promised_s = _asf_claims(file, base)
    else:
        return None
    return Layout(head[:4], promised_s=promised_s, cut=end > size)


def _matroska_end(file: BinaryIO, at: int) -> int:
    """The end of the segment; 0 where it is not stated."""
    for _element in range(16):
        file.seek(at)
        head = file.read(12)
        if len(head) < 12:
            return 0
        name = 8 - head[0].bit_length() + 1
        length = 8 - head[name].bit_length() + 1 if name < 9 and head[name] else 9
        if name > 4 or length > 8:
            return 0
        value = int.from_bytes(head[name : name + length], "big") & (1 << 7 * length) - 1
        if head[:4] == b"\x18\x53\x80\x67":
            return 0 if value == (1 << 7 * length) - 1 else at + name + length + value
        at += name + length + value
    return 0


def _boxes_end(file: BinaryIO, at: int, size: int) -> int:
    """The end of the last box that begins within the file."""
    for _box in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return at
        length = int.from_bytes(head[:4], "big")
        length = int.from_bytes(head[8:16], "big") if length == 1 else length or size - at
        if length < 8:
            return 0
        at += length
        if at > size and head[4:8] not in _BOXES:
            return 0  # bytes behind the file that are no box
        if at >= size:
            return at
    return 0


def _asf_claims(file: BinaryIO, at: int) -> tuple[int, float]:
    """Where the file ends and how many seconds it lasts, by its header; 0 where that was made without knowing it."""
    place = asf_properties(file, at)
    head = content(file, place, 92) if place is not None else b""
    if len(head) < 92 or head[88] & 1:
        return 0, 0.0
    size, ticks, early = (int.from_bytes(head[k : k + 8], "little") for k in (40, 64, 80))
    return at + size, max(0.0, ticks / 1e7 - early / 1e3)


def asf_properties(file: BinaryIO, at: int) -> int | None:
    """Where the object that tells of the whole file begins; tags may stand before it. None where there is none."""
    end = at + int.from_bytes(content(file, at + 16, 8), "little")
    at += 30
    for _object in range(_MOST_BOXES):
        head = content(file, at, 24)
        length = int.from_bytes(head[16:], "little")
        if len(head) < 24 or length < 24 or at >= end:
            return None
        if head[:16] == _ASF_FILE:
            return at
        at += length
    return None
