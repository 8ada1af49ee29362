"""Corrections as something to learn from."""

from __future__ import annotations

from pathlib import Path

import pytest

from persian_mir.catalogue.corrections import Corrections, training_manifest
from persian_mir.recording import Recording
from trainer.data import read_dataset
from trainer.data.dataset import DataError


def test_only_what_is_in_force_is_learnt_from(tmp_path: Path, said, three) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    store.add(*three(), said("corrected", "tar", 3, 20), said("accepted", "nava", 4, 21, task="dastgah", was="nava"))
    store.undo(store.of(RECORDING)[said("corrected", "tar", 3).key])
    path = training_manifest(store, "instrument")
    assert path == tmp_path / "training-instrument.csv"
    (entry,) = read_dataset(path).entries
    assert (entry.path, dict(entry.labels), entry.start_s, entry.stop_s) == (
        Path("/sounds/سه‌گاه، درآمد.wav"),
        {"instrument": "ney"},
        5.0,
        10.0,
    )
    assert entry.extra["content_hash"] == HASH
    assert len(read_dataset(store.path).entries) == 6  # the reader takes the store itself as well


HASH = "0123456789abcdef0123456789abcdef"
RECORDING = Recording(Path("/a.wav"), HASH, 44100, 1, 1, "WAV", "none")


def test_a_recording_that_was_moved_is_learnt_from_where_it_is(tmp_path: Path, said) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    here, gone = tmp_path / "here.wav", tmp_path / "gone.wav"
    here.touch()
    for at, path in enumerate((gone, here, gone)):
        store.add(said("accepted", "setar", at, at, path=path))
    entries = read_dataset(training_manifest(store, "instrument")).entries
    assert [entry.path for entry in entries] == [here] * 3


def test_nothing_to_learn_from_is_said_by_the_reader(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no rows"):
        read_dataset(training_manifest(Corrections(tmp_path / "corrections.csv"), "artist"))


def test_an_artist_is_a_column_of_the_manifest(tmp_path: Path, said) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    store.add(said("accepted", "ahmad-ebadi", task="artist", was="ahmad-ebadi"))
    (entry,) = read_dataset(training_manifest(store, "artist")).entries
    assert (dict(entry.labels), entry.artist) == ({"artist": "ahmad-ebadi"}, "ahmad-ebadi")


def test_what_is_said_of_a_part_wins_over_what_is_said_of_the_whole(tmp_path: Path, said) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    store.add(
        said("corrected", "ney", 1, 11), said("corrected", "tar", 0, 12, stop=4 * 220_500), said("accepted", "setar", 3)
    )
    entries = read_dataset(training_manifest(store, "instrument")).entries
    assert [entry.labels["instrument"] for entry in entries] == ["tar", "ney", "setar"]  # the last one counts
