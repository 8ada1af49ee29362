"""What the timeline paints: header, waveform, playhead, in every state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication

from persian_mir.errors import AudioError
from persian_mir.modal.pitch import PitchTrack
from persian_mir_gui.modal.reading_work import Known
from persian_mir_gui.plots import samples
from persian_mir_gui.plots.picture_export import save_picture
from persian_mir_gui.plots.samples import Stretch
from persian_mir_gui.plots.time_axis import HEIGHT_PX
from persian_mir_gui.plots.time_scale import GUTTER, MARGIN
from persian_mir_gui.timeline.header import LEAST
from persian_mir_gui.timeline.pane import TimePane
from persian_mir_gui.widgets.theme import DARK, LIGHT

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen display cannot

RATE = 44100


def test_the_playhead_stands_on_its_sample(stage: Any) -> None:
    stage.show(stage.item_of())
    stage.timeline.set_playhead(77 * RATE)
    head = stage.view.panes.playhead
    assert abs(head.geometry().center().x() - stage.view.panes.waveform.time_scale.x(77 * RATE)) <= 1
    below, above = stage.image(), DARK.playhead
    x = round(stage.view.panes.waveform.time_scale.x(77 * RATE))
    y = stage.view.panes.waveform.geometry().top() + HEIGHT_PX + 5
    assert any(abs(below.pixelColor(x + k, y).red() - above.red()) < 60 for k in (-1, 0, 1))


def test_the_selection_is_seen_on_the_ruler_and_in_every_pane(stage: Any) -> None:
    stage.show(stage.item_of())
    bare = stage.image()
    stage.timeline.select(60 * RATE, 90 * RATE)
    image, panes = stage.image(), stage.view.panes
    x = round(panes.waveform.time_scale.x(75.3 * RATE))
    tops = [panes.waveform.y() + HEIGHT_PX, panes.pitch.y()]
    for y in (tops[0] - 2, tops[0] + 4, tops[1] + 6):
        assert image.pixelColor(x, y) != bare.pixelColor(x, y)
        assert image.pixelColor(x + 300, y) == bare.pixelColor(x + 300, y)
    stage.timeline.clear_selection()
    assert stage.image() == bare


def test_of_a_selection_that_goes_with_the_playhead_nothing_stays(stage: Any) -> None:
    """The playhead's own strip was painted first, and what was selected before stayed between the lanes."""
    stage.show(stage.item_of())
    stage.predict(("modal", "dastgah"), stage.prediction_of([stage.row("segah", 0.9)] * 8, 30))
    stage.timeline.select(20 * RATE, 40 * RATE)
    panes = [pane for pane in stage.view.panes.findChildren(TimePane) if pane.isVisible()]
    seen = [Painted(pane) for pane in panes]
    stage.qtbot.wait(100)
    for place in seen:
        place.region = QRegion()
    stage.timeline.select(100 * RATE, 120 * RATE)
    stage.timeline.set_playhead(100 * RATE)
    stage.qtbot.wait(100)
    before = stage.point(30 * RATE, 2)
    assert len(panes) >= 3
    assert all(place.region.contains(before) for place in seen)


class Painted(QObject):
    """What is painted of a pane."""

    def __init__(self, pane: TimePane) -> None:
        super().__init__(pane)
        self.region = QRegion()
        pane.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if isinstance(event, QPaintEvent):
            self.region = self.region.united(event.region())
        return super().eventFilter(watched, event)


def test_another_theme_repaints_everything(stage: Any) -> None:
    stage.show(stage.item_of())
    dark = stage.image()
    stage.themes.set(LIGHT)
    light = stage.image()
    for pane in (stage.view.panes.overview, stage.view.panes.waveform):
        corner = pane.geometry().topLeft() + pane.box.geometry().topLeft().toPoint() + QPoint(6, 6)
        assert dark.pixelColor(corner) == DARK.panel or pane is stage.view.panes.overview
        assert light.pixelColor(corner).lightness() > 200 > dark.pixelColor(corner).lightness()
    assert light.pixelColor(3, 300) == LIGHT.background


def test_every_state_says_what_it_is(stage: Any) -> None:
    waveform = stage.view.panes.waveform
    assert waveform.words() == "Open a recording or drop files here"
    stage.show(stage.failing(state="opening"))
    assert waveform.words() == "Opening…"
    error = AudioError("The file is empty.", path="a.wav", cure="Copy it again.")
    stage.show(stage.failing(state="failed", error=error))
    assert waveform.words() == "The file is empty.\nCopy it again."
    assert not stage.image().isNull()
    stage.show(stage.item_of())
    assert waveform.words() == ""


def test_the_header_names_the_recording_in_both_scripts(stage: Any) -> None:
    item = stage.item_of(252.38)
    item.synthesised = True
    stage.show(item)
    title, facts = stage.view.header.title.text(), stage.view.header.facts.text()
    assert "Segah, daramad" in title
    assert "سه‌گاه، درآمد" in title
    assert "synthesised" in facts
    assert "FLAC · 44.1 kHz · mono · 04:12.380" in facts


def test_where_there_is_little_room_the_header_leaves_out_facts_and_cuts_none(stage: Any) -> None:
    stage.show(stage.item_of(252.38))
    header = stage.view.header
    for width in (700, 460, 330):
        header.resize(width, header.height())
        assert header.facts.sizeHint().width() + LEAST <= width - GUTTER - MARGIN
    assert "04:12.380" in header.facts.text()
    assert "FLAC" not in header.facts.text()


def test_a_waveform_that_is_still_read_ends_where_it_is_known(stage: Any) -> None:
    item = stage.item_of()
    assert item.pyramid is not None
    item.pyramid.ready_frames = item.pyramid.frames // 2
    stage.show(item)

    def painted(second: float) -> bool:
        pane = stage.view.panes.waveform.geometry()
        x = round(stage.view.panes.waveform.time_scale.x(second * RATE))
        return stage.image().pixelColor(x, pane.center().y()) != DARK.panel

    assert painted(100)
    assert not painted(140)
    item.pyramid.ready_frames = item.pyramid.frames
    stage.session.pyramid_grew.emit(item)
    assert painted(140)


def test_a_moving_playhead_asks_the_pyramid_nothing(stage: Any) -> None:
    item = stage.show(stage.item_of())
    stage.image()
    assert item.pyramid is not None
    asked = item.pyramid.asked
    for second in range(10):
        stage.timeline.set_playhead(second * RATE)
        QApplication.processEvents()
    assert item.pyramid.asked == asked


def test_on_a_large_screen_too_a_moving_playhead_draws_nothing_again(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.show(stage.item_of())
    stage.predict(("m", "dastgah"), stage.prediction_of([stage.row("segah", 0.9)], 30))
    stage.view.resize(3840, 2160)
    drawn: list[object] = []
    for layer in (stage.view.panes.waveform.waveform, stage.view.panes.lanes.cells, stage.view.panes.pitch.pitch):
        monkeypatch.setattr(layer, "draw", lambda *what: drawn.append(what))
        layer.refresh()
    stage.qtbot.waitUntil(lambda: len(drawn) >= 3)
    QApplication.processEvents()
    drawn.clear()
    for second in range(10):
        stage.timeline.set_playhead(second * RATE)
        QApplication.processEvents()
    assert drawn == []


def test_single_samples_are_read_by_a_job_and_drawn_when_there(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []

    def read(path: Path, start: int, frames: int, _progress: object) -> Stretch:
        asked.append((start, frames))
        wave = np.sin((start + np.arange(frames)) / 5).astype(np.float32)
        return Stretch(path, start, wave[None])

    monkeypatch.setattr(samples, "read_stretch", read)
    stage.show(stage.item_of())
    stage.timeline.set_view(100 * RATE, 100 * RATE + 150)
    coarse = stage.image()
    stage.qtbot.waitSignal(stage.view.panes.waveform.reader.arrived).wait()
    fine = stage.image()
    assert fine != coarse
    assert len(asked) == 1
    assert asked[0][0] <= 100 * RATE < 100 * RATE + 150 <= sum(asked[0])
    stage.timeline.set_view(100 * RATE + 50, 100 * RATE + 250)
    stage.image()
    assert len(asked) == 1


@pytest.mark.parametrize("size", [(40, 40), (GUTTER, 100), (3000, 200)])
def test_any_size_can_be_painted(stage: Any, size: tuple[int, int]) -> None:
    stage.show(stage.item_of(0.0001))
    stage.predict(("m", "dastgah"), stage.prediction_of([stage.row("segah", 0.9)], 30))
    stage.view.resize(*size)
    assert not stage.image().isNull()


def test_a_quiet_recording_is_painted_as_high_as_a_loud_one(stage: Any) -> None:
    item = stage.show(stage.item_of())
    loud = stage.image()
    assert item.pyramid is not None
    quiet = stage.item_of()
    assert quiet.pyramid is not None
    quiet.pyramid.loudness = 0.125
    stage.show(quiet)
    assert stage.image() == loud


def test_samples_that_cannot_be_read_leave_the_coarse_picture(stage: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def read(path: Path, start: int, frames: int, _progress: object) -> Stretch:
        asked.append(start)
        raise AudioError("The file is gone.", path=path)

    monkeypatch.setattr(samples, "read_stretch", read)
    stage.show(stage.item_of())
    with stage.qtbot.waitSignal(stage.view.panes.waveform.reader.arrived):
        stage.timeline.set_view(100 * RATE, 100 * RATE + 150)
        coarse = stage.image()
    assert stage.image() == coarse
    stage.timeline.set_view(200 * RATE, 200 * RATE + 150)
    stage.image()
    assert len(asked) == 1


def test_the_pitch_is_written_with_its_times_however_it_is_folded(stage: Any, tmp_path: Path) -> None:
    stage.show(stage.item_of())
    hz = 220 * 2 ** (np.repeat(np.arange(240) % 5, 62) / 12)
    readings = stage.view.panes.pitch._readings
    readings.known = Known(PitchTrack(hz.astype(np.float32), np.ones(len(hz), np.float32)))
    readings.changed.emit()
    stage.timeline.set_view(0, 60 * RATE)
    stage.timeline.select(20 * RATE, 30 * RATE)
    for folded in (False, True):
        stage.view.show_pitch(not folded)
        picture = stage.view.panes.pitch_picture()
        path = tmp_path / "pitch.svg"
        save_picture(path, picture.size(), DARK.background, "Segah", picture.paint_picture)
        written = path.read_text()
        assert "<image" not in written
        assert all(f">00:{second:02}<" in written for second in range(0, 60, 10))
        assert max(len(line) for line in written.split("<polyline")) > 1000  # the contour, as one line
        assert DARK.selection.name() not in written
