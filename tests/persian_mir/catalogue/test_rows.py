"""What a row is, and what a sequence of them comes to."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from persian_mir.catalogue.corrections import Correction, Corrections
from persian_mir.errors import PersianMirError
from persian_mir.recording import Recording

HASH = "0123456789abcdef0123456789abcdef"
RECORDING = Recording(Path("/a.wav"), HASH, 44100, 1, 1, "WAV", "none")
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


def test_the_file_is_as_it_was_agreed(tmp_path: Path, three) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    for one in three():
        store.add(one)
    assert store.path.read_bytes().decode() == GOLDEN
    again = Corrections(store.path)
    assert again.refresh()
    assert again.of(RECORDING) == store.of(RECORDING) == {three()[1].key: three()[1], three()[2].key: three()[2]}


def test_rows_are_added_and_never_changed(tmp_path: Path, three) -> None:
    store = Corrections(tmp_path / "corrections.csv")
    store.add(*three())
    store.undo(three()[2], by="somebody else")
    text = store.path.read_bytes().decode()
    assert text.startswith(GOLDEN)
    last = list(csv.DictReader(text.splitlines()))[-1]
    assert (last["status"], last["undone"], last["by"]) == ("undone", f"{12:016x}", "somebody else")
    assert store.of(RECORDING)[three()[0].key] == three()[0]  # what was said before holds again


def test_no_cell_is_a_formula_and_every_one_comes_back(tmp_path: Path, said) -> None:
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
def test_a_name_that_no_row_can_hold_is_refused(tmp_path: Path, name: str, said) -> None:
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
        {"rate": 10**25},
        {"stop": 10**25},
        {"confidence": float("nan")},
        {"confidence": float("-inf")},
        {"undone": "1"},
        {"status": "rejected"},
    ],
)
def test_nonsense_is_no_statement(fault: dict[str, object], said) -> None:
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


@settings(max_examples=60)
@given(sequence=steps)
def test_any_sequence_gives_the_state_of_a_plain_dict(sequence: list[tuple[str, int, str]], said, states) -> None:
    """The model: a list of statements for each stretch and task; undo takes away the last of one."""
    with TemporaryDirectory() as folder:
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


def test_by_default_the_login_name_says_it(three) -> None:
    import getpass

    plain = replace(three()[0])
    assert Correction(**{name: getattr(plain, name) for name in NEEDED}).by == getpass.getuser()


NEEDED = ("path", "content_hash", "rate", "start", "stop", "task", "status", "label")
