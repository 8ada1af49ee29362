"""Pitch as it is played, on a melody whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from persian_mir.modal.live import TRACE_S
from persian_mir.modal.pitch import HOP_S, PitchTrack
from persian_mir.modal.reading import ModalReading, read_mode
from persian_mir_gui.plots.melody import cents_above, melody
from persian_mir_gui.plots.pitch_trace import AHEAD_S, PitchTrace, height
from persian_mir_gui.widgets.theme import DARK, LIGHT
from persian_mir_gui.widgets.theme_source import ThemeSource

TONIC_HZ = 220.0
COURSE = [(0, 2), (135, 1), (0, 1), (-100, 0.5), (-365, 1), (-500, 0.5), (0, 1.5), (135, 0.6), (390, 0.8), (0, 2)]


def played(seconds: float, tonic_hz: float = TONIC_HZ) -> PitchTrack:
    once = np.concatenate([np.full(round(length / HOP_S), step) for step, length in COURSE])
    hz = tonic_hz * 2 ** (np.resize(once, round(seconds / HOP_S)) / 1200)
    return PitchTrack(hz.astype(np.float32), np.ones(len(hz), np.float32))


@pytest.fixture(scope="module")
def reading() -> ModalReading:
    return read_mode(played(40.0))


@pytest.fixture
def trace(qtbot: QtBot) -> PitchTrace:
    made = PitchTrace(ThemeSource(DARK))
    qtbot.addWidget(made)
    made.resize(2000, 250)  # each frame has its pixel
    made.show()
    return made


def line(trace: PitchTrace) -> tuple[np.ndarray, np.ndarray]:
    xs, ys = trace._played.getData()
    return xs, ys


def test_the_newest_pitch_stands_at_now_and_twenty_seconds_are_seen(trace: PitchTrace, reading: ModalReading) -> None:
    trace.show_track(played(40.0).cut(20.0, 40.0), reading)
    xs, ys = line(trace)
    assert xs[0] == pytest.approx(-TRACE_S)
    assert xs[-1] == pytest.approx(-HOP_S)
    assert trace.box.viewRange()[0] == pytest.approx([-TRACE_S, 0.0])
    expected = cents_above(played(40.0).cut(20.0, 40.0), reading.tonic_hz or 0.0)
    assert np.allclose(ys, expected, equal_nan=True)
    assert not trace.accessibleName().endswith("{number} s")


def test_rests_and_leaps_break_the_line() -> None:
    track = played(4.0)
    track.confidence[10:20] = 0.1
    track.hz[100:] *= 2
    cents = cents_above(track, TONIC_HZ)
    assert np.isnan(cents[10:20]).all()
    assert np.isnan(cents[100])
    assert np.isfinite(np.delete(cents, [*range(10, 20), 100])).all()


def test_the_degrees_of_the_mode_are_lines_with_names(trace: PitchTrace, reading: ModalReading) -> None:
    trace.show_track(played(20.0), None)
    before = [one.name for one in trace.notes.marks]
    assert len(before) >= 9  # semitones
    trace.show_track(played(20.0), reading)
    (tonic,) = [one for one in trace.notes.marks if one.cents == 0.0]
    assert tonic.strong
    assert "La" in tonic.name
    near = [min(abs(one.cents - step) for one in trace.notes.marks) for step, _length in COURSE]
    assert max(near) < 40
    assert len(trace._lines) == len(trace.notes.marks)


def test_the_reference_runs_with_the_player_and_is_seen_before_its_time(
    trace: PitchTrace, reading: ModalReading
) -> None:
    trace.show_reference(melody(played(40.0, 330.0), read_mode(played(40.0, 330.0))))
    assert trace.box.viewRange()[0] == pytest.approx([AHEAD_S - TRACE_S, AHEAD_S])
    times, cents = trace._reference.getData()
    assert times[0] == 0.0  # nothing is played yet: its start stands at now
    assert times[-1] == pytest.approx(AHEAD_S, abs=2 * HOP_S)
    whole = played(40.0)
    trace.show_track(whole.cut(0.0, 10.0), reading)  # it begins here
    trace.show_track(whole.cut(0.0, 17.0), reading)
    times, cents = trace._reference.getData()
    assert times[0] == pytest.approx(-7.0, abs=HOP_S)
    assert times[-1] == pytest.approx(AHEAD_S, abs=2 * HOP_S)
    sounding = cents[np.isfinite(cents)]
    assert abs(sounding[0]) < 15  # above its own tonic, wherever that lies
    trace.show_reference(None)
    assert trace._reference.getData()[0] is None or not len(trace._reference.getData()[0])


def test_a_narrow_view_draws_fewer_frames_and_always_the_same(trace: PitchTrace, reading: ModalReading) -> None:
    trace.resize(400, 250)
    trace.grab()
    whole = played(40.0)
    shown = []
    for stop in (30.0, 30.0 + HOP_S):
        trace.show_track(whole.cut(stop - TRACE_S, stop), reading)
        times, _cents = line(trace)
        shown.append({round((stop + time) / HOP_S) for time in times})
    assert len(shown[0]) < 450
    assert len(shown[0] ^ shown[1]) <= 2  # but for the ends


def test_what_is_drawn_is_bounded_however_long_the_reference(trace: PitchTrace, reading: ModalReading) -> None:
    trace.show_reference(melody(played(900.0), reading))
    trace.show_track(played(5.0), reading)
    trace.show_track(PitchTrack(played(20.0).hz, played(20.0).confidence, HOP_S, 600.0), reading)
    assert len(trace._reference.getData()[0]) <= TRACE_S / HOP_S + 1
    assert len(line(trace)[0]) <= TRACE_S / HOP_S + 1


def test_the_height_follows_the_melody_without_stray_octaves_nor_jumps() -> None:
    cents = np.concatenate([np.linspace(-500, 700, 200), [3600.0, np.nan]])
    low, high = height(cents, (-450.0, 450.0))
    assert low <= -500 < 700 <= high < 1500
    assert height(cents[50:150], (low, high)) == (low, high)  # a little less is no reason to move
    assert height(np.full(9, np.nan), (low, high)) == (low, high)
    assert height(np.array([2000.0]), (low, high))[1] > 2000


def test_both_colour_schemes_are_painted(trace: PitchTrace, reading: ModalReading) -> None:
    trace.show_track(played(20.0), reading)
    dark = trace.grab().toImage()
    trace.set_theme(LIGHT)
    assert trace.grab().toImage() != dark
