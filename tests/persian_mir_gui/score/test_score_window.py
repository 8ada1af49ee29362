"""The score window over real recordings of the synthesiser: written down, followed, aligned, exported."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog
from pytestqt.qtbot import QtBot

from persian_mir.examples.performance import Truth
from persian_mir.modal.names import NoteName
from persian_mir.transcription.formats import read_score, score_format
from persian_mir_gui.core.messages import Message
from persian_mir_gui.score.score_window import ScoreWindow
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme import DARK, LIGHT
from persian_mir_gui.widgets.theme_source import ThemeSource
from tests.persian_mir_gui.score.conftest import RATE


def test_before_anything_is_open_it_says_what_to_do(window: ScoreWindow) -> None:
    assert "main window" in window.rest.text()
    assert window.middle.currentWidget() is window.rest
    assert not window.write.isEnabled()
    assert not window.export.isEnabled()


def test_a_recording_is_written_down_and_told_to_be_a_draft(
    services: Services, written: ScoreWindow, played: tuple[Path, Truth]
) -> None:
    draft = services.score.draft
    assert draft is not None
    truth = [note.start_s for note in played[1].notes]
    begun = np.array([one.start_s for one in draft.times])
    found = sum(bool(np.abs(begun - start).min() < 0.05) for start in truth)
    assert found >= 0.9 * len(truth)
    assert str(draft.count) in written.told.text()
    assert "Segah" in written.told.text()
    assert "draft" in written.caution.text()
    assert written.middle.currentWidget() is not written.rest


def test_the_note_that_sounds_is_marked_and_a_click_and_the_keys_move_the_playhead(
    qtbot: QtBot, services: Services, written: ScoreWindow
) -> None:
    draft, pages, timeline = services.score.draft, written.pages, services.timeline
    assert draft is not None
    fifth, sixth = draft.times[5], draft.times[6]
    rect = pages.rect_of(fifth.place)
    assert rect is not None
    QTest.mouseClick(pages, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    assert timeline.playhead / RATE == pytest.approx(fifth.start_s, abs=1 / RATE)
    ground = pages.grab(rect.toAlignedRect()).toImage()
    timeline.set_playhead(0)
    assert pages.grab(rect.toAlignedRect()).toImage() != ground  # it was marked
    written._go_to(fifth.place)
    QTest.keyClick(pages, Qt.Key.Key_Right)
    assert timeline.playhead / RATE == pytest.approx(sixth.start_s, abs=1 / RATE)
    assert pages._marked == sixth.place
    QTest.keyClick(pages, Qt.Key.Key_Left)
    assert timeline.playhead / RATE == pytest.approx(fifth.start_s, abs=1 / RATE)
    timeline.set_playhead(0)
    QTest.keyClick(pages, Qt.Key.Key_Left)
    assert timeline.playhead == 0


def test_notes_are_light_on_dark_and_dark_on_light(written: ScoreWindow, themes: ThemeSource) -> None:
    for theme in (DARK, LIGHT):
        themes.set(theme)
        rect = written.pages.rect_of(0)
        assert rect is not None
        image = written.pages.grab(rect.toAlignedRect()).toImage()
        colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert {theme.text.name(), theme.panel.name()} <= colours
        assert QColor("black").name() not in colours


def test_larger_notes_stay_within_the_window(qtbot: QtBot, services: Services, written: ScoreWindow) -> None:
    written.sheet.settled.stop()
    written.sheet.ask()
    qtbot.waitUntil(lambda: not services.score.runner.jobs)
    before = written.pages.rect_of(3)
    with qtbot.waitSignal(services.score.drawn):
        written.larger.click()
    after = written.pages.rect_of(3)
    assert before is not None
    assert after is not None
    assert after.height() > 1.15 * before.height()
    last = services.score.draft
    assert last is not None
    for place in range(last.count):
        rect = written.pages.rect_of(place)
        assert rect is not None
        assert 0 <= rect.left() < rect.right() <= written.pages.width()


def test_in_a_wide_window_notes_are_larger_and_lines_no_longer(
    qtbot: QtBot, services: Services, written: ScoreWindow
) -> None:
    widths: list[int] = []
    written.sheet.wanted.connect(widths.append)
    for width in (900, 1300, 1900):
        written.resize(width, 640)
        written.sheet.ask()
    assert widths[0] < widths[1] == widths[2]
    written.smaller.click()
    assert widths[3] > widths[2]


def test_only_the_selection_is_written(
    qtbot: QtBot, services: Services, window: ScoreWindow, played: tuple[Path, Truth], opened: Callable[[Path], None]
) -> None:
    opened(played[0])
    assert not window.stretch.isEnabled()
    services.timeline.select(4 * RATE, 8 * RATE)
    window.stretch.setCurrentIndex(1)
    window.write.click()
    qtbot.waitUntil(lambda: services.score.draft is not None)
    draft = services.score.draft
    assert draft is not None
    assert draft.times
    assert all(4.0 <= one.start_s <= 8.0 for one in draft.times)


@pytest.mark.parametrize("format_id", ["musicxml", "midi"])
def test_a_score_is_exported_and_laid_over_the_recording_again(
    qtbot: QtBot, services: Services, written: ScoreWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    format_id: str,
) -> None:  # fmt: skip
    format_ = score_format(format_id)
    out = tmp_path / f"score{format_.extension}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(out), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(out), ""))
    with qtbot.waitSignal(services.score.posted):
        written._export(format_)
    first = services.score.draft
    assert first is not None
    assert [note.step for note in read_score(out).notes()] == [note.step for note in first.score.notes()]
    written.open.click()
    qtbot.waitUntil(lambda: bool(services.score.pages))
    laid = services.score.draft
    assert laid is not None
    assert laid.agreement is not None
    assert laid.agreement > 0.8
    assert "%" in written.told.text()
    when = {one.place: one.start_s for one in laid.times}
    near = [abs(when[one.place] - one.start_s) < 0.1 for one in first.times if one.place in when]
    assert len(near) >= 0.7 * first.count
    assert sum(near) >= 0.9 * len(near)


def test_dialogs_begin_where_one_exported_or_opened_last(
    qtbot: QtBot, services: Services, written: ScoreWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They began among the examples, wherever the teacher keeps the scores."""
    mine, other = tmp_path / "mine", tmp_path / "other"
    for folder in (mine, other):
        folder.mkdir()
    asked: list[Path] = []

    def answer(file: Path) -> Callable[..., tuple[str, str]]:
        def dialog(_parent: object, _title: str, begin: str, *_kinds: str) -> tuple[str, str]:
            asked.append(Path(begin))
            return str(file), ""

        return dialog

    format_ = score_format("musicxml")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer(mine / "a.musicxml"))
    with qtbot.waitSignal(services.score.posted):
        written._export(format_)
    (other / "b.musicxml").write_bytes((mine / "a.musicxml").read_bytes())
    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer(other / "b.musicxml"))
    written.open.click()
    qtbot.waitUntil(lambda: bool(services.score.pages))
    written._export(format_)
    assert asked[1] == mine
    assert asked[2].parent == other


def test_what_is_told_hides_no_button(services: Services, written: ScoreWindow) -> None:
    services.score.posted.emit(Message("info", "Exported a.musicxml.", path=Path("/a.musicxml")))
    bar = QRect(written.messages.mapTo(written, QPoint()), written.messages.size())
    for button in written.findChildren(QAbstractButton):
        if button.isVisible() and not written.messages.isAncestorOf(button):
            assert not bar.intersects(QRect(button.mapTo(written, QPoint()), button.size())), button.text()


def test_the_scale_is_exported_where_a_mode_was_heard(
    qtbot: QtBot, services: Services, written: ScoreWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, scala = tmp_path / "scale.scl", score_format("scl")
    assert written.formats[scala].isEnabled()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(out), ""))
    with qtbot.waitSignal(services.score.posted):
        written.formats[scala].trigger()
    draft = services.score.draft
    assert draft is not None
    lines = out.read_text().splitlines()
    assert lines[2].startswith("Segah")
    assert [float(line) for line in lines[5:-1]] == pytest.approx(draft.score.scale[1:], abs=0.001)
    score = tmp_path / "read.musicxml"
    score.write_bytes(score_format("musicxml").written(draft.score))
    services.score.open_score(score)
    qtbot.waitUntil(lambda: services.score.draft is not None and not services.score.working)
    assert not written.formats[scala].isEnabled()
    assert written.formats[score_format("midi")].isEnabled()


def test_its_notes_lie_over_the_pitch_where_they_are_played(services: Services, written: ScoreWindow) -> None:
    draft = services.score.draft
    assert draft is not None
    notes = draft.over_pitch()
    assert [one.start_s for one in notes] == [one.start_s for one in draft.times]
    for one, note in zip(notes, draft.score.notes(), strict=True):
        assert note.name is not None
        assert one.cents == pytest.approx(1200 * np.log2(note.name.hz / 440) + draft.above_cents)


def test_the_page_turns_to_the_note_that_sounds(services: Services, written: ScoreWindow) -> None:
    written.resize(900, 330)
    draft, bar = services.score.draft, written.sheet.verticalScrollBar()
    assert draft is not None
    services.timeline.set_playhead(0)
    bar.setValue(0)
    seen = []
    for one in draft.times:
        written._go(one.start_s)
        rect = written.pages.rect_of(one.place)
        assert rect is not None
        assert bar.value() <= rect.top()
        assert rect.bottom() <= bar.value() + written.sheet.viewport().height()
        seen.append(bar.value())
    assert seen == sorted(seen)
    assert 1 < len(set(seen)) < len(seen) / 3  # it turns by lines, not with every note


def test_a_score_with_notes_that_are_not_played_outlines_them(
    qtbot: QtBot, services: Services, written: ScoreWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = services.score.draft
    assert first is not None
    phrase = first.score.phrases[0]
    strange = [replace(phrase[0], name=NoteName(letter, "flat", 4)) for letter in ("Sol", "Mi")]
    longer = replace(first.score, phrases=((*phrase[:6], *strange, *phrase[6:]), *first.score.phrases[1:]))
    score = tmp_path / "longer.musicxml"
    score.write_bytes(score_format("musicxml").written(longer))
    services.score.open_score(score)
    qtbot.waitUntil(lambda: bool(services.score.pages))
    draft = services.score.draft
    assert draft is not None
    out = {one.place for one in draft.left_out}
    assert out & {6, 7}
    assert f"{len(out)} note" in written.told.text()
    assert "not played" in written.told.text()
    hollow = {one.place for one in draft.over_pitch() if not one.played}
    assert hollow == out
    place = min(out)
    rect = written.pages.rect_of(place)
    assert rect is not None
    framed = written.pages.grab(rect.adjusted(-5, -5, 5, 5).toAlignedRect()).toImage()
    written.pages._left_out = frozenset()
    assert written.pages.grab(rect.adjusted(-5, -5, 5, 5).toAlignedRect()).toImage() != framed
    played: list[int] = []
    monkeypatch.setattr(type(services.player), "available", True)
    monkeypatch.setattr(services.player, "play", lambda: played.append(services.timeline.playhead))
    written.pages.note_clicked.emit(place)
    assert played == [services.timeline.playhead]
    assert played[0] / RATE == pytest.approx(draft.left_out[0].start_s, abs=1 / RATE)


def test_a_recording_is_not_written_over(
    qtbot: QtBot, services: Services, written: ScoreWindow, played: tuple[Path, Truth]
) -> None:
    before = played[0].read_bytes()
    with qtbot.waitSignal(services.score.posted) as posted:
        services.score.write_file("midi", played[0])
    assert posted.args[0].level == "error"
    assert played[0].read_bytes() == before


def test_a_broken_score_is_a_message(qtbot: QtBot, services: Services, window: ScoreWindow, tmp_path: Path) -> None:
    bad = tmp_path / "bad.musicxml"
    bad.write_text("<score-partwise><part>", encoding="utf-8")
    with qtbot.waitSignal(services.score.posted) as posted:
        services.score.open_score(bad)
    assert posted.args[0].level == "error"
    assert posted.args[0].path == bad
    assert not posted.args[0].details  # it is meant for users


def test_without_verovio_the_cure_is_said_and_export_works(
    qtbot: QtBot, services: Services, window: ScoreWindow, played: tuple[Path, Truth], tmp_path: Path,
    opened: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setitem(sys.modules, "verovio", None)
    opened(played[0])
    window.write.click()
    qtbot.waitUntil(lambda: services.score.undrawn is not None)
    assert "persian-mir[score]" in window.rest.text()
    assert window.middle.currentWidget() is window.rest
    with qtbot.waitSignal(services.score.posted):
        services.score.write_file("mei", tmp_path / "score.mei")
    assert b'accid="koron"' in (tmp_path / "score.mei").read_bytes()


def test_of_a_silent_recording_it_says_that_no_note_was_heard(
    qtbot: QtBot, services: Services, window: ScoreWindow, tmp_path: Path, opened: Callable[[Path], None]
) -> None:
    soundfile.write(tmp_path / "silent.wav", np.zeros(3 * RATE, np.float32), RATE)
    opened(tmp_path / "silent.wav")
    window.write.click()
    qtbot.waitUntil(lambda: services.score.draft is not None and not services.score.working)
    assert "No note was heard" in window.rest.text()
    assert not window.export.isEnabled()


def test_a_score_of_one_recording_is_not_laid_over_the_next(
    qtbot: QtBot, services: Services, written: ScoreWindow, tone: Path, tmp_path: Path
) -> None:
    draft = services.score.draft
    assert draft is not None
    services.score.write_file("musicxml", tmp_path / "segah.musicxml")
    qtbot.waitUntil((tmp_path / "segah.musicxml").exists)
    services.score.open_score(tmp_path / "segah.musicxml")
    qtbot.waitUntil(lambda: services.score.draft is not None)
    before = services.score.item
    services.session.open_paths([tone])
    qtbot.waitUntil(lambda: services.score.item not in (None, before) and not services.score.working)
    assert services.score.draft is None
    assert services.score.file is None


def test_another_recording_has_no_score_yet(qtbot: QtBot, services: Services, written: ScoreWindow, tone: Path) -> None:
    services.session.open_paths([tone])
    qtbot.waitUntil(lambda: services.score.item is not None and services.score.item.path == tone)
    assert services.score.draft is None
    assert written.pages.note_at(QPointF(200, 60)) is None
    assert "Nothing is written down yet" in written.rest.text()


def test_a_page_scrolled_away_by_hand_stays_until_the_next_note(services: Services, written: ScoreWindow) -> None:
    written.resize(900, 330)
    draft, bar = services.score.draft, written.sheet.verticalScrollBar()
    assert draft is not None
    first, second = draft.times[0], draft.times[1]
    written._go(first.start_s)
    bar.setValue(bar.maximum())
    services.timeline.set_playhead(services.timeline.playhead + 10)
    assert draft.at(services.timeline.playhead / RATE) == first.place
    assert bar.value() == bar.maximum()
    written._go(second.start_s)
    assert bar.value() < bar.maximum()
