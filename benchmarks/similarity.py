"""Similar passages: whether the nearest by melody share the mode, and how long a query takes over millions.

    python benchmarks/similarity.py [--data FOLDER] [--rows 200000 5000000] [--folder EMPTY]

FOLDER holds recordings and a `manifest.csv` with the columns file, dastgah, avaz, artist (else ../shared/data/kdc-dev).
Of the ten passages nearest to each passage of 30 s, in other recordings, no two overlapping: how many share its mode,
averaged over passages of a recording, then over recordings; the interval is 95 % of bootstraps over recordings. Beside
it chance (ten passages drawn from the other recordings) and the ceiling (all that share the mode first: there are
often fewer than ten). Once among all others, once among those of other artists.

`--rows`: made-up embeddings of 768 numbers are indexed in EMPTY (1.6 kB each), and 20 of them, moved a little, asked
for. They lie in clusters; within one, and between them, the k-th direction has variance 1 / k, as the spectra of real
embeddings fall off, or all directions alike (`isotropic`), which nothing real does and codes like least. Recall: of the
ten that an exact scan in the same run finds.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio import AudioSource, open_audio
from persian_mir.modal.profile import SURFACE_BINS
from persian_mir.progress import SILENT, Progress
from persian_mir.similarity.build import build_index
from persian_mir.similarity.codes import prepared
from persian_mir.similarity.features import Passages
from persian_mir.similarity.index import RERANK, Neighbour, SimilarityIndex, Stretch
from persian_mir.similarity.melody import MelodyFeatures
from persian_mir.similarity.space import Floats, Space

KDC = Path(__file__).parents[2] / "shared" / "data" / "kdc-dev"
NEAREST = 10
WIDTH, EACH, CLUSTER, QUERIES = 768, 50, 1000, 20
IN_MEMORY = 1 << 28  # numbers


class Part(MelodyFeatures):
    """The melody with only the pitch-class distribution (`profile`), only the delay surface, or both."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def space(self) -> Space:
        return replace(super().space, id=f"{super().space.id} {self.name}")

    def passages(self, source: AudioSource, progress: Progress = SILENT) -> Passages:
        found = super().passages(source, progress)
        if self.name == "profile":
            found.vectors[:, SURFACE_BINS:] = 0
        if self.name == "surface":
            found.vectors[:, :SURFACE_BINS] = 0
        return found


@dataclass(frozen=True, slots=True)
class Case:
    """A recording of known mode."""

    path: Path
    content_hash: str
    mode: str
    dastgah: str
    artist: str


def load(folder: Path) -> list[Case]:
    with (folder / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    cases = []
    for row in rows:
        with open_audio(folder / row["file"]) as source:
            content_hash = source.recording.content_hash
        mode = row["avaz"] or row["dastgah"]
        cases.append(Case(folder / row["file"], content_hash, mode, row["dastgah"], row["artist"]))
    return cases


def apart(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The first ten of which no two overlap."""
    taken: list[Stretch] = []
    for one in stretches:
        if len(taken) < NEAREST and not any(one.overlaps(other) for other in taken):
            taken.append(one)
    return taken


def shares(index: SimilarityIndex, cases: list[Case], other_artists: bool, field: str) -> NDArray[np.float64]:
    """Share of the ten nearest with the same `field`, chance, and the ceiling, [recordings, 3]."""
    by_hash = {case.content_hash: case for case in cases}
    everything = [index.store.recording(case.content_hash) for case in cases]
    vectors, rows = index.store.vectors(), []
    rng = np.random.default_rng(0)
    for case, stored in zip(cases, everything, strict=True):
        without = {one.content_hash for one in cases if other_artists and one.artist == case.artist}
        without.add(case.content_hash)
        others = [
            Stretch(one.content_hash, int(start), int(stop))
            for one in everything
            if one.content_hash not in without
            for start, stop in zip(one.starts, one.stops, strict=True)
        ]

        def same(stretches: Iterable[Stretch], case: Case = case) -> float:
            return float(
                np.mean([getattr(by_hash[one.content_hash], field) == getattr(case, field) for one in stretches])
            )

        best = sorted(others, key=lambda one: not same([one]))
        for k in range(len(stored.starts)):
            found = index.search(vectors[stored.first + k].astype(np.float32), NEAREST, without=without)
            drawn = np.mean([same(apart(rng.permutation(np.array(others, object)))) for _ in range(5)])
            rows.append((case.content_hash, same(one.stretch for one in found), drawn, same(apart(best))))
    return np.array(
        [
            np.mean([row[1:] for row in rows if row[0] == case.content_hash], axis=0)
            for case in cases
            if any(row[0] == case.content_hash for row in rows)
        ]
    )


def interval(values: NDArray[np.float64]) -> str:
    rng = np.random.default_rng(0)
    drawn = [values[rng.integers(len(values), size=len(values))].mean() for _ in range(2000)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{low:.2f} to {high:.2f}"


def melody(folder: Path) -> None:
    if not (folder / "manifest.csv").is_file():
        print(f"skipped: there are no recordings of known mode in {folder}")
        return
    cases = load(folder)
    for name in ("both", "profile", "surface"):
        features = Part(name)
        with tempfile.TemporaryDirectory() as place, SimilarityIndex(features.space, Path(place)) as index:
            build_index(index, features, [case.path for case in cases])
            print(f"{name}: {index.store.rows} passages of {len(cases)} recordings", flush=True)
            for other_artists in (False, True):
                for field in ("mode", "dastgah"):
                    rows = shares(index, cases, other_artists, field)
                    found, chance, ceiling = rows.mean(axis=0)
                    among = "other artists" if other_artists else "all others"
                    print(
                        f"  among {among:13s} same {field:7s} {found:.3f} ({interval(rows[:, 0])}), "
                        f"chance {chance:.3f}, ceiling {ceiling:.3f}",
                        flush=True,
                    )


def made_up(rows: int, spread: NDArray[np.float32], seed: int = 0) -> Iterator[Floats]:
    """Vectors in clusters of about `CLUSTER`, `EACH` at a time; `spread` [768] of each direction."""
    rng = np.random.default_rng(seed)
    middles = rng.standard_normal((max(4, rows // CLUSTER), WIDTH), dtype=np.float32) * spread
    for _ in range(rows // EACH):
        mine = middles[rng.integers(len(middles), size=EACH)]
        yield mine + 0.5 * rng.standard_normal((EACH, WIDTH), dtype=np.float32) * spread


def fill(index: SimilarityIndex, rows: int, spread: NDArray[np.float32]) -> None:
    starts = np.arange(EACH, dtype=np.int64)
    for k, vectors in enumerate(made_up(rows, spread)):
        index.store.add(f"r{k}", Path(f"{k}.wav"), 1, Passages(starts, starts + 1, vectors))


def exact(index: SimilarityIndex, asked: Floats) -> tuple[list[set[int]], float, str]:
    """The ten nearest rows of each of `asked`, by numpy over everything; seconds for the first alone, and from what."""
    held = index.store.held()
    vectors, coded = held.vectors, index._codes.extend(held)
    assert coded is not None, "so many rows are coded"
    basis = coded.basis
    queries = prepared(asked, basis.mean, basis.deviation)
    source = "float32 in memory" if vectors.size < IN_MEMORY else "float16 in the file"
    ready = prepared(vectors, basis.mean, basis.deviation) if vectors.size < IN_MEMORY else None

    def run(some: Floats) -> NDArray[np.float32]:
        if ready is not None:
            return ready @ some.T
        products = np.empty((len(vectors), len(some)), np.float32)
        for first in range(0, len(vectors), 8192):
            block = prepared(vectors[first : first + 8192], basis.mean, basis.deviation)
            products[first : first + 8192] = block @ some.T
        return products

    began = time.perf_counter()
    np.argpartition(-run(queries[:1])[:, 0], NEAREST)
    seconds = time.perf_counter() - began
    products = run(queries)
    best = [set(np.argpartition(-products[:, k], NEAREST)[:NEAREST].tolist()) for k in range(len(asked))]
    return best, seconds, source


def row_of(one: Neighbour) -> int:
    return int(one.stretch.content_hash[1:]) * EACH + one.stretch.start


def millions(rows: int, kind: str, folder: Path) -> None:
    spread = np.ones(WIDTH) if kind == "isotropic" else np.arange(1, WIDTH + 1) ** -0.5
    spread = (spread / np.linalg.norm(spread)).astype(np.float32)
    with SimilarityIndex(Space(f"{kind} {rows}", WIDTH, standardised=False), folder) as index:
        began = time.perf_counter()
        fill(index, rows, spread)
        added = time.perf_counter()
        index.encode()
        print(f"{rows} rows, {kind}: added in {added - began:.0f} s, encoded in {time.perf_counter() - added:.0f} s")
        rng = np.random.default_rng(1)
        vectors = index.store.held().vectors
        asked = vectors[rng.integers(rows, size=QUERIES)].astype(np.float32)
        asked = asked + 0.25 * rng.standard_normal(asked.shape, dtype=np.float32) * spread
        times, answers = [], []
        for one in asked:
            began = time.perf_counter()
            answers.append({row_of(hit) for hit in index.search(one, NEAREST)})
            times.append(1000 * (time.perf_counter() - began))
        truth, seconds, source = exact(index, asked)
        recall = np.mean([len(one & two) / NEAREST for one, two in zip(answers, truth, strict=True)])
        print(
            f"  a query: median {np.median(times[1:]):.1f} ms, first {times[0]:.0f}, longest of the others "
            f"{max(times[1:]):.1f}; numpy over everything, {source}, {1000 * seconds:.0f} ms; recall of ten "
            f"{recall:.3f} ({RERANK} compared exactly)",
            flush=True,
        )
    shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=KDC)
    parser.add_argument("--rows", type=int, nargs="*", default=[200_000])
    parser.add_argument("--folder", type=Path, help="where the made-up index lies meanwhile; it is removed")
    chosen = parser.parse_args()
    melody(chosen.data)
    for rows in chosen.rows:
        for kind in ("decaying", "isotropic"):
            folder = Path(tempfile.mkdtemp(dir=chosen.folder))
            millions(rows, kind, folder)


if __name__ == "__main__":
    main()
