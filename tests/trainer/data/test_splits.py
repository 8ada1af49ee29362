from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.data import DataError, Dataset, Entry
from trainer.data.splits import Splits, apply, grouped, official, read_splits, write_splits

ROOT = Path("corpus")


def dataset(*rows: tuple[str, str, str]) -> Dataset:
    """Recordings of which instrument, artist and split are given."""
    entries = [
        Entry(ROOT / f"{number}.flac", {"instrument": label, "artist": artist}, artist, split)
        for number, (label, artist, split) in enumerate(rows)
    ]
    return Dataset("d", tuple(entries), True, ROOT)


ROWS = st.lists(st.tuples(st.sampled_from(["ney", "tar"]), st.sampled_from("pqrstu"), st.just("")), min_size=6)


@given(ROWS, st.integers(3, 5), st.integers(0, 3))
def test_artists_stay_together_and_each_recording_is_tested_once(rows, folds, seed):
    data = dataset(*rows)
    if len({artist for _label, artist, _split in rows}) < folds:
        with pytest.raises(DataError, match="cannot be spread"):
            grouped(data, "instrument", "artist", seed, folds)
        return
    splits = grouped(data, "instrument", "artist", seed, folds)
    tested = Counter(key for fold in splits.folds for key, part in fold.items() if part == "test")
    assert tested == {f"{number}.flac": 1 for number in range(len(rows))}
    for fold in splits.folds:
        parts = [{e.artist for e in apply(data, fold).entries if e.split == part} for part in ("train", "dev", "test")]
        assert all(parts)
        assert sum(map(len, parts)) == len(set.union(*parts))
    assert splits == grouped(data, "instrument", "artist", seed, folds)


def test_fewer_folds_where_there_are_fewer_artists():
    rows = [("ney", artist, "") for artist in "ppqqrrss"]
    assert len(grouped(dataset(*rows), "instrument", "artist", 0, 5, fewer=True).folds) == 4
    assert len(grouped(dataset(*rows), "instrument", "recording", 0, 5, fewer=True).folds) == 5
    with pytest.raises(DataError, match=r"2 groups .* 3 folds"):
        grouped(dataset(*rows[:4]), "instrument", "artist", 0, 5, fewer=True)


def test_classes_are_spread_evenly():
    splits = grouped(dataset(*[("ney", "", "")] * 10, *[("tar", "", "")] * 5), "instrument", "recording", 1)
    for fold in splits.folds:
        tested = [int(Path(key).stem) >= 10 for key, part in fold.items() if part == "test"]
        assert (tested.count(False), tested.count(True)) == (2, 1)


def test_an_unknown_artist_is_no_group():
    with pytest.raises(DataError, match="artist"):
        grouped(dataset(*[("ney", "", "")] * 5), "instrument", "artist", 0, 3)


def test_official_lists_stand_and_the_unlisted_are_left_out():
    data = dataset(("ney", "p", "train"), ("ney", "p", "test"), ("tar", "q", ""))
    (fold,) = official(data).folds
    assert fold == {"0.flac": "train", "1.flac": "test"}
    assert len(apply(data, fold).entries) == 2


@pytest.mark.parametrize("splits", [("train", "dev"), ("dev", "test"), ("", "")])
def test_a_part_that_is_missing(splits):
    with pytest.raises(DataError, match="no official"):
        official(dataset(*[("ney", "p", split) for split in splits]))


def test_one_recording_in_two_splits_is_no_official_split():
    entry = Entry(ROOT / "a.flac", {"instrument": "ney"}, split="train")
    other = Entry(ROOT / "a.flac", {"instrument": "ney"}, split="test")
    with pytest.raises(DataError, match="two splits"):
        official(Dataset("d", (entry, other), True, ROOT))


def written(folder: Path, seed: int = 0) -> tuple[Path, Splits]:
    splits = grouped(dataset(*[("ney", "", "")] * 9), "instrument", "recording", seed, 3)
    path = folder / "new" / "splits.json"
    write_splits(splits, path)
    return path, splits


def test_what_is_written_is_read(tmp_path):
    path, splits = written(tmp_path)
    assert read_splits(path) == splits
    before = path.read_bytes()
    write_splits(splits, path)
    assert path.read_bytes() == before


def test_a_file_is_never_replaced(tmp_path):
    path, splits = written(tmp_path)
    with pytest.raises(DataError, match="Another split"):
        written(tmp_path, seed=1)
    assert read_splits(path) == splits


def test_a_changed_file_is_refused(tmp_path):
    path, _splits = written(tmp_path)
    values = json.loads(path.read_text())
    key = next(key for key, part in values["folds"][0].items() if part == "test")
    values["folds"][0][key] = "train"
    path.write_text(json.dumps(values))
    with pytest.raises(DataError, match="changed after"):
        read_splits(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"format": "persian-mir splits 1"}', '{"format": "x"}'])
def test_other_files_are_refused(tmp_path, text):
    path = tmp_path / "splits.json"
    path.write_text(text)
    with pytest.raises(DataError, match="not a split"):
        read_splits(path)
