"""Short codes of vectors: 64 principal components as int8, which are scanned before anything is compared exactly."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from persian_mir.similarity.space import Floats, Space, unit

Codes = NDArray[np.int8]
Halves = NDArray[np.float16]
Rows = NDArray[np.int64]

COMPONENTS = 64
SAMPLE = 20_000  # vectors that the components are computed from
BLOCK = 8192  # rows compared at a time: as float32 they fit the processor's cache
_FULL = 127.0


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """How vectors become codes. `mean`, `deviation` [width] of each column; `components` [64, width]; `scale` [64]."""

    mean: Floats
    deviation: Floats
    components: Floats
    scale: Floats

    def encode(self, vectors: Floats) -> Codes:
        """Return the codes, int8 [n, 64], of prepared vectors (`prepared`)."""
        steps = np.rint(vectors @ self.components.T / self.scale)
        return np.asarray(np.clip(steps, -_FULL, _FULL).astype(np.int8))

    def asked(self, queries: Floats) -> Floats:
        """Return float32 [n, 64] whose product with codes is about that of the prepared `queries` with the vectors."""
        return np.asarray(queries @ self.components.T * self.scale)


def statistics(space: Space, vectors: Floats | Halves) -> tuple[Floats, Floats]:
    """Return mean and deviation of each column, [width] each; 0 and 1 where the space compares vectors as they are."""
    if not space.standardised or not len(vectors):
        return np.zeros(space.width, np.float32), np.ones(space.width, np.float32)
    deviation = vectors.std(axis=0, dtype=np.float64).astype(np.float32)
    return vectors.mean(axis=0, dtype=np.float64).astype(np.float32), np.where(deviation > 0, deviation, np.float32(1))


def prepared(vectors: Floats | Halves, mean: Floats, deviation: Floats) -> Floats:
    """Return `vectors` [n, width] ready for comparison: their products are cosines."""
    return unit((vectors.astype(np.float32) - mean) / deviation)


def fit_basis(space: Space, vectors: Floats) -> Basis:
    """Return the basis of a sample [n, width]: the directions that keep most of the products, in all transpositions."""
    mean, deviation = statistics(space, vectors)
    ready = prepared(vectors, mean, deviation)
    rng = np.random.default_rng(0)
    steps = rng.integers(space.steps, size=len(ready))
    for step in np.unique(steps) if space.steps > 1 else ():
        ready[steps == step] = space.turned(ready[steps == step], int(step))
    _values, directions = np.linalg.eigh(ready.T @ ready)
    components = np.ascontiguousarray(directions[:, ::-1][:, :COMPONENTS].T.astype(np.float32))
    scale = np.abs(ready @ components.T).max(axis=0) / _FULL
    return Basis(mean, deviation, components, np.maximum(scale, np.float32(1e-9)))


def scan(codes: Codes, asked: Floats, keep: int, allowed: NDArray[np.bool_] | None = None) -> Rows:
    """Return the `keep` rows of `codes` [n, 64] whose largest product with one of `asked` [m, 64] is largest, in order
    of their number. `allowed` bool [n]: the rows that may be chosen.
    """
    threads = min(os.cpu_count() or 1, 8)
    edges = np.linspace(0, len(codes), threads + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads, "similar") as pool:
        parts = pool.map(partial(_scan_part, codes, asked, keep, allowed), edges[:-1], edges[1:])
        rows, scores = (np.concatenate(some) for some in zip(*parts, strict=True))
    return np.sort(rows[_largest(scores, keep)])


def _scan_part(
    codes: Codes, asked: Floats, keep: int, allowed: NDArray[np.bool_] | None, first: int, last: int
) -> tuple[Rows, Floats]:
    """The best rows from `first` up to `last`, and their scores."""
    wide = np.empty((BLOCK, codes.shape[1]), np.float32)
    columns = np.ascontiguousarray(asked.T)
    rows, scores, least = [np.zeros(0, np.int64)], [np.zeros(0, np.float32)], -np.inf
    for start in range(first, last, BLOCK):
        block = wide[: min(BLOCK, last - start)]
        block[...] = codes[start : start + len(block)]
        products = block @ columns
        score = products[:, 0] if products.shape[1] == 1 else products.max(axis=1)
        if allowed is not None:
            score = np.where(allowed[start : start + len(block)], score, -np.inf)
        above = np.flatnonzero(score > least)
        rows.append(above + start)
        scores.append(score[above])
        if sum(map(len, rows)) > 4 * keep:
            rows, scores = _best(rows, scores, keep)
            least = float(scores[0].min())
    return tuple(some[0] for some in _best(rows, scores, keep))  # type: ignore[return-value]


def _best(rows: Sequence[Rows], scores: Sequence[Floats], keep: int) -> tuple[list[Rows], list[Floats]]:
    all_rows, all_scores = np.concatenate(rows), np.concatenate(scores)
    best = _largest(all_scores, keep)
    return [all_rows[best]], [all_scores[best]]


def _largest(scores: Floats, keep: int) -> Rows:
    """Places of the `keep` largest, in no order."""
    if len(scores) <= keep:
        return np.arange(len(scores))
    return np.argpartition(-scores, keep - 1)[:keep]
