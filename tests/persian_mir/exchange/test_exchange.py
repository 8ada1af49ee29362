import csv
import io
import math
import stat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from persian_mir.errors import PersianMirError
from persian_mir.exchange.pitch_csv import notes_csv, pitch_csv, write_pitch_csv
from persian_mir.exchange.scales import (
    key_table,
    measured_scale,
    scl,
    tun,
    write_scl,
    write_tun,
)
from persian_mir.modal.degrees import Degree
from persian_mir.modal.pitch import PitchTrack

TRACK = PitchTrack(np.array([220, 0, 233.08], np.float32), np.array([0.9, 0, 0.75], np.float32), 0.016, 1.5)
DEGREES = (Degree(-3.0, 4, 0.4), Degree(138.2, 5, 0.3, farhat_cents=135.0), Degree(498.0, 5, 0.3, tet24_cents=500.0))


def test_pitch_csv_golden() -> None:
    assert pitch_csv(TRACK, 220.0) == (
        "time_s,hz,confidence,cents,kind\r\n1.5000,220.000,0.900,0.0,ornament\r\n1.5160,,0.000,,rest\r\n"
        "1.5320,233.080,0.750,100.0,ornament\r\n"
    )
    assert pitch_csv(TRACK).splitlines()[1] == "1.5000,220.000,0.900,,ornament"


def test_notes_csv_golden() -> None:
    hz = np.repeat([220.0, 247.0], 20).astype(np.float32)
    held = PitchTrack(hz, np.ones(40, np.float32), 0.016, 1.0)
    assert notes_csv(held, 220.0) == (
        "start_s,stop_s,hz,cents,spread_cents\r\n1.000,1.320,220.000,0.0,0.0\r\n1.320,1.640,247.000,200.4,0.0\r\n"
    )
    assert notes_csv(TRACK) == "start_s,stop_s,hz,cents,spread_cents\r\n"


def test_pitch_csv_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "پرده.csv"
    write_pitch_csv(path, TRACK, 110.0)
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode())))
    assert [float(row["time_s"]) for row in rows] == pytest.approx([1.5, 1.516, 1.532])
    assert float(rows[0]["cents"]) == 1200
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_scl_golden() -> None:
    assert scl("shour.scl", measured_scale(DEGREES), "Shour,\n as measured") == (
        "! shour.scl\n!\nShour, as measured\n 3\n!\n 138.200\n 498.000\n 1200.000\n"
    )


def test_tun_golden() -> None:
    lines = tun((0.0, 150.0, 500.0), 440.0, "test").splitlines()
    assert lines[:4] == ["; test", "; 440.000 Hz", "", "[Tuning]"]
    assert lines[4 + 69] == "note 69=6900"
    exact = lines[lines.index("[Exact Tuning]") :]
    assert exact[1] == "basefreq=8.17579892"
    assert exact[2 + 69] == "note 69=6900.000"
    assert exact[2 + 70] == "note 70=7050.000"
    assert exact[2 + 74] == "note 74=7400.000"
    assert len(exact) == 130


@given(
    st.lists(st.floats(51, 1149), max_size=11).map(lambda cents: (0.0, *sorted(cents))),
    st.floats(30, 3000),
)
def test_every_key_plays_the_nearest_note(scale: tuple[float, ...], tonic_hz: float) -> None:
    table = key_table(scale, tonic_hz)
    tonic = 1200 * math.log2(tonic_hz / 440.0) + 6900
    assert len(table) == 128
    assert list(table) == sorted(table)
    for key in (0, 60, 127):
        every = [tonic + 1200 * octave + cents for octave in range(-10, 11) for cents in scale]
        assert abs(table[key] - 100 * key) == pytest.approx(min(abs(note - 100 * key) for note in every), abs=1e-6)


def test_what_cannot_be_written_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PersianMirError, match="could not be written") as error:
        write_scl(tmp_path / "file" / "x.scl", (0.0,), "x")
    assert error.value.path == tmp_path / "file" / "x.scl"
    folder = tmp_path / "taken"
    folder.mkdir()
    with pytest.raises(PersianMirError):
        write_tun(folder, (0.0,), 440.0, "x")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "taken"]


def test_a_file_is_replaced_whole_and_readable_by_others(tmp_path: Path) -> None:
    path = tmp_path / "x.scl"
    path.write_text("old")
    write_scl(path, (0.0, 700.0), "new")
    assert path.read_text().splitlines()[2] == "new"
    assert path.stat().st_mode & stat.S_IRUSR
