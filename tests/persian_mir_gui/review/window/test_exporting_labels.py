"""Labels of one recording and of all, under names and with the mark that the user wants."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from persian_mir_gui.core.messages import Message
from persian_mir_gui.shell.exports import Exports
from persian_mir_gui.shell.main_window import MainWindow


class Dialog:
    """Answers for the user: takes what is suggested, in `folder`, of the kind at `place`."""

    def __init__(self, folder: Path, place: int = 0) -> None:
        self.folder, self.place, self.suggested = folder, place, ""

    def __call__(self, _parent: object, _title: str, suggested: str, kinds: str, _initial: str) -> tuple[str, str]:
        self.suggested = Path(suggested).name
        return str(self.folder / self.suggested), kinds.split(";;")[self.place]


def export(window: MainWindow, qtbot: QtBot, what: str, dialog: Dialog) -> Path:
    window.action(f"export:{what}").trigger()
    path = dialog.folder / dialog.suggested
    qtbot.waitUntil(path.exists)
    return path


@pytest.mark.parametrize(("place", "mark"), [(0, b""), (1, b"\xef\xbb\xbf")], ids=["table", "for Excel"])
def test_a_table_has_a_fair_name_and_the_mark_that_is_wanted(
    window: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    recording: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: int,
    mark: bytes,
) -> None:
    dialog = Dialog(tmp_path, place)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", dialog)
    path = export(window, qtbot, "labels-csv", dialog)
    assert path.name == f"{recording.stem}-labels.csv"
    assert path.read_bytes().startswith(mark + b"file,start_s,")
    assert window.services.settings.get("csv_for_excel") == bool(place)  # and so the next time


def test_all_open_recordings_are_exported_into_one_file(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, said = window.services.session, window.services.review.statements
    told: list[Message] = []
    window.services.messages.posted.connect(told.append)
    assert not window.action("export:all-labels-csv").isEnabled()
    window.services.settings.set("label_on_open", False)
    others = [Path(shutil.copy(recording, tmp_path / name)) for name in ("گوشه.wav", "third.wav")]
    others[1].write_bytes(recording.read_bytes()[:-2000])  # another sound: what is said of one is not said of it
    session.open_paths(others)
    qtbot.waitUntil(lambda: [item.state for item in session.items] == ["ready"] * 3)
    said.say_whole(session.items[1:2], "dastgah", "nava")
    qtbot.waitUntil(lambda: "dastgah" in session.items[1].said)
    dialog = Dialog(tmp_path)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", dialog)
    qtbot.waitUntil(window.action("export:all-labels-csv").isEnabled)
    table = export(window, qtbot, "all-labels-csv", dialog)
    assert "csv" not in table.stem
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["file"] for row in rows} == {str(item.path) for item in session.items[:2]}
    assert [row["label"] for row in rows if row["task"] == "dastgah"] == ["nava"] * 2  # the copy is the same recording
    qtbot.waitUntil(lambda: bool(told) and "1 recording" in told[-1].cure)
    entries = json.loads(export(window, qtbot, "all-labels-json", dialog).read_text(encoding="utf-8"))
    assert [Path(entry["file"]).name for entry in entries] == [recording.name, "گوشه.wav"]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_sound_of_a_segment_is_saved_as_it_is(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = Dialog(tmp_path)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: dialog(*args, ""))
    lane = window.services.review.lanes()[0]
    subject = window.services.review.segment(lane, 2)
    assert subject is not None
    window.timeline.menu_wanted.emit(lane, 2, QPoint(10, 10))
    (menu,) = [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
    next(action for action in menu.actions() if action.text() == "Save its sound…").trigger()
    menu.close()
    path = tmp_path / dialog.suggested
    assert path.suffix == ".wav"
    assert recording.stem in path.name
    qtbot.waitUntil(path.exists)
    (samples, rate), (whole, its) = soundfile.read(path), soundfile.read(recording)
    assert rate == its
    assert np.abs(samples - whole[subject.start : subject.stop]).max() < 2e-7
    before = recording.read_bytes()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(recording), ""))
    told: list[Message] = []
    window.services.messages.posted.connect(told.append)
    exports_of(window).ask_sound(0, 100)
    assert [message.level for message in told] == ["error"]
    assert recording.read_bytes() == before


def exports_of(window: MainWindow) -> Exports:
    s, profile = window.services, window.inspector.why.profile
    return Exports(s.io, s.settings, s.messages, s.session, s.readings, s.review, window, window.timeline, profile)
