"""Stretches of a file read as if they were one file: sound without the tags and headers that lie in between."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

Span = tuple[int, int]  # from this byte up to that
_BLOCK_BYTES = 1 << 22


def content(file: BinaryIO, at: int, count: int) -> bytes:
    """`count` bytes from `at`, or as many as there are. Read, never mapped: a mapped file that shrinks is fatal."""
    file.seek(at)
    return file.read(count)


def find(file: BinaryIO, wanted: bytes, at: int) -> int:
    """The first place of `wanted` from `at` on; -1 where there is none."""
    file.seek(at)
    before = b""
    while block := file.read(_BLOCK_BYTES):
        near = before + block
        found = near.find(wanted)
        if found >= 0:
            return at - len(before) + found
        at += len(block)
        before = near[-len(wanted) + 1 :]
    return -1


class SplicedFile(io.RawIOBase):
    """`header`, then the bytes of `spans` of the file at `path`, one after the other; read only."""

    def __init__(self, path: Path, spans: Sequence[Span], header: bytes = b"") -> None:
        self._file = path.open("rb", buffering=0)
        self._header, self._spans, self._at = header, tuple(spans), 0
        self._size = len(header) + sum(stop - start for start, stop in spans)

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Bytes read so far."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place; those before the beginning are the beginning."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill `buffer`, over the borders of spans; less only at the end, or where the file has shrunk."""
        view, done = memoryview(buffer).cast("B"), 0
        while done < len(view):
            part = self._some(len(view) - done)
            if not part:
                break
            view[done : done + len(part)] = part
            done += len(part)
            self._at += len(part)
        return done

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
        super().close()

    def _some(self, count: int) -> bytes:
        """Up to `count` bytes from where it stands, out of one span."""
        if self._at < len(self._header):
            return self._header[self._at : self._at + count]
        at = self._at - len(self._header)
        for start, stop in self._spans:
            if at < stop - start:
                self._file.seek(start + at)
                return self._file.read(min(count, stop - start - at)) or b""
            at -= stop - start
        return b""
