"""Pitch pane, profile, degrees and exports on a melody whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from persian_mir.modal.explanation import explain
from persian_mir.modal.pitch import HOP_S, PitchTrack
from persian_mir.modal.reading import ModalReading, ModalSection, read_mode
from persian_mir.progress import SILENT
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.inspector.degrees_table import DegreesTable, cells
from persian_mir_gui.inspector.profile_view import ProfileView
from persian_mir_gui.modal.reading_work import Known
from persian_mir_gui.plots.picture_export import ExportError, save_picture
from persian_mir_gui.plots.pitch_strokes import contour
from persian_mir_gui.shell.exports import write_data
from persian_mir_gui.timeline.pitch_pane import PitchPane
from persian_mir_gui.widgets import formatting
from persian_mir_gui.widgets.note_signs import SIGNED
from persian_mir_gui.widgets.pitch_words import degree_lines, off_cents, tonic_note
from persian_mir_gui.widgets.theme import DARK, LIGHT
from persian_mir_gui.widgets.theme_source import ThemeSource

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

RATE = 16_000
SHAHED_HZ = 320.0
COURSE = [(0, 2), (150, 0.6), (0, 1), (-150, 0.6), (-350, 1), (-150, 0.4), (0, 2), (150, 0.5), (350, 0.6), (0, 1)]


def segah(seconds: float = 40.0) -> PitchTrack:
    once = np.concatenate([np.full(round(length / HOP_S), step) for step, length in COURSE])
    hz = SHAHED_HZ * 2 ** (np.resize(once, round(seconds / HOP_S)) / 1200)
    return PitchTrack(hz.astype(np.float32), np.ones(len(hz), np.float32))


class FakeReadings(QObject):
    changed = Signal()
    computing, tonic_hz = False, None

    def __init__(self, known: Known) -> None:
        super().__init__()
        self.known = known


class FakeSession(QObject):
    changed, current_changed = Signal(object), Signal(object)
    shown_changed = Signal()
    current: Any = SimpleNamespace(state="ready", labelling="none", predictions={})


@pytest.fixture(scope="module")
def reading() -> ModalReading:
    return read_mode(segah())


@pytest.fixture
def pane(qtbot: QtBot, reading: ModalReading, themes: ThemeSource) -> PitchPane:
    timeline = Timeline()
    timeline.set_recording(RATE, 40 * RATE)
    known = Known(reading.track, reading)
    stand_ins: Any = (FakeSession(), None, FakeReadings(known))
    made = PitchPane(timeline, *stand_ins, themes)
    qtbot.addWidget(made)
    made.resize(900, 300)
    return made


def test_strokes_break_at_rests_and_leaps() -> None:
    track = segah(4.0)
    track.confidence[50:60] = 0.1
    track.hz[100:] *= 2
    shape = contour(track)
    strokes = shape.strokes(0.0, 4.0)
    assert all(np.abs(np.diff(shape.cents[stroke])).max() < 250 for stroke in strokes)
    starts = {int(stroke[0]) for stroke in strokes}
    assert {0, 60, 100} <= starts
    assert not any(50 <= frame < 60 for stroke in strokes for frame in stroke)


def test_points_are_few_and_do_not_depend_on_where_the_view_begins() -> None:
    shape = contour(segah(600.0))
    points = shape.points(50.0, 350.0, 100)
    assert len(points) <= 2 * 3 * 100
    moved = shape.points(100.0, 400.0, 100)
    both = 101.0, 349.0
    assert [k for k in moved if both[0] < k * HOP_S < both[1]] == [k for k in points if both[0] < k * HOP_S < both[1]]


def test_silence_is_an_empty_contour_and_says_so(pane: PitchPane) -> None:
    silent = PitchTrack(np.zeros(100, np.float32), np.zeros(100, np.float32))
    assert contour(silent).empty
    pane._readings.known = Known(silent, read_mode(silent))
    pane._readings.changed.emit()
    assert pane.words() == "No pitch was heard in this recording."
    assert not pane.grab().isNull()


def test_without_a_track_the_pane_says_when_there_will_be_one(pane: PitchPane) -> None:
    pane._readings.known = Known()
    pane._readings.changed.emit()
    assert pane.words() == "Pitch appears when the modal reading has run."
    pane._readings.computing = True
    assert pane.words().startswith("Listening")


def test_the_shahed_has_one_accented_line_where_it_sounds(reading: ModalReading) -> None:
    lines = degree_lines(reading, -2400.0, 2400.0)
    (shahed,) = [line for line in lines if line.shahed]
    assert reading.tonic_hz is not None
    assert shahed.cents_a4 == pytest.approx(1200 * np.log2(reading.tonic_hz / 440), abs=1e-6)
    assert shahed.figure == f"shahed · {reading.tonic_hz:.1f} Hz"
    assert len([line for line in lines if line.tonic]) >= 3
    heights = [line.cents_a4 for line in lines]
    assert any(abs(height - shahed.cents_a4 - 150) < 15 for height in heights)


def test_the_tonic_is_named_and_its_distance_from_concert_pitch_told(reading: ModalReading) -> None:
    note = tonic_note(reading)
    assert note is not None
    assert note.text == "Mi koron"
    assert off_cents(329.628 * 2 ** (-50 / 1200), note) == pytest.approx(0.0, abs=0.1)


def test_contour_and_shahed_are_painted_in_both_themes(pane: PitchPane, themes: ThemeSource) -> None:
    for theme in (DARK, LIGHT):
        themes.set(theme)
        image = pane.grab().toImage()
        (y,) = np.round(pane.pitch.y(1200 * np.log2([pane._readings.known.whole.tonic_hz / 440]))).astype(int).tolist()
        found = {image.pixelColor(x, y + k).name() for x in range(120, 850) for k in (-1, 0, 1)}
        assert theme.accent.name() in found or theme.text.name() in found


def test_signs_are_drawn_and_heard_in_words(pane: PitchPane, qtbot: QtBot, reading: ModalReading) -> None:
    assert any("\U0001d1ea" in line.name for line in degree_lines(reading, -2400.0, 2400.0))
    assert "Shahed Mi koron, 320.0 Hz" in pane.accessibleDescription()
    assert "Fa +1" in pane.accessibleDescription()
    table = DegreesTable()
    qtbot.addWidget(table)
    table.show_reading(reading)
    cell = table.item(0, 0)
    assert cell is not None
    assert cell.text() == "Mi koron"
    assert "\U0001d1ea" in cell.data(SIGNED)
    assert not table.grab().isNull()


def test_a_hushed_pane_tells_nothing_of_the_mode(pane: PitchPane) -> None:
    told = pane.grab().toImage()
    pane.hush(True)
    assert pane.accessibleDescription() == ""
    assert "shahed" not in pane.describe_at(400, 150)
    assert pane.grab().toImage() != told
    pane.hush(False)
    assert "shahed" in pane.describe_at(400, 150)
    assert pane.grab().toImage() == told


def test_a_moving_playhead_does_not_draw_the_contour_again(pane: PitchPane, qtbot: QtBot) -> None:
    drawn: list[int] = []
    strip = QRect(300, 0, 13, pane.height())
    pane.pitch.draw = lambda *_news: drawn.append(1)  # type: ignore[method-assign]
    pane.show()
    qtbot.waitUntil(lambda: bool(drawn))
    pane.viewport().repaint()
    before = len(drawn)
    for _step in range(5):
        pane.viewport().repaint(strip)
    assert len(drawn) == before
    pane._timeline.set_view(0, 10 * RATE)
    pane.viewport().repaint()
    assert len(drawn) > before


def test_the_name_of_a_degree_at_an_edge_is_not_cut(pane: PitchPane) -> None:
    tonic = 1200 * np.log2(pane._readings.known.whole.tonic_hz / 440)

    def ink_of_name(low: float, high: float) -> int:
        """Rows of the bold name beside the shahed's line."""
        pane.box.setYRange(tonic + low, tonic + high, padding=0)
        pane.pitch.lines = [line for line in degree_lines(pane._readings.known.whole, *pane.span) if line.shahed]
        image = pane.grab().toImage()
        return sum(any(image.pixelColor(x, y).lightness() > 150 for x in range(60, 100)) for y in range(pane.height()))

    assert ink_of_name(-1000, 1) == ink_of_name(-500, 500) == ink_of_name(-1, 1000) > 5


def test_the_height_zooms_around_a_pitch(pane: PitchPane) -> None:
    before, at = pane.span, np.array([-500.0])
    place = pane.pitch.y(at)
    pane.zoom_height(2.0, -500.0)
    assert pane.span[1] - pane.span[0] == pytest.approx((before[1] - before[0]) / 2)
    assert pane.pitch.y(at) == pytest.approx(place)
    pane.reset_height()
    assert pane.span == before


@pytest.fixture
def profile(qtbot: QtBot, reading: ModalReading, themes: ThemeSource) -> ProfileView:
    view = ProfileView(themes)
    qtbot.addWidget(view)
    view.resize(600, 220)
    view.show_reading(reading, None)
    view.show()
    return view


def test_of_several_sections_the_profile_is_of_the_one_that_is_explained(
    profile: ProfileView, reading: ModalReading
) -> None:
    whole = replace(reading, modes=reading.modes[::-1], sections=(ModalSection(0.0, 9.0, reading),))
    profile.show_reading(whole, None)
    assert profile.plot is not None
    assert profile.plot.whole is reading
    assert formatting.label_name("mode", reading.modes[0][0]) in profile.legend.text()


def hand(profile: ProfileView, cents: float) -> QPointF:
    """Where a distance from the tonic lies, half way up."""
    assert profile.plot is not None
    return QPointF(profile.plot.place(cents))


def test_what_speaks_for_the_mode_is_marked_over_its_degree(profile: ProfileView, reading: ModalReading) -> None:
    assert profile.plot is not None
    bare = profile.plot.grab().toImage()
    why = explain(reading)
    profile.show_reading(reading, None, why)
    marked = profile.plot.grab().toImage()
    places = [profile.plot.place(row.cents, 1.09) for row in why.supporting if 50 < row.cents < 1150]
    assert places
    assert all(marked.pixelColor(place) != bare.pixelColor(place) for place in places)
    free = profile.plot.place(1000, 1.09)
    assert marked.pixelColor(free) == bare.pixelColor(free)


def test_the_lines_of_the_profile_are_named(profile: ProfileView) -> None:
    assert "dashed: Segah" in profile.legend.text()
    assert profile.plot is not None
    assert "Fa +1" in profile.plot.accessibleDescription()
    assert profile.focusProxy() is profile.plot


def test_dragging_the_mark_asks_for_another_tonic(
    qtbot: QtBot, profile: ProfileView, reading: ModalReading, drag: Callable[..., None]
) -> None:
    assert reading.tonic_hz is not None
    assert profile.plot is not None
    with qtbot.waitSignal(profile.tonic_wanted) as asked:
        drag(profile.plot, hand(profile, 0), hand(profile, 153))
    degree = min(reading.degrees, key=lambda one: abs(one.cents - 150))
    assert asked.args == [pytest.approx(reading.tonic_hz * 2 ** (degree.cents / 1200))]
    with qtbot.waitSignal(profile.tonic_wanted) as asked:
        drag(profile.plot, hand(profile, 1200), hand(profile, 1100))  # away from every degree: as far as one drags
    assert asked.args == [pytest.approx(reading.tonic_hz * 2 ** (-100 / 1200), rel=0.003)]


def test_a_double_click_takes_a_peak_and_the_arrows_move_the_tonic(
    qtbot: QtBot, profile: ProfileView, reading: ModalReading
) -> None:
    assert reading.tonic_hz is not None
    assert profile.plot is not None
    with qtbot.waitSignal(profile.tonic_wanted) as asked:
        at = hand(profile, 355).toPoint()
        qtbot.mouseDClick(profile.plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    degree = min(reading.degrees, key=lambda one: abs(one.cents - 350))
    assert asked.args == [pytest.approx(reading.tonic_hz * 2 ** (degree.cents / 1200))]
    with qtbot.waitSignal(profile.tonic_wanted) as asked:
        qtbot.keyClick(profile.plot, Qt.Key.Key_Left)
    assert asked.args == [pytest.approx(reading.tonic_hz * 2 ** (-5 / 1200))]


def test_a_press_or_a_drag_away_from_the_mark_changes_nothing(
    qtbot: QtBot, profile: ProfileView, drag: Callable[..., None]
) -> None:
    assert profile.plot is not None
    seen = profile.plot.box.viewRange()
    with qtbot.assertNotEmitted(profile.tonic_wanted):
        drag(profile.plot, hand(profile, 560), hand(profile, 600))
    assert profile.plot.box.viewRange() == seen


def test_without_a_reading_the_profile_is_empty_again(profile: ProfileView) -> None:
    assert profile.plot is not None
    full = profile.plot.grab().toImage()
    profile.show_reading(None, None)
    assert profile.legend.text() == ""
    assert profile.plot.accessibleDescription() == ""
    assert profile.plot.grab().toImage() != full


def test_the_table_shows_what_was_played_beside_theory(qtbot: QtBot, reading: ModalReading) -> None:
    table = DegreesTable()
    qtbot.addWidget(table)
    table.show_reading(reading)
    assert table.rowCount() == len(table.degrees) >= 5
    second = min(reading.degrees, key=lambda one: abs(one.cents - 150))
    row = cells(second)
    assert row[0] == "Fa"
    assert row[2] == row[4] == "150"
    with qtbot.waitSignal(table.listen_wanted) as asked:
        table.setCurrentCell(1, 0)
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert asked.args == [pytest.approx(table.degrees[1].cents)]


@pytest.mark.parametrize("name", ["pitch.png", "pitch.svg"])
def test_pictures_are_written_whole(pane: PitchPane, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    save_picture(path, QSize(900, 300), DARK.background, "Segah", pane.paint_picture)
    if path.suffix == ".svg":
        assert QSvgRenderer(str(path)).isValid()
        assert b"<title>Segah</title>" in path.read_bytes()
        assert b"shahed" in path.read_bytes()
    else:
        image = QImage(str(path))
        assert image.size() == QSize(1800, 600)
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["profile.png", "profile.svg"])
def test_the_profile_is_a_picture_with_its_names(profile: ProfileView, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    profile.show_reading(profile.plot.whole if profile.plot else None, None, explain(read_mode(segah())))
    save_picture(path, QSize(600, 220), DARK.panel, "Segah", profile.paint_picture)
    if path.suffix == ".svg":
        text = path.read_text(encoding="utf-8")
        assert "dashed: Segah" in text
        assert "1200" in text
        assert "<image" not in text  # curves and marks are drawn, not pixels
    else:
        assert QImage(str(path)).size() == QSize(1200, 440)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    def nothing(_painter: QPainter) -> None:
        return

    with pytest.raises(ExportError, match="could not be written"):
        save_picture(tmp_path / "no" / "x.png", QSize(10, 10), DARK.panel, "", nothing)


def test_data_files_hold_the_scale_and_the_track(tmp_path: Path, reading: ModalReading) -> None:
    for what, name in (("pitch-track", "a.csv"), ("scala", "a.scl"), ("tuning", "a.tun")):
        write_data(what, tmp_path / name, reading.track, reading, "Segah", SILENT)
    assert len((tmp_path / "a.csv").read_text().splitlines()) == len(reading.track.hz) + 1
    assert "Segah" in (tmp_path / "a.scl").read_text()
    assert "[Tuning]" in (tmp_path / "a.tun").read_text()
