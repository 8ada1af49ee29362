"""A manifest of very many rows: little memory for each, progress while it is read, and the same entries as before."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from persian_mir.progress import Cancelled, Progress
from trainer.data import Entry, read_dataset
from trainer.data.audio_fingerprint import Sound
from trainer.data.check import _hours, check
from trainer.data.duplicates import _contradictions
from trainer.data.rows import Rows


class Listener(Progress):
    def __init__(self, most: float = 2.0) -> None:
        self.told: list[tuple[float, str]] = []
        self.most = most

    def step(self, fraction: float, note: str = "") -> None:
        self.told.append((fraction, note))
        if fraction > self.most:
            raise Cancelled


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """60,000 rows about five recordings."""
    rows = (f"{k % 5}.wav,{('tar', 'ney')[k % 2]},{k / 100:.2f},{k / 100 + 0.01:.2f}" for k in range(60_000))
    path = tmp_path / "m.csv"
    path.write_text("\n".join(["file,instrument,start_s,stop_s", *rows]), encoding="utf-8")
    return path


def test_a_row_takes_little_memory_from_the_reading_to_the_end_of_the_check(manifest: Path) -> None:
    tracemalloc.start()
    dataset = read_dataset(manifest)
    report = check(dataset)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (report.recordings, len(dataset.entries)) == (5, 60_000)
    assert peak < 150 * 60_000  # an Entry alone takes 112 bytes, its times 48


def test_progress_is_told_while_it_is_read_and_it_may_be_stopped(manifest: Path) -> None:
    listener = Listener()
    read_dataset(manifest, progress=listener)
    fractions = [fraction for fraction, _note in listener.told]
    assert len(fractions) > 10
    assert fractions == sorted(fractions)
    assert 0 < fractions[0] < 0.2 < 0.9 < fractions[-1] <= 1
    assert {note for _fraction, note in listener.told} == {"Reading m.csv"}
    with pytest.raises(Cancelled):
        read_dataset(manifest, progress=Listener(most=0.5))


def entries(count: int, seed: int) -> list[Entry]:
    rng, said = np.random.default_rng(seed), []
    for _number in range(6):
        text = str(rng.choice(["tar", "ney", "?"]))
        known = {} if text == "?" else {"instrument": text}
        said.append(Entry(Path(f"{rng.integers(3)}.wav"), known, "", "train", written={"instrument": text}))
    rows = []
    for number in range(count):
        one, start = said[rng.integers(6)], float(rng.integers(12))
        stop = start + float(rng.integers(1, 4))
        place = number + 2 if rng.random() < 0.5 else f"stem {number}"
        rows.append(Entry(one.path, one.labels, "", "train", start, stop, written=one.written, place=place))
    return rows


def test_rows_are_the_entries_that_they_were_made_of() -> None:
    made = entries(40, 1)
    rows = Rows.of(made)
    assert list(rows) == made == [*rows[::-1]][::-1]
    assert rows == made
    assert rows != made[:-1]
    assert rows[7] == made[7]
    assert rows[-1].place == made[-1].place
    assert {path: list(some) for path, some in rows.by_path().items()} == {
        path: [one for one in made if one.path == path] for path in dict.fromkeys(one.path for one in made)
    }


@pytest.mark.parametrize("seed", range(30))
def test_contradictions_and_hours_are_those_of_the_rows_one_by_one(seed: int) -> None:
    made = entries(2 + seed % 12, seed)
    for path, rows in Rows.of(made).by_path().items():
        own = [one for one in made if one.path == path]
        apart: set[str] = set()
        for one in own:
            for other in own:
                over = one.start_s < other.stop_s and other.start_s < one.stop_s
                if over and one.written != other.written:
                    apart |= {one.written["instrument"], other.written["instrument"]}
        told = _contradictions(rows)
        assert bool(told) == bool(apart)
        assert all(label.strip("“”") in apart for text in told for label in text.split(": ")[1].split(", "))
        last = {(one.start_s, one.stop_s): one for one in own}.values()
        hours: dict[str, float] = {}
        for one in last:
            name = one.labels.get("instrument", "?")
            hours[name] = hours.get(name, 0.0) + max(0.0, min(one.stop_s, 9.0) - one.start_s) / 3600
        found = _hours({path: rows}, {path: Sound("0" * 32, 9.0)})
        assert {name: cells["?"] for name, cells in found.items()} == pytest.approx(hours)


class Unwalked(list[Entry]):
    """What all rows say: a look at one recording must not walk over that of all others."""

    def __iter__(self):
        raise AssertionError("the work grows with the square of the recordings")


def test_a_look_at_one_recording_touches_no_other() -> None:
    made = [Entry(Path(f"{k % 40}.wav"), {"instrument": name}, written={"instrument": name}) for name in ("tar", "ney")
            for k in range(40)]  # fmt: skip
    for rows in Rows.of(made).by_path().values():
        rows.said = Unwalked(rows.said)
        assert _contradictions(rows) == ["instrument: “ney”, “tar”"]
        assert sum(count for _entry, count in rows.counted()) == 2
        assert len(rows.last_of_equal_times()) == 1
