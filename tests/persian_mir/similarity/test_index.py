"""The index: itself is nearest, in whatever order things were added, exact where little is in it, nearly so else."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persian_mir.errors import PersianMirError
from persian_mir.progress import Cancelled, Progress
from persian_mir.similarity import code_files
from persian_mir.similarity.features import Passages
from persian_mir.similarity.index import RERANK, Neighbour, SimilarityIndex, Stretch
from persian_mir.similarity.index_file import VECTORS
from persian_mir.similarity.space import Space, unit

PLAIN = Space("plain", 24)
TURNING = Space("turning", 24, 12)
STANDARD = Space("standard", 24, standardised=True)
FEW = settings(max_examples=20)


def passages(vectors: np.ndarray, seconds: int = 10) -> Passages:
    """Passages one after the other, of recordings at 1 Hz."""
    starts = np.arange(len(vectors), dtype=np.int64) * seconds
    return Passages(starts, starts + seconds, vectors.astype(np.float32))


def filled(folder: Path, space: Space, vectors: np.ndarray, each: int = 5, order: list[int] | None = None) -> Path:
    """An index of recordings `r0`, `r1` ... with `each` passages, added in `order`."""
    with SimilarityIndex(space, folder) as index:
        for k in order or range(len(vectors) // each):
            index.store.add(f"r{k}", folder / f"{k}.wav", 1, passages(vectors[k * each : (k + 1) * each]))
    return folder


def found(folder: Path, space: Space, vector: np.ndarray, limit: int = 10, **more: object) -> tuple[Neighbour, ...]:
    with SimilarityIndex(space, folder) as index:
        return index.search(vector.astype(np.float32), limit, **more)  # type: ignore[arg-type]


def places(some: tuple[Neighbour, ...]) -> list[tuple[str, int]]:
    return [(one.stretch.content_hash, one.stretch.start) for one in some]


def clustered(count: int, width: int = 24, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    middles = rng.standard_normal((max(4, count // 50), width))
    return middles[rng.integers(len(middles), size=count)] + 0.5 * rng.standard_normal((count, width))


@FEW
@given(space=st.sampled_from([PLAIN, TURNING, STANDARD]), seed=st.integers(0, 99), row=st.integers(0, 39))
def test_a_passage_is_nearest_to_itself(
    tmp_path_factory: pytest.TempPathFactory, space: Space, seed: int, row: int
) -> None:
    vectors = clustered(40, seed=seed)
    folder = filled(tmp_path_factory.mktemp("index"), space, vectors)
    first = found(folder, space, vectors[row])[0]
    assert places((first,)) == [(f"r{row // 5}", row % 5 * 10)]
    assert first.similarity == pytest.approx(1.0, abs=2e-3)


@FEW
@given(seed=st.integers(0, 99), step=st.integers(0, 11))
def test_a_turned_passage_is_found_with_its_transposition(
    tmp_path_factory: pytest.TempPathFactory, seed: int, step: int
) -> None:
    vectors = clustered(40, seed=seed)
    folder = filled(tmp_path_factory.mktemp("index"), TURNING, vectors)
    asked = TURNING.turned(vectors[7:8], -step)[0]
    first = found(folder, TURNING, asked)[0]
    assert places((first,)) == [("r1", 20)]
    assert first.transposed_cents == TURNING.cents(step)
    assert -600 <= first.transposed_cents < 600


@FEW
@given(order=st.permutations(range(8)), space=st.sampled_from([PLAIN, TURNING, STANDARD]))
def test_the_order_of_adding_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], space: Space
) -> None:
    vectors, asked = clustered(40), clustered(1, seed=5)[0]
    answers = [
        found(filled(tmp_path_factory.mktemp("index"), space, vectors, order=some), space, asked, 40)
        for some in (list(range(8)), order)
    ]
    assert places(answers[0]) == places(answers[1])
    for one, other in zip(*answers, strict=True):
        assert one.similarity == pytest.approx(other.similarity, abs=1e-6)


def test_similarity_is_the_cosine(tmp_path: Path) -> None:
    vectors, asked = clustered(40), clustered(1, seed=5)[0]
    cosines = unit(vectors) @ unit(asked[None])[0]
    answer = found(filled(tmp_path, PLAIN, vectors), PLAIN, asked, 40)
    assert places(answer) == [(f"r{row // 5}", row % 5 * 10) for row in np.argsort(-cosines)]
    assert [one.similarity for one in answer] == pytest.approx(sorted(cosines, reverse=True), abs=1e-3)


def test_columns_of_other_scale_do_not_count_for_more_where_they_are_standardised(tmp_path: Path) -> None:
    vectors = clustered(40)
    stretched = vectors * np.logspace(0, 3, 24) + 100
    plain = found(filled(tmp_path / "a", STANDARD, vectors), STANDARD, vectors[3], 40)
    other = found(filled(tmp_path / "b", STANDARD, stretched), STANDARD, stretched[3], 40)
    assert places(plain)[:10] == places(other)[:10]


@pytest.fixture
def small_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes from 700 rows on, so that a test is quick."""
    monkeypatch.setattr(code_files, "LEAST_CODED", 700)


@pytest.mark.usefixtures("small_codes")
@pytest.mark.parametrize("space", [Space("wide", 96), Space("turning", 96, 12), Space("own", 96, standardised=True)])
def test_with_codes_nearly_all_of_the_ten_nearest_are_found(tmp_path: Path, space: Space) -> None:
    vectors = clustered(4000, 96)
    folder = filled(tmp_path, space, vectors, each=50)
    mean, deviation = (vectors.mean(axis=0), vectors.std(axis=0)) if space.standardised else (0.0, 1.0)
    ready = unit((vectors - mean) / deviation)
    hits = 0
    for asked in vectors[::200] + 0.2 * clustered(20, 96, seed=1):
        turned = unit((space.transpositions(asked.astype(np.float32)) - mean) / deviation)
        best = np.argsort(-(ready @ turned.T).max(axis=1))[:10]
        hits += len({(f"r{row // 50}", row % 50 * 10) for row in best} & set(places(found(folder, space, asked))))
    assert hits >= 190
    assert (folder / space.folder / code_files.BASIS).is_file()


@pytest.mark.usefixtures("small_codes")
def test_rows_added_after_the_codes_are_found(tmp_path: Path) -> None:
    vectors = clustered(2000, 96)
    space = Space("wide", 96)
    folder = filled(tmp_path, space, vectors[:1000])
    found(folder, space, vectors[0])
    filled(tmp_path, space, vectors, order=list(range(200, 400)))  # 1000 more: encoded on the basis that is there
    filled(tmp_path, space, clustered(2500, 96, seed=0), order=[])
    with SimilarityIndex(space, folder) as index:
        index.store.add("last", folder / "last.wav", 1, passages(clustered(5, 96, seed=9)))
    for row in (3, 1500):
        assert places(found(folder, space, vectors[row]))[0] == (f"r{row // 5}", row % 5 * 10)
    assert places(found(folder, space, clustered(5, 96, seed=9)[4]))[0] == ("last", 40)
    assert len(list((folder / space.folder).glob("codes-*.i8"))) == 1


@pytest.mark.usefixtures("small_codes")
@pytest.mark.parametrize("name", [code_files.BASIS, "codes-1000.i8"])
@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "gone"])
def test_damaged_codes_are_made_again(tmp_path: Path, name: str, damage: str) -> None:
    vectors, space = clustered(1000, 96), Space("wide", 96)
    folder = filled(tmp_path, space, vectors)
    before = found(folder, space, vectors[0])
    path = folder / space.folder / name
    data = bytearray(path.read_bytes())
    data[-9] ^= 0x55
    path.write_bytes({"flipped": data, "cut": data[:-20], "empty": b"", "gone": b""}[damage])
    if damage == "gone":
        path.unlink()
    assert found(folder, space, vectors[0]) == before
    assert len(path.read_bytes()) == len(data)


def test_only_what_is_asked_for_is_looked_through(tmp_path: Path) -> None:
    vectors = clustered(40)
    folder = filled(tmp_path, PLAIN, vectors)
    here = found(folder, PLAIN, vectors[0], 40, among=["r1", "r2", "not there"])
    assert {one.stretch.content_hash for one in here} == {"r1", "r2"}
    assert len(here) == 10
    there = found(folder, PLAIN, vectors[0], 40, without=["r0", "not there"])
    assert {one.stretch.content_hash for one in there} == {f"r{k}" for k in range(1, 8)}
    assert found(folder, PLAIN, vectors[0], 40, among=[]) == ()


def test_of_passages_that_overlap_the_nearest_is_given(tmp_path: Path) -> None:
    vectors = clustered(6)
    starts = np.arange(6, dtype=np.int64) * 5
    with SimilarityIndex(PLAIN, tmp_path) as index:
        index.store.add("one", tmp_path / "one.wav", 1, Passages(starts, starts + 10, vectors.astype(np.float32)))
    answer = found(tmp_path, PLAIN, vectors[2])
    assert places(answer)[0] == ("one", 10)
    spans = [one.stretch for one in answer]
    assert not any(one.overlaps(other) for k, one in enumerate(spans) for other in spans[:k])
    apart = found(tmp_path, PLAIN, vectors[2], apart_from=Stretch("one", 12, 18))
    assert ("one", 10) not in places(apart)
    assert places(apart)


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    for space in (PLAIN, TURNING, STANDARD):
        assert found(tmp_path, space, clustered(1)[0]) == ()


def test_silence_is_like_nothing(tmp_path: Path) -> None:
    vectors = clustered(40)
    vectors[3] = 0
    answer = {
        (one.stretch.content_hash, one.stretch.start): one.similarity
        for one in found(filled(tmp_path, PLAIN, vectors), PLAIN, vectors[0], 40)
    }
    assert answer["r0", 30] == 0


@pytest.mark.usefixtures("small_codes")
def test_encoding_that_is_stopped_is_taken_up_again(tmp_path: Path) -> None:
    class Stop(Progress):
        def step(self, fraction: float, note: str = "") -> None:
            raise Cancelled

    vectors, space = clustered(1000, 96), Space("wide", 96)
    filled(tmp_path, space, vectors)
    with SimilarityIndex(space, tmp_path) as index, pytest.raises(Cancelled):
        index.encode(Stop())
    assert places(found(tmp_path, space, vectors[8]))[0] == ("r1", 30)


@pytest.mark.usefixtures("small_codes")
def test_as_many_are_found_as_are_asked_for(tmp_path: Path) -> None:
    vectors, space = clustered(1000, 96), Space("wide", 96)
    assert len(found(filled(tmp_path, space, vectors), space, vectors[0], RERANK + 100)) == RERANK + 100


@pytest.mark.usefixtures("small_codes")
def test_a_disk_that_refuses_the_codes_is_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    vectors, space = clustered(1000, 96), Space("wide", 96)
    filled(tmp_path, space, vectors)
    monkeypatch.setattr(code_files, "atomic_write", full)
    with pytest.raises(PersianMirError, match="No space left"):
        found(tmp_path, space, vectors[0])
    monkeypatch.undo()


def test_a_vector_that_is_damaged_is_not_given_and_its_recording_is_described_again(tmp_path: Path) -> None:
    vectors = clustered(40)
    folder = filled(tmp_path, PLAIN, vectors)
    path = folder / PLAIN.folder / VECTORS
    data = bytearray(path.read_bytes())
    data[2 * 24 * 7] ^= 1  # the lowest bit of a number of row 7: still nearest to itself
    path.write_bytes(data)
    assert "r1" not in {name for name, _start in places(found(folder, PLAIN, vectors[7], 40))}
    with SimilarityIndex(PLAIN, folder) as index:
        assert "r1" not in index.store.hashes()
    filled(tmp_path, PLAIN, vectors, order=[1])
    assert places(found(folder, PLAIN, vectors[7]))[0] == ("r1", 20)
