"""The whole window on real files: what it opens, says, remembers and lets go of."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from persian_mir_gui.core.settings import Settings
from persian_mir_gui.shell import window_wiring
from persian_mir_gui.shell.commands import Commands
from tests.persian_mir_gui.whole_window.hands import RATE, Make, opened

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)  # Qt's offscreen screen has no frames


def test_a_recording_named_on_the_command_line_is_open_and_shown(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav)
    opened(window, qtbot)
    assert window.middle.currentWidget() is window.timeline
    assert window.windowTitle().startswith("scale.wav")
    assert window.services.timeline.frames == 6 * RATE
    assert "00:00:06.000" in window.transport.length.text()
    assert window.top.label.isEnabled()


def test_opening_labels_at_once_with_the_modal_reading(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav, label=True)
    opened(window, qtbot)
    item = window.services.session.items[0]
    qtbot.waitUntil(lambda: item.labelling in ("done", "failed"))
    assert item.labelling == "done"
    assert ("modal", "dastgah") in item.predictions
    assert "not verified" in window.inspector.label_text()
    qtbot.waitUntil(lambda: not window.top.cancel.isVisible())


def test_nothing_open_shows_the_ways_to_begin(make: Make) -> None:
    window = make()
    assert window.middle.currentWidget() is window.welcome
    assert not window.top.label.isEnabled()
    assert not window.action("close").isEnabled()
    assert window.focusWidget() is window.welcome.open  # not the first button of the bar, which Space would press
    asked: list[bool] = []
    window.action("open_folder").triggered.disconnect()
    window.action("open_folder").triggered.connect(lambda *_on: asked.append(True))
    window.welcome.folder.click()
    assert len(asked) == 1


def test_the_kinds_of_files_are_named_in_words(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """44 suffixes are cut by the field that shows them."""
    asked: dict[str, object] = {}
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_rest, **options: asked.update(options) or ([], ""))
    make().action("open").trigger()
    assert asked["options"] == QFileDialog.Option.HideNameFilterDetails


def test_what_cannot_be_opened_is_said_and_hurts_nothing_else(
    make: Make, qtbot: QtBot, wav: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound at all")
    window = make(wav, broken)
    opened(window, qtbot, 2)
    assert [item.state for item in window.services.session.items] == ["ready", "failed"]
    assert window.messages.isVisible()
    assert "broken.wav" in window.messages.shown_text()


def test_what_another_window_opens_comes_forward(
    make: Make, qtbot: QtBot, wav: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forward: list[object] = []
    monkeypatch.setattr(window_wiring, "bring_forward", forward.append)
    window = make()
    session, timeline = window.services.session, window.services.timeline
    window.archive.open_wanted.emit([wav])
    qtbot.waitUntil(lambda: session.current is not None and session.current.recording is not None)
    assert forward == [window]  # the catalogue may cover it
    recording = session.current.recording
    window.similar.open_wanted.emit(wav, (0.0, recording.frames / recording.rate))
    assert forward == [window, window]
    assert timeline.selection is None  # the whole of it is no passage
    window.similar.open_wanted.emit(wav, (0.25, 0.75))
    assert timeline.selection == (recording.rate // 4, 3 * recording.rate // 4)
    window.services.player.seek(recording.rate // 2)
    window.similar.open_wanted.emit(wav, (0.25, 0.75))
    assert window.services.player.position == timeline.playhead == recording.rate // 4
    window.similar.open_wanted.emit(wav, (0.5, 0.75))
    assert timeline.selection == (recording.rate // 2, 3 * recording.rate // 4)  # another of what was found
    timeline.select(0, recording.rate // 8)
    window.similar.open_wanted.emit(wav, (0.25, 0.75))
    assert timeline.selection == (0, recording.rate // 8)  # a person's own stays
    assert window.services.player.position == timeline.playhead == recording.rate // 4


def test_files_dropped_on_the_window_are_opened(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(wav)), QUrl("https://example.org/not-a-file.wav")])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    drop = QDropEvent(QPointF(9, 9), both, mime, buttons, keys)
    drop.setDropAction(Qt.DropAction.MoveAction)  # as file managers propose it
    window.dropEvent(drop)
    assert drop.isAccepted()
    assert drop.dropAction() == Qt.DropAction.CopyAction  # else the file manager deletes the file
    opened(window, qtbot)
    assert Settings().get("recent") == [str(wav)]


def test_open_files_panes_and_volume_outlive_the_window(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav)
    opened(window, qtbot)
    window.transport.volume.setValue(35)
    window.action("sidebar").trigger()
    qtbot.waitUntil(window.timeline.panes.pitch.isVisible)  # it is laid out once there is room for it
    window.action("pitch_pane").trigger()
    qtbot.waitUntil(lambda: not window.timeline.panes.pitch.isVisible())
    window.close()
    again = make()
    opened(again, qtbot)
    assert again.services.session.items[0].path == wav
    assert again.transport.volume.value() == 35
    assert not again.sidebar.isVisible()
    assert not again.timeline.panes.pitch.isVisible()
    assert not again.action("pitch_pane").isChecked()


def test_what_is_open_outlives_a_kill(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav)
    qtbot.waitUntil(lambda: Settings().get("open_files") == [str(wav)])  # while it runs
    window.services.session.close(*window.services.session.items)
    qtbot.waitUntil(lambda: Settings().get("open_files") == [])


def test_closing_while_labelling_leaves_nothing_behind(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav, label=True)
    qtbot.waitUntil(lambda: window.services.labelling.running)
    window.close()  # the fixture of all tests fails this one if a thread is left


@pytest.mark.qt_log_ignore("does not support raise", extend=True)
def test_the_other_windows_close_with_it(make: Make, qtbot: QtBot) -> None:
    """Seen: the trainer stayed, with nothing behind it, and the program did not end."""
    window = make()
    for other in (window.trainer, window.live, window.teacher):
        other.appear()
        assert other.isVisible()
    qtbot.waitUntil(lambda: not window.services.io.jobs)
    window.close()
    assert not any(other.isVisible() for other in (window.trainer, window.live, window.teacher))


def test_the_keys_of_a_recording_work_as_soon_as_it_is_open(make: Make, qtbot: QtBot, wav: Path) -> None:
    window = make(wav)
    qtbot.waitUntil(lambda: window.services.timeline.frames > 0)
    window.activateWindow()
    assert window.focusWidget() is window.timeline.panes.waveform  # no button of the bar, which Space would press
    for on in (True, False):
        window.action("loop").trigger()
        assert window.transport.loop.isChecked() is on


def test_space_presses_a_button_that_has_the_keyboard(make: Make, qtbot: QtBot) -> None:
    window = make()
    pressed: list[bool] = []
    button = QPushButton("x", window)
    button.clicked.connect(lambda checked: pressed.append(checked))
    button.show()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    s = window.services
    Commands(s.settings, s.messages, s.timeline, s.session, s.labelling, s.player, s.tones, window, window.close).play()
    assert pressed == [False]


def test_a_recent_path_begins_with_its_slash_in_both_languages(make: Make) -> None:
    window = make()
    window.services.settings.set("recent", ["/music/new.wav"])
    menu = window.actions_by_id.menus["file.recent"]
    menu.aboutToShow.emit()
    assert menu.actions()[0].text() == "\u2068new.wav\u2069  –  \u2066/music\u2069"
