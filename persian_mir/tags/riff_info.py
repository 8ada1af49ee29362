"""RIFF INFO, the tags that old and small programs read in a WAV file; mutagen knows the ID3 chunk only.

The format names no encoding: UTF-8 is written, as FFmpeg does, and Latin-1 read where a text is not that.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

from persian_mir.audio.chunks import chunks

LARGEST = 0xFFFFFFFF
MOST = 16 << 20  # bytes of a list of texts
Texts = dict[bytes, bytes]  # by chunk id, as they stand in the file


class InfoError(ValueError):
    """A WAV file whose chunks cannot be written."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the list is: its chunk's head at `at`, `length` bytes of content."""

    at: int
    length: int


def read_info(file: BinaryIO) -> Texts:
    """Return the texts by their ids; none where there is no list."""
    place = _find(file)
    if place is None:
        return {}
    found: Texts = {}
    end = place.at + 8 + place.length
    for name, at, length in chunks(file, place.at + 12, end, "little"):
        if at + length > end:
            break
        file.seek(at)
        found.setdefault(name, file.read(length))
    return found


def text_of(raw: bytes) -> str:
    """Return a text as people read it."""
    raw = raw.split(b"\0", 1)[0]
    try:
        return raw.decode().strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()


def write_info(file: BinaryIO, texts: Mapping[bytes, bytes]) -> None:
    """Put `texts` in the place of the list, or where they are too long for it at the end. Raises InfoError, OSError."""
    size = file.seek(0, os.SEEK_END)
    content = b"INFO" + b"".join(_chunk(name, raw) for name, raw in texts.items())
    place = _find(file)
    if place is not None and place.at + 8 + place.length + place.length % 2 >= size:
        size = file.truncate(place.at)  # it was the last: begin it anew
    elif place is not None and _fits(content, place.length):
        file.seek(place.at + 8)
        file.write(content + _filler(place.length - len(content)))
        return
    elif place is not None:
        file.seek(place.at)
        file.write(b"JUNK")
    if not texts:
        _write_size(file, size)
        return
    file.seek(size)
    file.write(b"\0" * (size % 2) + _chunk(b"LIST", content))
    _write_size(file, file.tell())


def _find(file: BinaryIO) -> _Place | None:
    size = file.seek(0, os.SEEK_END)
    for name, at, length in chunks(file, 12, size, "little"):
        if name == b"LIST" and 4 <= length <= min(MOST, size - at):
            file.seek(at)
            if file.read(4) == b"INFO":
                return _Place(at - 8, length)
    return None


def _chunk(name: bytes, raw: bytes) -> bytes:
    return name + len(raw).to_bytes(4, "little") + raw + b"\0" * (len(raw) % 2)


def _fits(content: bytes, length: int) -> bool:
    """Whether `content` fills `length` bytes, with an empty chunk behind it where some are left."""
    return len(content) == length or len(content) + 8 <= length


def _filler(left: int) -> bytes:
    return b"JUNK" + (left - 8).to_bytes(4, "little") + bytes(left - 8) if left else b""


def _write_size(file: BinaryIO, size: int) -> None:
    if size - 8 > LARGEST:
        raise InfoError("a WAV file of more than 4 GB")
    file.seek(4)
    file.write((size - 8).to_bytes(4, "little"))
