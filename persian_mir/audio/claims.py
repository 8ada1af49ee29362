"""Headers that promise more than the file holds: a recording cut off while it was made, copied or downloaded."""

from __future__ import annotations

from pathlib import Path

_UNKNOWN = (0, 0xFFFFFFFF, 0x7FFFFFFF, 0xFFFFFFFFFFFFFFFF)  # written by recorders that could not know
_OGG_LAST = 4  # flag of a stream's last page


def claims_more(path: Path) -> bool:
    """Whether the outermost header of a WAV, RF64, AIFF or Ogg file speaks of bytes beyond its end."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(64)
        if head[:4] == b"OggS":
            file.seek(max(0, size - 65536 - 512))
            return not _ends_in_last_page(file.read())
    claim = _claim(head)
    return claim is not None and claim not in _UNKNOWN and claim + 8 > size + 1  # one byte of padding is often missing


def _claim(head: bytes) -> int | None:
    match head[:4]:
        case b"RIFF":
            return int.from_bytes(head[4:8], "little")
        case b"RIFX" | b"FORM":
            return int.from_bytes(head[4:8], "big")
        case b"RF64" if head[12:16] == b"ds64":
            return int.from_bytes(head[20:28], "little")
    return None


def _ends_in_last_page(tail: bytes) -> bool:
    at = tail.rfind(b"OggS")
    page = tail[at : at + 27]
    if at < 0 or len(page) < 27:
        return False
    lacing = tail[at + 27 : at + 27 + page[26]]
    return bool(page[5] & _OGG_LAST) and len(tail) >= at + 27 + page[26] + sum(lacing)
