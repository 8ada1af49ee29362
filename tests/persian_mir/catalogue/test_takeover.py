"""What people said in `corrections.csv` is in the catalogue, each row once, and the file stays as it is."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.correction_rows import COLUMNS, one_line
from persian_mir.catalogue.corrections import Correction, Corrections
from persian_mir.catalogue.statement_rows import in_force
from persian_mir.csv_text import csv_line
from persian_mir.errors import PersianMirError
from persian_mir.recording import Recording

HASH = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def store(tmp_path: Path, three: Callable[[], list[Correction]]) -> Corrections:
    store = Corrections(tmp_path / "corrections.csv")
    store.add(*three())
    return store


def test_every_row_is_kept_and_new_ones_come_later(
    store: Corrections, catalogue: Catalogue, said: Callable[..., Correction]
) -> None:
    before = store.path.read_bytes()
    assert catalogue.take_over_corrections(store.path) == 3
    assert catalogue.take_over_corrections(store.path) == 0
    assert store.path.read_bytes() == before
    told = catalogue.statements_of(HASH)
    rows = sorted(told, key=lambda one: one.id)
    assert [(one.task, one.start, one.status, one.label, one.who) for one in rows] == [
        ("instrument", 0, "accepted", "setar", "=cmd()"),
        ("instrument", 220_500, "corrected", "ney", "=cmd()"),
        ("instrument", 0, "rejected", "", "=cmd()"),
    ]
    assert catalogue.provenance_of(rows[1].id).parameters == {
        **{"was": "setar", "confidence": 0.5, "predictor": "probe:0a1b2c3d4e5f", "version": "0a1b2c3d4e5f6a7b"}
    }
    store.undo(store.in_force()[-1])
    store.add(said("accepted", "ney", 3, 20))
    assert catalogue.take_over_corrections(store.path) == 2
    assert len(catalogue.statements_of(HASH)) == 5


def test_what_holds_is_what_holds_in_the_file(
    store: Corrections, catalogue: Catalogue, said: Callable[..., Correction]
) -> None:
    store.add(said("corrected", "tar", 1, 21, when="2026-11-22T13:00:00+00:00"))
    store.undo(next(one for one in store.in_force() if one.label == "tar"))
    catalogue.take_over_corrections(store.path)
    held = {(one.start, one.task, one.status, one.label) for one in in_force(catalogue.statements_of(HASH))}
    assert held == {(one.start, one.task, one.status, one.label) for one in store.in_force()}


def test_the_recording_comes_to_its_statements_whatever_hash_they_were_said_of(
    store: Corrections, catalogue: Catalogue
) -> None:
    """Earlier versions knew a recording by its file: once the sound is known, both are one."""
    recording = Recording(Path("/b.wav"), "f" * 32, 44_100, 10**6, 2, "WAV", "x", earlier_hashes=(HASH,))
    catalogue.put_recording(Recording(Path("/b.wav"), "f" * 32, 44_100, 10**6, 2, "WAV", "x"), "Radio")
    catalogue.set_notes("f" * 32, ["mine"])
    catalogue.take_over_corrections(store.path)
    assert catalogue.count() == 2
    catalogue.put_recording(recording)
    assert catalogue.count() == 1
    assert len(catalogue.statements_of("f" * 32)) == 3
    assert catalogue.describe(HASH).notes == ("mine",)
    assert dict(catalogue.facets()["instrument"]) == {"ney": 1}
    assert catalogue.facets()["collection"] == ((catalogue.facets()["collection"][0][0], 1),)
    assert catalogue.check() == ()


def test_the_users_own_catalogue_takes_them_over_when_it_is_opened(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, three: Callable[[], list[Correction]]
) -> None:
    monkeypatch.setenv("PERSIAN_MIR_HOME", str(tmp_path))
    Corrections().add(*three())
    with Catalogue.open() as catalogue:
        assert len(catalogue.statements_of(HASH)) == 3
    with Catalogue.open() as catalogue:
        assert len(catalogue.statements_of(HASH)) == 3


@pytest.mark.logs
def test_a_file_that_is_something_else_is_told_and_stops_no_catalogue(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, catalogue: Catalogue
) -> None:
    monkeypatch.setenv("PERSIAN_MIR_HOME", str(tmp_path))
    path = tmp_path / "data" / "corrections.csv"
    path.parent.mkdir()
    path.write_text("a,b\n1,2\n")
    with pytest.raises(PersianMirError):
        catalogue.take_over_corrections(path)
    with Catalogue.open() as own:
        assert own.count() == 0
    assert path.read_text() == "a,b\n1,2\n"


@pytest.mark.logs
def test_a_torn_row_is_left_until_it_is_whole(store: Corrections, catalogue: Catalogue) -> None:
    whole = store.path.read_bytes()
    store.path.write_bytes(whole[:-20])
    assert catalogue.take_over_corrections(store.path) == 2
    store.path.write_bytes(whole)
    assert catalogue.take_over_corrections(store.path) == 1


CELLS = st.sampled_from(
    [
        "",
        "nan",
        "-inf",
        "1e999",
        "9" * 18,
        "9" * 25,
        "9" * 5000,
        "-1",
        "٣",
        "1.5",
        "x" * 5000,
        "\x1b[2J",
        "\u202e",
        "{}",
    ]
)


@pytest.mark.logs
@given(column=st.sampled_from(COLUMNS), cell=CELLS | st.text(max_size=20))
def test_whatever_stands_in_a_cell_the_other_rows_are_taken_over(
    column: str, cell: str, three: Callable[[], list[Correction]]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        store = Corrections(Path(place, "corrections.csv"))
        store.add(*three())
        rows = list(csv.reader(store.path.read_text(encoding="utf-8").splitlines()))
        rows[2][COLUMNS.index(column)] = one_line(cell)
        store.path.write_text("".join(map(csv_line, rows)), encoding="utf-8")
        Corrections(store.path).refresh()
        with Catalogue.open(Path(place, "catalogue.sqlite")) as catalogue:
            catalogue.take_over_corrections(store.path)
            told = {one.id for one in catalogue.statements_of(HASH)}
            assert {f"{10:016x}", f"{12:016x}"} <= told
            assert catalogue.check() == ()
