"""The notes of a score over the pitch of a recording: where they lie, which stands out, what a click does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from persian_mir.modal.names import NoteName
from persian_mir.modal.pitch import PitchTrack
from persian_mir_gui.modal.reading_work import Known
from persian_mir_gui.plots.note_bars import STRENGTH, NoteBars
from persian_mir_gui.plots.picture_export import save_picture
from persian_mir_gui.plots.written_note import WrittenNote
from persian_mir_gui.timeline.pitch_pane import PitchPane
from persian_mir_gui.widgets.theme import DARK, LIGHT, mixed

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the offscreen display cannot

RATE = 44100
LA, MI = NoteName("La", "", 4), NoteName("Mi", "koron", 4)
PLAYED = WrittenNote(0, 10.0, 20.0, 0.0, LA)
NEXT = WrittenNote(1, 20.0, 30.0, -550.0, MI)
MISSING = WrittenNote(2, 30.0, 36.0, 200.0, LA, played=False)


@pytest.fixture
def pane(stage: Any) -> PitchPane:
    stage.show(stage.item_of())
    hz = np.full(4000, 440.0, np.float32)
    readings = stage.view.panes.pitch._readings
    readings.known = Known(PitchTrack(hz, np.ones_like(hz)))
    readings.changed.emit()
    stage.timeline.set_view(0, 60 * RATE)
    stage.view.show_notes([PLAYED, NEXT, MISSING])
    found = stage.view.panes.pitch
    assert isinstance(found, PitchPane)
    return found


def colour(pane: PitchPane, one: WrittenNote) -> QColor:
    """Of a bar, beside its frame and the contour."""
    rect = pane.bars.rect(one)
    return pane.grab().toImage().pixelColor(round(rect.center().x()), round(rect.bottom() - 3))


def test_a_bar_lies_at_its_note_s_time_and_pitch(pane: PitchPane) -> None:
    rect = pane.bars.rect(PLAYED)
    assert rect.left() == pytest.approx(pane.time_scale.x(10 * RATE))
    assert rect.right() == pytest.approx(pane.time_scale.x(20 * RATE), abs=1.5)
    assert pane.pitch.cents_at(rect.center().y()) == pytest.approx(0.0, abs=1.0)
    assert pane.pitch.cents_at(pane.bars.rect(NEXT).center().y()) == pytest.approx(-550.0, abs=1.0)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_the_note_that_sounds_stands_out_and_what_is_left_out_is_hollow(
    stage: Any, pane: PitchPane, theme: Any
) -> None:
    stage.themes.set(theme)
    usual = mixed(theme.accent, theme.panel, STRENGTH)
    assert close(colour(pane, PLAYED), usual)
    assert close(colour(pane, MISSING), theme.panel)
    stage.timeline.set_playhead(12 * RATE)
    assert pane.bars.sounding == PLAYED
    assert close(colour(pane, PLAYED), mixed(theme.accent, theme.panel, 0.9))
    assert close(colour(pane, NEXT), usual)
    stage.timeline.set_playhead(25 * RATE)
    assert close(colour(pane, PLAYED), usual)
    stage.timeline.set_playhead(33 * RATE)
    assert pane.bars.sounding is None


def close(one: QColor, other: QColor) -> bool:
    return all(abs(a - b) <= 3 for a, b in zip(one.getRgb(), other.getRgb(), strict=True))


def test_only_what_changes_is_painted_while_it_plays(
    stage: Any, pane: PitchPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.image()
    drawn: list[float] = []
    paint = NoteBars.draw
    monkeypatch.setattr(
        NoteBars, "draw", lambda self, painter, exposed: (drawn.append(exposed.width()), paint(self, painter, exposed))
    )
    stage.timeline.set_playhead(12 * RATE)
    stage.image()
    assert drawn
    assert max(drawn) < pane.bars.rect(PLAYED).width() + 20
    drawn.clear()
    for second in range(13, 19):
        stage.timeline.set_playhead(second * RATE)
        QApplication.processEvents()
    assert drawn == []


def test_no_name_lies_on_another(stage: Any, pane: PitchPane, monkeypatch: pytest.MonkeyPatch) -> None:
    notes = [WrittenNote(k, 10 + k * 0.3, 10.3 + k * 0.3, (0.0, -400.0)[k % 2], LA) for k in range(60)]
    named: list[QRectF] = []
    monkeypatch.setattr(NoteBars, "_draw_name", lambda _self, _painter, _one, box: named.append(QRectF(box)))
    stage.view.show_notes(notes)
    named.clear()
    stage.image()
    assert 2 < len(named) < 60
    assert not any(a.intersects(b) for k, a in enumerate(named) for b in named[k + 1 :])


def test_a_click_on_a_note_plays_from_there(stage: Any, pane: PitchPane, monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[int] = []
    monkeypatch.setattr(stage.player, "play", lambda: played.append(stage.timeline.playhead), raising=False)
    for one in (NEXT, MISSING):
        QTest.mouseClick(pane.viewport(), Qt.MouseButton.LeftButton, pos=pane.bars.rect(one).center().toPoint())
    assert played == [20 * RATE, 30 * RATE]
    QTest.mouseClick(pane.viewport(), Qt.MouseButton.LeftButton, pos=QPointF(pane.time_scale.x(5 * RATE), 30).toPoint())
    assert len(played) == 2
    assert stage.timeline.playhead == pytest.approx(5 * RATE, rel=0.05)


def test_the_pointer_tells_what_is_written(pane: PitchPane) -> None:
    for one, words in ((NEXT, "Written: Mi koron"), (MISSING, "Written, but not played: La")):
        place = pane.bars.rect(one).center()
        assert words in pane.describe_at(place.x(), place.y())


def test_the_lowest_and_the_highest_note_are_in_sight(pane: PitchPane, stage: Any) -> None:
    low, high = WrittenNote(0, 10.0, 20.0, -2400.0, LA), WrittenNote(1, 20.0, 30.0, 1500.0, LA)
    stage.view.show_notes([low, NEXT, high])
    for one in (low, high):
        rect = pane.bars.rect(one)
        assert pane.bars.area.contains(rect.adjusted(0, -5, 0, 0))
    pane.zoom_height(4.0, 0.0)
    zoomed = pane.span
    stage.view.show_notes([PLAYED])  # what is in sight leaves the height alone
    assert pane.span == zoomed
    stage.view.show_notes([low])
    assert pane.span[0] < low.cents


def test_the_room_for_notes_goes_with_them(pane: PitchPane, stage: Any) -> None:
    """The axis of the next recordings had stayed as high as the notes of a score over an earlier one."""
    stage.view.show_notes([])
    before = pane.span
    stage.view.show_notes([WrittenNote(0, 10.0, 20.0, -2400.0, LA), WrittenNote(1, 20.0, 30.0, 3000.0, LA)])
    assert pane.span[1] > 3000
    stage.view.show_notes([])
    assert pane.span == before


def test_the_picture_of_the_pitch_has_the_notes(stage: Any, pane: PitchPane, tmp_path: Path) -> None:
    def written() -> str:
        picture = stage.view.panes.pitch_picture()
        save_picture(tmp_path / "pitch.svg", picture.size(), DARK.background, "Segah", picture.paint_picture)
        return (tmp_path / "pitch.svg").read_text()

    assert ">La<" in written()
    stage.view.show_notes([])
    assert ">La<" not in written()


def test_notes_given_before_the_panes_are_made_are_shown(stage: Any) -> None:
    view = stage.view
    view.show_notes([PLAYED])
    assert len(view.panes.pitch.bars.notes) == 1


def test_no_words_lie_under_the_notes_of_a_recording_not_read(stage: Any) -> None:
    stage.show(stage.item_of())
    pitch = stage.view.panes.pitch
    assert pitch.words()
    stage.view.show_notes([PLAYED])
    assert pitch.words() == ""
    stage.view.show_notes([])
    assert pitch.words()
