"""From recordings to the nearest passages, by melody and by embedding, on synthesised music."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import soundfile

from persian_mir.audio import open_audio
from persian_mir.audio.formats import audio_files
from persian_mir.backbones import load_backbone
from persian_mir.errors import PersianMirError
from persian_mir.progress import Cancelled, Progress
from persian_mir.similarity.build import build_index
from persian_mir.similarity.embedding import EmbeddingFeatures
from persian_mir.similarity.features import Features
from persian_mir.similarity.index import Neighbour, SimilarityIndex
from persian_mir.similarity.melody import MelodyFeatures
from persian_mir.similarity.nearest import nearest


def ask(features: Features, corpus: Path, name: str, folder: Path, **more: bool) -> tuple[Neighbour, ...]:
    """The passages nearest to the first 30 s of one recording, among all."""
    with SimilarityIndex(features.space, folder) as index, open_audio(corpus / f"{name}.flac") as source:
        build_index(index, features, audio_files(corpus))
        return nearest(index, features, source, (0, 30 * source.recording.rate), **more)


@pytest.mark.parametrize("mode", ["segah", "shour", "chahargah"])
def test_by_melody_the_same_mode_is_nearest_whoever_plays_it_and_wherever(
    corpus: Path, tmp_path: Path, mode: str
) -> None:
    answer = ask(MelodyFeatures(), corpus, f"{mode} setar", tmp_path)
    assert answer[0].file == corpus / f"{mode} ney.flac"
    # 415.3 Hz lies 1100 cents above 220 Hz: 100 below, octaves aside.
    assert answer[0].transposed_cents == pytest.approx(-100, abs=20)
    assert 0 <= answer[0].start_s < answer[0].stop_s <= 45.1
    assert all(one.file.name != f"{mode} setar.flac" for one in answer)
    assert [one.similarity for one in answer] == sorted((one.similarity for one in answer), reverse=True)


def test_by_embedding_the_same_instrument_is_nearest(corpus: Path, tmp_path: Path) -> None:
    features = EmbeddingFeatures(load_backbone("signal"))
    for instrument in ("setar", "ney"):
        answer = ask(features, corpus, f"shour {instrument}", tmp_path)
        assert {one.file.stem.split()[1] for one in answer} == {instrument}
        assert {one.transposed_cents for one in answer} == {0.0}


def test_in_its_own_recording_only_what_does_not_overlap_it_is_given(corpus: Path, tmp_path: Path) -> None:
    features = EmbeddingFeatures(load_backbone("signal"))
    answer = ask(features, corpus, "shour ney", tmp_path, other_recordings_only=False)
    own = [one for one in answer if one.file.name == "shour ney.flac"]
    assert own
    assert all(one.start_s >= 30 for one in own)


def test_what_is_indexed_is_not_described_again(corpus: Path, tmp_path: Path) -> None:
    class Counting(MelodyFeatures):
        described = 0

        def passages(self, *args: object) -> object:  # type: ignore[override]
            self.described += 1
            return super().passages(*args)  # type: ignore[arg-type]

    features, paths = Counting(), audio_files(corpus)
    with SimilarityIndex(features.space, tmp_path) as index:
        first = build_index(index, features, paths[:2])
        second = build_index(index, features, paths)
        known = dict(zip(paths, second.hashes, strict=True))
        third = build_index(index, features, [*paths, paths[0].with_name("gone.flac")], known)
    assert features.described == len(paths)
    assert second.hashes[:2] == first.hashes
    assert third.hashes == second.hashes
    assert [path.name for path, _error in third.failed] == ["gone.flac"]


def test_a_file_that_was_moved_is_found_where_it_is_now(corpus: Path, tmp_path: Path) -> None:
    before, now = tmp_path / "before.flac", tmp_path / "now.flac"
    shutil.copy(corpus / "segah ney.flac", before)
    features = MelodyFeatures()
    with SimilarityIndex(features.space, tmp_path / "index") as index:
        build_index(index, features, [before])
        before.rename(now)
        build_index(index, features, [now])
        with open_audio(corpus / "segah setar.flac") as source:
            assert [one.file for one in nearest(index, features, source, (0, 22_050 * 30))] == [now]


def test_building_goes_on_where_it_was_stopped(corpus: Path, tmp_path: Path) -> None:
    class Third(Progress):
        def step(self, fraction: float, note: str = "") -> None:
            if fraction > 0.5:
                raise Cancelled

    features, paths = MelodyFeatures(), audio_files(corpus)
    with SimilarityIndex(features.space, tmp_path) as index:
        with pytest.raises(Cancelled):
            build_index(index, features, paths, progress=Third())
        kept = index.store.spans().hashes
        assert 0 < len(kept) < len(paths)
        assert build_index(index, features, paths).hashes[: len(kept)] == kept


def test_bad_files_are_told_and_the_others_done(corpus: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.wav"
    bad.write_bytes(b"no sound")
    features = MelodyFeatures()
    with SimilarityIndex(features.space, tmp_path / "index") as index:
        built = build_index(index, features, [bad, corpus / "segah ney.flac"])
    assert [path for path, _error in built.failed] == [bad]
    assert len(built.hashes) == 1


def test_a_silent_passage_is_refused_in_words(corpus: Path, tmp_path: Path) -> None:
    silent = tmp_path / "silent.wav"
    soundfile.write(silent, [0.0] * 16_000 * 10, 16_000)
    features = MelodyFeatures()
    with SimilarityIndex(features.space, tmp_path / "index") as index, open_audio(silent) as source:
        with pytest.raises(PersianMirError, match="Too little sounds"):
            nearest(index, features, source, (0, 160_000))
        assert len(build_index(index, features, [silent]).hashes) == 1
