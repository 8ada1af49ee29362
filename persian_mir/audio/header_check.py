"""Headers that promise more than the file holds: a recording cut off while it was made, copied or downloaded."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Literal

_UNKNOWN = (0, 0xFFFFFFFF, 0x7FFFFFFF, 0xFFFFFFFFFFFFFFFF)  # written by recorders that could not know
_MOST_CHUNKS = 1000
_OGG_LAST = 4  # flag of a stream's last page
_OGG_LARGEST_PAGE = 65307


def claims_more(path: Path) -> bool:
    """Whether the header of a WAV, RF64, AIFF, W64, AU or Ogg file speaks of bytes beyond its end."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(36)
        if head[:4] == b"OggS":
            file.seek(max(0, size - _OGG_LARGEST_PAGE))
            return not _ends_in_last_page(file.read())
        return _claimed_end(file, head) > size


def _claimed_end(file: BinaryIO, head: bytes) -> int:
    """Where the sound would end by the header; 0 where it does not say."""
    match head[:4]:
        case b"RIFF":
            return _chunk_end(file, b"data", "little", 0)
        case b"RF64" if head[12:16] == b"ds64":
            return _chunk_end(file, b"data", "little", int.from_bytes(head[28:36], "little"))
        case b"RIFX":
            return _chunk_end(file, b"data", "big", 0)
        case b"FORM":
            return _chunk_end(file, b"SSND", "big", 0)
        case b"riff":
            return int.from_bytes(head[16:24], "little")
        case b".snd":
            length = int.from_bytes(head[8:12], "big")
            return 0 if length in _UNKNOWN else int.from_bytes(head[4:8], "big") + length
    return 0


def _chunk_end(file: BinaryIO, name: bytes, order: Literal["little", "big"], instead: int) -> int:
    """The end of the chunk called `name`; `instead` is its length where the chunk itself does not say."""
    at = 12
    for _chunk in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return 0
        length = int.from_bytes(head[4:], order)
        if head[:4] == name:
            length = instead if length in _UNKNOWN else length
            return 0 if length in _UNKNOWN else at + 8 + length
        at += 8 + length + length % 2
    return 0


def _ends_in_last_page(tail: bytes) -> bool:
    at = tail.rfind(b"OggS")
    page = tail[at : at + 27]
    if at < 0 or len(page) < 27:
        return False
    lacing = tail[at + 27 : at + 27 + page[26]]
    return bool(page[5] & _OGG_LAST) and len(tail) >= at + 27 + page[26] + sum(lacing)
