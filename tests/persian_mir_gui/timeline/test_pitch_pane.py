"""The pitch of a known melody: contour, lines of its degrees, names, zoom, picture."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, QRect, QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from persian_mir.modal.modulations import Modulation
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.reading import ModalReading, read_mode
from persian_mir.prediction import Verdict
from persian_mir_gui.core.timeline import Timeline
from persian_mir_gui.inspector.degrees_table import DegreesTable
from persian_mir_gui.modal.reading_work import Known
from persian_mir_gui.plots.picture_export import save_picture
from persian_mir_gui.plots.pitch_strokes import contour
from persian_mir_gui.timeline.pitch_pane import PitchPane
from persian_mir_gui.widgets.note_signs import SIGNED
from persian_mir_gui.widgets.pitch_words import degree_lines, off_cents, tonic_note
from persian_mir_gui.widgets.theme import DARK, LIGHT
from persian_mir_gui.widgets.theme_source import ThemeSource

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


RATE = 16_000


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

    pane.grab()  # laid out, which fits the height anew

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


@pytest.mark.parametrize("height", [84, 144, 300, 800])
def test_the_highest_notes_lie_below_the_marks_of_modes(pane: PitchPane, height: int) -> None:
    """In a low pane the marks covered a kamancheh's highest notes, which lay two or three lines below the edge."""
    cents = np.repeat(np.resize([-900.0, -700.0, -400.0, 300.0], 80), 31)
    hz = (440 * 2 ** (cents / 1200)).astype(np.float32)
    pane._readings.known = Known(PitchTrack(hz, np.ones_like(hz)), pane._readings.known.whole)
    pane._readings.changed.emit()
    pane.resize(900, height)
    pane.grab()
    verdict = Verdict("mode", "mahour", 0.9, "shour", 0.1)
    pane.pitch.modulations = [Modulation(10.0, verdict, verdict)]
    pane.reset_height()
    highest, lowest = pane.pitch.y(np.array([300.0, -900.0]))
    area = pane.pitch.area
    assert highest > area.top() + pane.pitch.marks_px + 5
    assert lowest < area.bottom() - 5


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
