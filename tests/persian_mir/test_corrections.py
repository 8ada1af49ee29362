from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persian_mir.corrections import Correction, Corrections, training_manifest
from persian_mir.corrections_rows import COLUMNS
from persian_mir.errors import PersianMirError
from trainer.datasets import read_dataset
from trainer.datasets.dataset import DataError

HASH = "0123456789abcdef0123456789abcdef"
GOLDEN = """\
file,start_s,stop_s,dastgah,mode,instrument,artist,split,status,by,when,was,confidence,content_hash,undone,task,start,\
stop,rate,predictor,version,id
/sounds/سه‌گاه، درآمد.wav,0.000000,5.000000,,,setar,,,accepted,'=cmd(),2026-11-22T12:00:00+00:00,setar,0.8125,\
0123456789abcdef0123456789abcdef,,instrument,0,220500,44100,probe:0a1b2c3d4e5f,0a1b2c3d4e5f6a7b,000000000000000a
/sounds/سه‌گاه، درآمد.wav,5.000000,10.000000,,,ney,,,corrected,'=cmd(),2026-11-22T12:00:00+00:00,setar,0.5000,\
0123456789abcdef0123456789abcdef,,instrument,220500,441000,44100,probe:0a1b2c3d4e5f,0a1b2c3d4e5f6a7b,000000000000000b
/sounds/سه‌گاه، درآمد.wav,0.000000,5.000000,,,,,,rejected,'=cmd(),2026-11-22T12:00:00+00:00,setar,0.8125,\
0123456789abcdef0123456789abcdef,,instrument,0,220500,44100,probe:0a1b2c3d4e5f,0a1b2c3d4e5f6a7b,000000000000000c
"""


def said(status: str, label: str, at: int = 0, number: int = 10, **other: object) -> Correction:
    values: dict[str, object] = {
        "path": Path("/sounds/سه‌گاه، درآمد.wav"),
        "content_hash": HASH,
        "rate": 44_100,
        "start": at * 220_500,
        "stop": (at + 1) * 220_500,
        "task": "instrument",
        "status": status,
        "label": label,
        "was": "setar",
        "confidence": 0.8125,
        "predictor": "probe:0a1b2c3d4e5f",
        "version": "0a1b2c3d4e5f6a7b",
        "by": "=cmd()",
        "when": "2026-11-22T12:00:00+00:00",
        "id": f"{number:016x}",
    }
    return Correction(**(values | other))  # type: ignore[arg-type]


def three() -> list[Correction]:
    return [
        said("accepted", "setar"),
        said("corrected", "ney", 1, 11, confidence=0.5),
        said("rejected", "", 0, 12),
    ]


def states(store: Corrections) -> dict[tuple[int, str], tuple[str, str]]:
    return {(one.start, one.task): (one.status, one.label) for one in store.in_force()}


def test_the_file_is_as_it_was_agreed(tmp_path: Path) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    for one in three():
        store.add(one)
    assert store.path.read_bytes().decode() == GOLDEN
    again = Corrections(store.path)
    assert again.refresh()
    assert again.of(HASH) == store.of(HASH) == {three()[1].key: three()[1], three()[2].key: three()[2]}


def test_rows_are_added_and_never_changed(tmp_path: Path) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    store.add(*three())
    store.undo(three()[2], by="somebody else")
    text = store.path.read_bytes().decode()
    assert text.startswith(GOLDEN)
    last = list(csv.DictReader(text.splitlines()))[-1]
    assert (last["status"], last["undone"], last["by"]) == ("undone", f"{12:016x}", "somebody else")
    assert store.of(HASH)[three()[0].key] == three()[0]  # what was said before holds again


def test_no_cell_is_a_formula_and_every_one_comes_back(tmp_path: Path) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    names = ["=1+1", "+1", "-1", "@me", "\tx", "'quoted", "'=both", 'with "quotes", commas', "علی", "two\nlines"]
    for place, name in enumerate(names):
        store.add(said("accepted", "setar", place, place, by=name))
    with store.path.open(newline="", encoding="utf-8") as file:
        assert not any(cell[:1] in "=+-@\t\r" for row in csv.reader(file) for cell in row if cell)
    again = Corrections(store.path)
    again.refresh()
    assert [one.by for one in again.in_force()] == [*names[:-1], "two lines"]


@pytest.mark.parametrize("name", ["two\nlines.wav", "ends in a space.wav ", "no\udcfftext.wav", "u\u2028.wav"])
def test_a_name_that_no_row_can_hold_is_refused(tmp_path: Path, name: str) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    with pytest.raises(PersianMirError, match="cannot be written into a table"):
        store.add(said("accepted", "setar", path=tmp_path / name))
    assert not store.path.exists()


@pytest.mark.parametrize(
    "fault",
    [
        {"label": ""},
        {"label": "No Label"},
        {"status": "sure"},
        {"task": "year"},
        {"stop": 0},
        {"rate": 0},
        {"undone": "1"},
        {"status": "rejected"},
    ],
)
def test_nonsense_is_no_statement(fault: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        said(**({"status": "accepted", "label": "setar"} | fault))  # type: ignore[arg-type]


steps = st.lists(
    st.tuples(
        st.sampled_from(["accepted", "corrected", "rejected", "undo"]),
        st.integers(0, 3),
        st.sampled_from(["instrument", "dastgah"]),
    ),
    max_size=30,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_any_sequence_gives_the_state_of_a_plain_dict(sequence: list[tuple[str, int, str]]) -> None:
    """The model: a list of statements for each stretch and task; undo takes away the last of one."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        store = Corrections(Path(folder) / "corrections.csv")
        model: dict[tuple[int, str], list[tuple[str, str]]] = {}
        labels = {"instrument": "tar", "dastgah": "nava"}
        for number, (what, at, task) in enumerate(sequence):
            key = (at * 220_500, task)
            if what == "undo":
                given_ = [one for one in store.in_force() if (one.start, one.task) == key]
                assert bool(given_) == bool(model.get(key))
                if given_:
                    store.undo(given_[0])
                    model[key].pop()
            else:
                label = "" if what == "rejected" else labels[task]
                store.add(said(what, label, at, number, task=task))
                model.setdefault(key, []).append((what, label))
        wanted = {key: rows[-1] for key, rows in model.items() if rows}
        assert states(store) == wanted
        again = Corrections(store.path)
        again.refresh()
        assert states(again) == wanted


# The disk, and other programs

TORN = """
import os, signal, sys
from pathlib import Path
from io import FileIO
from persian_mir.corrections import Corrections
sys.path.insert(0, sys.argv[2])
from test_corrections import said
import persian_mir.corrections as module
store = Corrections(Path(sys.argv[1]))
store.add(said("accepted", "setar", 0, 1))

class Dies(FileIO):
    def write(self, data):
        if len(data) > 1:
            super().write(data[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return super().write(data)

class DiesPath(type(Path())):
    def open(self, mode="r", **rest):
        return Dies(self, "a+b") if mode == "a+b" else super().open(mode, **rest)

store.path = DiesPath(sys.argv[1])
store.add(said("accepted", "setar", 1, 2))
"""


@pytest.mark.logs
def test_a_row_torn_by_a_kill_is_cut_off(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "corrections.csv"
    here = str(Path(__file__).parent)
    died = subprocess.run([sys.executable, "-c", TORN, str(path), here], capture_output=True, timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    torn = path.read_bytes()
    assert not torn.endswith(b"\n")
    store = Corrections(path)
    store.refresh()
    assert states(store) == {(0, "instrument"): ("accepted", "setar")}  # a reader does not trip over it
    store.add(said("corrected", "ney", 2, 3))  # nor does the dead one's lock hold anybody up
    assert "torn" in caplog.text
    assert len(list(csv.reader(path.read_text().splitlines(), strict=True))) == 3
    assert states(store) == {(0, "instrument"): ("accepted", "setar"), (441_000, "instrument"): ("corrected", "ney")}


WRITES = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_corrections import said
from persian_mir.corrections import Corrections
store = Corrections(Path(sys.argv[1]))
first, count = int(sys.argv[3]), int(sys.argv[4])
for number in range(first, first + count):
    store.add(said("accepted", "setar", number, number))
    print(number, flush=True)
"""


def write_in_a_process(path: Path, first: int, count: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WRITES, str(path), str(Path(__file__).parent), str(first), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


@pytest.mark.logs
def test_what_was_said_to_be_kept_survives_kill_9(tmp_path: Path) -> None:
    path, kept = tmp_path / "corrections.csv", set[int]()
    for start in (0, 100_000, 200_000):
        child = write_in_a_process(path, start, 100_000)
        assert child.stdout is not None
        kept.add(int(child.stdout.readline()))
        time.sleep(random.Random(start).uniform(0.0, 0.2))
        os.kill(child.pid, signal.SIGKILL)
        kept |= {int(line) for line in child.stdout.read().split()}
        child.wait()
        child.stdout.close()
    store = Corrections(path)
    store.add(said("accepted", "setar", 999_999, 999_999))
    found = {one.start // 220_500 for one in store.in_force()}
    assert kept | {999_999} <= found
    assert len(found - kept) <= 4  # a row each that was written, but not yet told


def test_two_programs_at_once_do_not_garble(tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    children = [write_in_a_process(path, 1000 * place, 60) for place in range(2)]
    store = Corrections(path)
    for number in range(5000, 5020):
        store.add(said("accepted", "setar", number, number))
    assert [len(child.communicate(timeout=60)[0].split()) for child in children] == [60, 60]
    store.refresh()
    wanted = {*range(60), *range(1000, 1060), *range(5000, 5020)}
    assert {one.start // 220_500 for one in store.in_force()} == wanted
    with path.open(newline="") as file:
        assert {len(row) for row in csv.reader(file, strict=True)} == {len(COLUMNS)}


def test_a_row_without_an_end_is_ended(tmp_path: Path) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    store.add(*three())
    store.path.write_bytes(store.path.read_bytes()[:-1])  # as some editors leave it
    again = Corrections(store.path)
    again.add(said("accepted", "setar", 7, 13))
    assert len(again.in_force()) == 3


@pytest.mark.logs
def test_a_spoilt_row_is_left_out_and_the_others_count(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    store.add(*three())
    lines = store.path.read_text().splitlines(keepends=True)
    lines[2] = lines[2].replace("441000", "soon")
    store.path.write_text("".join(lines))
    again = Corrections(store.path)
    again.refresh()
    assert states(again) == {(0, "instrument"): ("rejected", "")}
    assert "left out" in caplog.text


def test_another_file_is_not_written_to(tmp_path: Path) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    store.path.write_text("my,own\ntable,1\n")
    for act in (store.refresh, lambda: store.add(three()[0])):
        with pytest.raises(PersianMirError, match="not a file of corrections"):
            act()
    assert store.path.read_text() == "my,own\ntable,1\n"


def test_a_file_put_in_its_place_is_read_anew(tmp_path: Path) -> None:
    store, other = Corrections(tmp_path / "corrections.csv"), Corrections(tmp_path / "other.csv")
    store.add(*three())
    other.add(said("accepted", "tar", 5, 20))
    other.path.replace(store.path)
    assert store.refresh()
    assert states(store) == {(5 * 220_500, "instrument"): ("accepted", "tar")}


def test_a_disk_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    store = Corrections(tmp_path / "a file" / "corrections.csv")
    with pytest.raises(PersianMirError, match="cannot be written"):
        store.add(three()[0])
    assert store.in_force() == ()


# To learn from


def test_only_what_is_in_force_is_learnt_from(tmp_path: Path) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    store.add(*three(), said("corrected", "tar", 3, 20), said("accepted", "nava", 4, 21, task="dastgah", was="nava"))
    store.undo(store.of(HASH)[said("corrected", "tar", 3).key])
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


def test_a_recording_that_was_moved_is_learnt_from_where_it_is(tmp_path: Path) -> None:
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


def test_an_artist_is_a_column_of_the_manifest(tmp_path: Path) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    store.add(said("accepted", "ahmad-ebadi", task="artist", was="ahmad-ebadi"))
    (entry,) = read_dataset(training_manifest(store, "artist")).entries
    assert (dict(entry.labels), entry.artist) == ({"artist": "ahmad-ebadi"}, "ahmad-ebadi")


def test_by_default_the_login_name_says_it() -> None:
    import getpass

    plain = replace(three()[0])
    assert Correction(**{name: getattr(plain, name) for name in NEEDED}).by == getpass.getuser()


NEEDED = ("path", "content_hash", "rate", "start", "stop", "task", "status", "label")
