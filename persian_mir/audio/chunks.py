"""Chunks of RIFF and AIFF, and what lies behind the sound: more chunks, more samples, or neither."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio.byte_spans import content

UNKNOWN = (0, 0xFFFFFFFF, 0x7FFFFFFF, 0xFFFFFFFFFFFFFFFF)  # written by recorders that could not know
_MOST_CHUNKS = 1000
_TAIL_BYTES = 1024  # fewer behind the sound than this are padding, or a tag of an old kind
_LOOK_BYTES = 1 << 18
_LOUDEST_RMS = 0.5  # of bytes that are no samples it is 0.58; of music it is below 0.4

Order = Literal["little", "big"]


@dataclass(frozen=True, slots=True)
class Coding:
    """Plain samples: bytes of each, of a frame of all channels, and whether they are floats. `frame` 0: not plain."""

    order: Order
    width: int
    frame: int
    is_float: bool = False
    unsigned: bool = False


def sound_end(file: BinaryIO, start: int, stop: int, size: int, coding: Coding) -> int:
    """Where sound that is said to end at `stop` really ends.

    Chunks may follow it, or (the stated length being what remains of one over 4 GB) follow later; else samples do,
    or something that is none.
    """
    if stop >= size or follows(file, stop, size, coding.order):
        return stop
    for wrapped in range(stop + (1 << 32), size + 1, 1 << 32):
        if follows(file, wrapped, size, coding.order):
            return wrapped
    return size if goes_on(file, start, stop, size, coding) else stop


def unknown_tail(file: BinaryIO, stop: int, size: int) -> int:
    """Bytes behind the sound that are worth a word: not a tag, not a few zeros."""
    if size - stop < _TAIL_BYTES:
        return 0
    head = content(file, stop, 8)
    return 0 if head.startswith((b"ID3", b"TAG", b"APETAGEX")) else size - stop


def goes_on(file: BinaryIO, start: int, stop: int, size: int, coding: Coding) -> bool:
    """Whether what lies behind `stop` looks like samples: bytes that are none are as loud as noise can be."""
    if not coding.frame or size - stop < _TAIL_BYTES:
        return False
    at = whole_frames(start, stop, coding.frame)
    raw = content(file, at, min(_LOOK_BYTES, whole_frames(at, size, coding.frame) - at))
    values = _samples(raw, coding)
    return bool(np.isfinite(values).all() and np.sqrt(np.mean(np.square(values))) < _LOUDEST_RMS)


def _samples(raw: bytes, coding: Coding) -> NDArray[np.float64]:
    """Plain samples as float64, full scale 1; NaN where one is absurd."""
    raw = raw[: len(raw) // coding.width * coding.width]
    sign = "<" if coding.order == "little" else ">"
    if coding.is_float:
        with np.errstate(over="ignore", invalid="ignore"):
            values = np.frombuffer(raw, f"{sign}f{coding.width}").astype(np.float64)
        return np.where(np.abs(values) < 1e3, values, np.nan)
    if coding.width == 1:
        kind, middle = ("u1", 128) if coding.unsigned else ("i1", 0)
        return (np.frombuffer(raw, kind).astype(np.float64) - middle) / 128
    columns = np.frombuffer(raw, np.uint8).reshape(-1, coding.width)
    top = columns[:, ::-1] if coding.order == "little" else columns
    return np.ascontiguousarray(top[:, :2]).view(">i2")[:, 0] / 32768  # the upper two bytes are enough


def chunks(file: BinaryIO, at: int, size: int, order: Order) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and stated length of the chunks from `at` on."""
    for _chunk in range(_MOST_CHUNKS):
        head = content(file, at, 8)
        if len(head) < 8:
            return
        length = int.from_bytes(head[4:], order)
        yield head[:4], at + 8, length
        at = _next(file, at + 8 + length, size, order)


def _next(file: BinaryIO, stop: int, size: int, order: Order) -> int:
    """Where the chunk after one that ends at `stop` begins: at an even place, unless its writer forgot."""
    if stop % 2 and not _is_head(file, stop + 1, size, order) and _is_head(file, stop, size, order):
        return stop
    return stop + stop % 2


def _is_head(file: BinaryIO, at: int, size: int, order: Order) -> bool:
    head = content(file, at, 8)
    printable = len(head) == 8 and all(0x20 <= sign < 0x7F for sign in head[:4])
    return printable and int.from_bytes(head[4:], order) <= size - at - 8


def follows(file: BinaryIO, stop: int, size: int, order: Order) -> bool:
    """Whether nothing, or only chunks, fill the file from `stop` on."""
    at = _next(file, stop, size, order)
    for _chunk in range(_MOST_CHUNKS):
        if size - at < 8:
            return True
        if not _is_head(file, at, size, order):
            return False
        at = _next(file, at + 8 + int.from_bytes(content(file, at + 4, 4), order), size, order)
    return False


def whole_frames(start: int, stop: int, frame: int) -> int:
    """`stop`, or a little before it, so that whole frames lie between."""
    return stop - (stop - start) % frame if frame else stop
