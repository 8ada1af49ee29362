"""The index: which passages are nearest to a vector. Codes are scanned, the best of them compared exactly."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from persian_mir.app_paths import data_dir
from persian_mir.progress import SILENT, Progress
from persian_mir.similarity.code_files import CodeFiles
from persian_mir.similarity.codes import Halves, Rows, prepared, scan, statistics
from persian_mir.similarity.space import Floats, Space
from persian_mir.similarity.store import VectorStore
from persian_mir.similarity.stored import Spans, StoredRecording, StoredVectors, sound

RERANK = 500  # of the scan, compared exactly; more where many are asked for, since some will overlap


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples `start` up to `stop` of a recording."""

    content_hash: str
    start: int
    stop: int

    def overlaps(self, other: Stretch) -> bool:
        """Whether both share sound."""
        return self.content_hash == other.content_hash and self.start < other.stop and other.start < self.stop


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A passage that sounds like the one asked for, of a recording of `rate` Hz that was last seen at `file`.

    `similarity`: cosine, 1 for the same. `transposed_cents`: how much higher it lies, -600 up to 600, octaves aside; 0
    where pitch is not what is compared.
    """

    file: Path
    rate: int
    stretch: Stretch
    similarity: float
    transposed_cents: float

    @property
    def start_s(self) -> float:
        """Where it begins, in seconds."""
        return self.stretch.start / self.rate

    @property
    def stop_s(self) -> float:
        """Where it ends, in seconds."""
        return self.stretch.stop / self.rate


class SimilarityIndex:
    """The passages of one space, in a folder of their own. One object a thread; several programs may add."""

    def __init__(self, space: Space, folder: Path | None = None) -> None:
        """Open the index of `space` below `folder`, by default the user's. Raises PersianMirError."""
        self.space = space
        self.store = VectorStore((folder or data_dir() / "similarity") / space.folder, space.width)
        self._codes = CodeFiles(self.store.folder, space)

    def close(self) -> None:
        """Let the files go."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def encode(self, progress: Progress = SILENT) -> None:
        """Bring the codes up to date where many rows have none: else the next search does so."""
        self._codes.extend(self.store.held(), progress)

    def search(
        self,
        vector: Floats | Halves,
        limit: int,
        among: Collection[str] | None = None,
        without: Collection[str] = (),
        apart_from: Stretch | None = None,
    ) -> tuple[Neighbour, ...]:
        """Return up to `limit` passages, the nearest to `vector` [width] first; of those that overlap the nearest.

        `among`, `without`: content hashes of the recordings that may be found, and of those that may not; what
        overlaps `apart_from` is left out. A recording of which a vector turns out to be damaged is left out too, and
        forgotten until it is added again.
        """
        held = self.store.held()
        spans, allowed = held.spans, _allowed(len(held.vectors), held.spans, among, without)
        rows, similarity, steps = self._compare(vector, held, allowed, max(RERANK, 10 * limit))
        taken: dict[str, list[Stretch]] = {} if apart_from is None else {apart_from.content_hash: [apart_from]}
        known: dict[str, StoredRecording | None] = {}
        found: list[Neighbour] = []
        for k in np.argsort(-similarity, kind="stable").tolist():
            if len(found) == limit:
                break
            row = int(rows[k])
            content_hash = spans.of(row)
            if content_hash not in known:
                known[content_hash] = self.store.recording(content_hash)
                if self.store.file != held.file:  # compacted meanwhile: its rows are others now
                    return self.search(vector, limit, among, without, apart_from)
            stored = known[content_hash]
            if stored is not None and not sound(stored, held.vectors, row):
                self.store.remove([content_hash])
                stored = known[content_hash] = None
            if stored is None:
                continue
            stretch = _stretch(stored, row)
            mine = taken.setdefault(content_hash, [])
            if not any(stretch.overlaps(other) for other in mine):
                mine.append(stretch)
                cents = self.space.cents(int(steps[k]))
                found.append(Neighbour(stored.path, stored.rate, stretch, float(similarity[k]), cents))
        return tuple(found)

    def _compare(
        self, vector: Floats | Halves, held: StoredVectors, allowed: NDArray[np.bool_], keep: int
    ) -> tuple[Rows, Floats, NDArray[np.int64]]:
        """Rows that may be nearest, with the largest cosine of each over all transpositions, and that transposition."""
        vectors, coded = held.vectors, self._codes.extend(held)
        begin = 0 if coded is None else len(coded.codes)
        rows = begin + np.flatnonzero(allowed[begin:])
        mean, deviation = (
            statistics(self.space, vectors) if coded is None else (coded.basis.mean, coded.basis.deviation)
        )
        queries = prepared(self.space.transpositions(vector.astype(np.float32)), mean, deviation)
        if coded is not None:
            best = scan(coded.codes, coded.basis.asked(queries), keep, allowed[:begin])
            rows = np.concatenate([best, rows])
        products = prepared(vectors[rows], mean, deviation) @ queries.T
        steps = products.argmax(axis=1)
        return rows, products[np.arange(len(rows)), steps], steps


def _stretch(stored: StoredRecording, row: int) -> Stretch:
    place = row - stored.first
    return Stretch(stored.content_hash, int(stored.starts[place]), int(stored.stops[place]))


def _allowed(rows: int, spans: Spans, among: Collection[str] | None, without: Collection[str]) -> NDArray[np.bool_]:
    """Which rows may be found, bool [rows]."""
    chosen = np.ones(len(spans.hashes), bool)
    if among is not None:
        chosen[:] = False
        chosen[[spans.place[one] for one in among if one in spans.place]] = True
    chosen[[spans.place[one] for one in without if one in spans.place]] = False
    edges = np.zeros(rows + 1, np.int8)
    edges[spans.first[chosen]] += 1
    edges[(spans.first + spans.count)[chosen]] -= 1
    return np.cumsum(edges[:-1], dtype=np.int8).astype(bool)
