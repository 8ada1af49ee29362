"""What a store holds of each recording, and whether that is still what was written."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float16]


@dataclass(frozen=True, slots=True, eq=False)
class StoredRecording:
    """A recording in the store: its file when it was added, and the passages of rows `first` and those after it."""

    content_hash: str
    path: Path
    rate: int
    first: int
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]
    sums: NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Which rows are whose: `first` and `count`, int64 [recordings], in the order of rows; `place` of each hash."""

    first: NDArray[np.int64]
    count: NDArray[np.int64]
    hashes: tuple[str, ...]
    place: Mapping[str, int]

    def of(self, row: int) -> str:
        """Return the content hash of the recording that a row is of."""
        return self.hashes[int(np.searchsorted(self.first, row, side="right")) - 1]


@dataclass(frozen=True, slots=True, eq=False)
class StoredVectors:
    """All `vectors` and whose they are, of one moment, and the name of the file that they are in."""

    file: str
    vectors: Vectors
    spans: Spans


def spans_of(told: Sequence[tuple[int, int, str]]) -> Spans:
    """Return the spans of rows of `first`, `count` and content hash, in the order of `first`."""
    numbers = np.array([one[:2] for one in told], np.int64).reshape(-1, 2)
    hashes = tuple(one[2] for one in told)
    return Spans(numbers[:, 0].copy(), numbers[:, 1].copy(), hashes, {one: k for k, one in enumerate(hashes)})


def checksums(vectors: Vectors) -> NDArray[np.uint32]:
    """Return the CRC-32 of each of `vectors` [n, width], uint32 [n]."""
    return np.array([zlib.crc32(vector.tobytes()) for vector in vectors], "<u4")


def sound(stored: StoredRecording, vectors: Vectors, row: int | None = None) -> bool:
    """Whether the vectors of a recording, a part of all `vectors`, are what was written; of `row` alone where given."""
    first, last = (stored.first, stored.first + len(stored.sums)) if row is None else (row, row + 1)
    return np.array_equal(checksums(vectors[first:last]), stored.sums[first - stored.first : last - stored.first])
