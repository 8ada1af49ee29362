"""What takes a file back to how it was: the bytes that the new one lacks, and where in it the others lie.

Sound is the same in both, moved by the length of the tags, so the difference is about as small as the tags. In an Ogg
file also the number and the checksum of every page change.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

BLOCK = 1 << 20
SHORTEST = 64  # bytes in common that are worth telling of
MOST = 256 << 20  # bytes of difference; beyond that it is another file
Run = tuple[int, int]  # where in the new file (-1: among the literal bytes), and how many bytes


class DeltaError(ValueError):
    """Two files that have too little in common, or a difference that does not fit its file."""


def difference(old: BinaryIO, new: BinaryIO, shifts: Iterable[int]) -> bytes:
    """Return what makes `old` out of `new`. `shifts`: by how many bytes what both hold may have moved.

    It is right whatever the shifts; only its size depends on them. Raises DeltaError, OSError.
    """
    runs: list[Run] = []
    literal = bytearray()
    known = list(dict.fromkeys(shifts))
    old.seek(0)
    at = 0
    while block := old.read(BLOCK):
        for start, length, source in _runs(block, at, new, known):
            if source < 0:
                literal += block[start : start + length]
            _append(runs, source, length)
        if len(literal) > MOST:
            raise DeltaError("too little in common")
        at += len(block)
    table = np.array(runs, "<i8").reshape(-1, 2).tobytes()
    return zlib.compress(len(runs).to_bytes(8, "little") + table + literal)


def restored(new: BinaryIO, delta: bytes) -> Iterator[bytes]:
    """Yield the bytes of the old file, in order. Raises DeltaError, OSError."""
    try:
        raw = zlib.decompress(delta)
        count = int.from_bytes(raw[:8], "little")
        table = np.frombuffer(raw, "<i8", 2 * count, 8).reshape(-1, 2).tolist()
    except (zlib.error, ValueError) as error:
        raise DeltaError(str(error)) from error
    at = 8 + 16 * count
    for source, length in table:
        if source < 0:
            yield raw[at : at + length]
            at += length
            continue
        new.seek(source)
        left = length
        while left:
            part = new.read(min(left, BLOCK))
            if not part:
                raise DeltaError("the file is shorter than it was")
            left -= len(part)
            yield part


def hash_of(parts: Iterable[bytes]) -> str:
    """Return the BLAKE2b-128 of bytes, in hex: the hash by which files are known everywhere."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def blocks(file: BinaryIO) -> Iterator[bytes]:
    """Yield a whole file."""
    file.seek(0)
    while block := file.read(BLOCK):
        yield block


def _runs(block: bytes, at: int, new: BinaryIO, shifts: Iterable[int]) -> Iterator[tuple[int, int, int]]:
    """Yield start and length within `block`, which lies at `at` in the old file, and the place in the new one or -1."""
    source = np.full(len(block), -1, np.int64)  # of each byte
    ours = np.frombuffer(block, np.uint8)
    for shift in shifts:
        if not (source < 0).any():
            break
        same = _equal(ours, at + shift, new) & (source < 0)
        for start, stop in _stretches(same):
            if stop - start >= SHORTEST:
                source[start:stop] = np.arange(at + start + shift, at + stop + shift)
    step = np.diff(source)
    literal = source < 0
    cuts = np.flatnonzero((literal[1:] != literal[:-1]) | (~literal[1:] & (step != 1))) + 1
    bounds = [0, *cuts.tolist(), len(block)]
    for start, stop in pairwise(bounds):
        yield start, stop - start, int(source[start])


def _equal(ours: NDArray[np.uint8], at: int, new: BinaryIO) -> NDArray[np.bool_]:
    """Whether each byte is that of `new` from `at` on."""
    same = np.zeros(len(ours), bool)
    skip = max(0, -at)
    if skip >= len(ours):
        return same
    new.seek(at + skip)
    theirs = np.frombuffer(new.read(len(ours) - skip), np.uint8)
    same[skip : skip + len(theirs)] = ours[skip : skip + len(theirs)] == theirs
    return same


def _stretches(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return where flags are true, from and to."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _append(runs: list[Run], source: int, length: int) -> None:
    """Add a run, as part of the last one where it goes on."""
    if runs:
        last, before = runs[-1]
        if (source < 0 and last < 0) or (source >= 0 and last >= 0 and last + before == source):
            runs[-1] = (last, before + length)
            return
    runs.append((source, length))


def size_of(file: BinaryIO) -> int:
    """Return the length of an open file in bytes."""
    return os.fstat(file.fileno()).st_size
