"""The review as a person does it: keys and clicks."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from persian_mir.commands.main import main
from persian_mir_gui.core.messages import Message
from persian_mir_gui.plots.review_marks import said_colour, statement_words
from persian_mir_gui.review.review_keys import review_help
from persian_mir_gui.review.segment_menu import SegmentMenu
from persian_mir_gui.shell.exports import Exports
from persian_mir_gui.shell.main_window import MainWindow
from persian_mir_gui.widgets.formatting import isolated

RATE = 16_000
Key = Qt.Key


def press(qtbot: QtBot, window: MainWindow, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(window.timeline.panes.lanes, key)


def said(window: MainWindow) -> dict[int, tuple[str, str]]:
    review, item = window.services.review, window.services.session.current
    lane = review.lanes()[0]
    return {k: (one.status, one.label) for k, one in review.statements.marks(item, lane).items()}


def place(window: MainWindow) -> int:
    target = window.services.review.target
    assert target is not None
    return target.index


def test_every_key_does_what_help_says(window: MainWindow, qtbot: QtBot) -> None:
    review, timeline = window.services.review, window.services.timeline
    window.action("review").trigger()
    assert window.review.isVisible()
    assert window.timeline.panes.lanes.hasFocus()
    first, machine = place(window), review.verdict()
    assert machine is not None
    press(qtbot, window, Key.Key_Up)
    assert said(window) == {first: ("accepted", machine.label)}
    second = place(window)  # it went on
    assert second != first
    press(qtbot, window, Key.Key_Right)
    assert place(window) not in (first, second)
    review.choose(review.lanes()[0], second)
    press(qtbot, window, Key.Key_Down)
    assert said(window)[second] == ("rejected", "")
    review.choose(review.lanes()[0], second)
    other = next(k for k, label in enumerate(review.labels()) if label != review.verdict().label)  # type: ignore[union-attr]
    press(qtbot, window, Key(Key.Key_1.value + other))
    assert said(window)[second] == ("corrected", review.labels()[other])
    review.choose(review.lanes()[0], second)
    assert window.review.labels.buttons[other].isChecked()
    assert f"Corrected by {isolated('Sara')}" in window.review.person.text()
    press(qtbot, window, Key.Key_Left)
    assert said(window)[second] == ("rejected", "")
    press(qtbot, window, Key.Key_Left)
    assert second not in said(window)
    qtbot.keyClick(window.timeline.panes.lanes, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert place(window) == min(second + 1, 7)
    assert timeline.selection == (place(window) * RATE, (place(window) + 1) * RATE)
    press(qtbot, window, Key.Key_Escape)
    assert not review.active
    assert not window.review.isVisible()
    assert said(window) == {first: ("accepted", machine.label)}
    keys = {key for row, _what in review_help() for key in row.split(", ")}
    assert {"F4", "Esc", "↑", "↓", "←", "→", "Enter", "1 – 9"} <= keys


def test_the_keys_are_the_timelines_again_afterwards(window: MainWindow, qtbot: QtBot) -> None:
    window.action("review").trigger()
    press(qtbot, window, Key.Key_Escape)
    window.services.timeline.set_playhead(3 * RATE)
    press(qtbot, window, Key.Key_Left)
    assert window.services.timeline.playhead == 2 * RATE
    press(qtbot, window, Key.Key_Up, Key.Key_1)
    assert said(window) == {}


def test_a_persian_keyboards_digits_count(window: MainWindow, qtbot: QtBot) -> None:
    window.action("review").trigger()
    at, second = place(window), window.services.review.labels()[1]
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
        event = QKeyEvent(kind, ord("۲"), Qt.KeyboardModifier.NoModifier, "۲")
        QApplication.sendEvent(window.timeline.panes.lanes, event)
        assert event.isAccepted()
    letter = QKeyEvent(QEvent.Type.KeyPress, ord("ب"), Qt.KeyboardModifier.NoModifier, "ب")
    QApplication.sendEvent(window.timeline.panes.lanes, letter)
    assert [label for _status, label in said(window).values()] == [second]
    assert list(said(window)) == [at]


def test_a_key_held_down_gives_one_answer(window: MainWindow) -> None:
    window.action("review").trigger()
    at = place(window)
    for key, text in ((Key.Key_Up, ""), (Key.Key_2, "2")):
        for _repeat in range(6):
            held = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text, True)
            QApplication.sendEvent(window.timeline.panes.lanes, held)
    assert said(window) == {}
    assert place(window) == at


def test_the_last_answer_says_so(window: MainWindow, qtbot: QtBot) -> None:
    window.action("review").trigger()
    press(qtbot, window, *[Key.Key_Up] * 8)
    assert len(said(window)) == 8
    assert "in all open recordings" in window.review.person.text()
    assert not window.review.buttons["next"].isEnabled()


def test_what_is_selected_is_labelled_by_name(window: MainWindow) -> None:
    span = RATE // 2, 3 * RATE
    window.services.timeline.select(*span)
    window.action("give_label").trigger()
    assert not window.services.review.active
    dialog = window.findChildren(QInputDialog)[-1]
    dialog.setTextValue("ney")
    dialog.accept()
    assert window.services.timeline.selection == span
    (one,) = window.services.review.statements.store.in_force()  # type: ignore[union-attr]
    assert (one.start, one.stop, one.label) == (*span, "ney")


def test_the_menu_of_a_segment_does_what_it_says(window: MainWindow) -> None:
    s, saved = window.services, []
    menus = SegmentMenu(s.review, s.timeline, s.player, window, lambda *span: saved.append(span))
    lane = s.review.lanes()[0]

    def row(text: str) -> QAction:
        menu = menus.menu_for(lane, 2)
        assert menu is not None
        inner = [action for one in menu.actions() if one.menu() for action in one.menu().actions()]
        return next(action for action in (*menu.actions(), *inner) if action.text().startswith(text))

    row("Accept").trigger()
    assert said(window)[2][0] == "accepted"
    row("Ney" if said(window)[2][1] != "ney" else "Tar").trigger()
    assert said(window)[2][0] == "corrected"
    row("Take back").trigger()
    assert said(window)[2][0] == "accepted"
    row("Reject").trigger()
    assert said(window)[2] == ("rejected", "")
    row("Select").trigger()
    assert s.timeline.selection == (2 * RATE, 3 * RATE)
    row("Zoom").trigger()
    assert s.timeline.view == (2 * RATE, 3 * RATE)
    row("Save").trigger()
    assert saved == [(2 * RATE, 3 * RATE)]
    row("Review from").trigger()
    assert place(window) == 2
    assert menus.menu_for(lane, 99) is None


def test_a_click_chooses_the_segment(window: MainWindow, qtbot: QtBot) -> None:
    lanes = window.timeline.panes.lanes
    window.action("review").trigger()
    x, area = round(lanes.time_scale.x(5.5 * RATE)), lanes.cells.lane_rect(0)
    qtbot.mouseClick(lanes.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, round(area.center().y())))
    assert place(window) == 5
    assert window.services.timeline.playhead == 5 * RATE


def test_the_lane_shows_what_was_said(window: MainWindow, qtbot: QtBot) -> None:
    lanes, review = window.timeline.panes.lanes, window.services.review
    window.action("review").trigger()
    lane = review.lanes()[0]
    review.choose(lane, 2)
    review.assign("tar")
    review.choose(lane, 4)
    review.reject()
    review.choose(lane, 7)
    after, area = lanes.grab().toImage(), lanes.cells.lane_rect(0)

    def at(position: float, down: float) -> str:
        ratio = after.devicePixelRatio()
        x, y = round(lanes.time_scale.x(position * RATE) * ratio), round((area.top() + down) * ratio)
        return str(after.pixelColor(x, y).name())

    item = window.services.session.current
    assert at(2.06, 8) == said_colour(window.timeline.theme, review.statements.marks(item, lane)[2]).name()
    cell = {at(4.05 + k / 400, area.height() / 2) for k in range(360)}  # its label, and a cross at its end
    assert window.timeline.theme.error.name() in cell
    assert window.timeline.theme.panel.name() in cell
    assert statement_words(review.statements.marks(item, lane)[4]) in lanes.describe(lanes.lanes[0], 4)
    assert f"verified by {isolated('Sara')}" in window.inspector.label_text()


def exports_of(window: MainWindow) -> Exports:
    s, profile = window.services, window.inspector.why.profile
    return Exports(s.io, s.settings, s.messages, s.session, s.readings, s.review, window, window.timeline, profile)


def test_labels_are_exported_as_the_command_line_writes_them(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, capsys: pytest.CaptureFixture[str], recording: Path, probe: Path
) -> None:
    review = window.services.review
    window.action("review").trigger()
    review.choose(review.lanes()[0], 3)
    review.assign("tar")
    review.choose(review.lanes()[0], 4)
    review.reject()
    assert window.action("export:labels-csv").isEnabled()
    assert not window.action("export:scala").isEnabled()  # nobody has read the pitch
    exports = exports_of(window)
    for kind in ("csv", "json"):
        out = tmp_path / f"labels.{kind}"
        exports.write(f"labels-{kind}", out)
        qtbot.waitUntil(out.exists)
        assert main(["label", "--probe", str(probe), "--device", "cpu", "--format", kind, str(recording)]) == 0
        printed = capsys.readouterr().out
        if kind == "csv":
            rows, wanted = (list(csv.DictReader(io.StringIO(text))) for text in (out.read_text(), printed))
            assert [row["status"] for row in rows[4:6]] == ["corrected", "rejected"]
        else:
            rows, wanted = (json.loads(text)[0]["segments"] for text in (out.read_text(), printed))
        assert rows == wanted


def test_no_export_writes_over_an_open_recording(window: MainWindow, recording: Path, tmp_path: Path) -> None:
    before, link = recording.read_bytes(), tmp_path / "link.csv"
    os.link(recording, link)
    said: list[Message] = []
    exports = exports_of(window)
    window.services.messages.posted.connect(said.append)
    rows = [row.id for row in window.actions_by_id.rows if getattr(row, "id", "").startswith("export:")]
    assert len(rows) >= 7
    for name in rows:
        for path in (recording, link):
            exports.write(name.removeprefix("export:"), path)
            assert (said[-1].level, said[-1].path) == ("error", path), name
    assert len(said) == 2 * len(rows)
    assert recording.read_bytes() == before


def test_the_reviewers_name_can_be_set(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_options: ("  Ali  Akbari ", True))
    window.action("reviewer").trigger()
    assert window.services.review.statements.reviewer == "Ali Akbari"


def test_a_label_is_given_by_typing_its_name(window: MainWindow, qtbot: QtBot) -> None:
    window.action("give_label").trigger()  # begins the review
    for typed, wanted in (("no such label", {}), (" NEY ", {place(window): "ney"})):
        dialog = window.findChildren(QInputDialog)[-1]
        dialog.setTextValue(typed)
        dialog.accept()
        assert {index: label for index, (_status, label) in said(window).items()} == wanted
        window.action("give_label").trigger()


def test_where_nothing_was_heard_accept_is_not_offered(window: MainWindow) -> None:
    review = window.services.review
    window.action("review").trigger()
    assert window.review.buttons["accept"].isEnabled()
    item, lane = window.services.session.current, review.lanes()[0]
    said = item.predictions[lane]
    silent = replace(said, probabilities=np.full_like(said.probabilities, 1 / len(said.labels)))
    window.services.session.put_prediction(item, lane[0], "test", silent)
    window.review.refresh()
    assert not window.review.buttons["accept"].isEnabled()
    why = "It sounds unlike all that the probe has learnt."
    unlike = replace(said, reasons=(why,) * len(said.starts))
    window.services.session.put_prediction(item, lane[0], "test", unlike)
    window.review.refresh()
    assert window.review.said.text().endswith(f"the machine says none of these\n{why}")


def test_many_labels_wrap_and_the_rest_is_typed(window: MainWindow, qtbot: QtBot) -> None:
    labels = window.review.labels
    window.action("review").trigger()
    artists = tuple(f"artist number {k}" for k in range(40))
    labels.show_labels("artist", artists, artists[1])
    assert len(labels.buttons) == 9
    assert labels.buttons[1].isChecked()
    window.resize(1000, 860)
    boxes = [button.geometry() for button in (*labels.buttons, labels.other)]
    assert len({box.top() for box in boxes}) > 1
    assert all(labels.rect().contains(box) for box in boxes)
    assert not any(one.intersects(other) for k, one in enumerate(boxes) for other in boxes[:k])


def test_a_verdict_is_answered_in_the_pane(window: MainWindow, qtbot: QtBot) -> None:
    row, item = window.inspector.answer, window.services.session.current
    statements = window.services.review.statements
    assert item is not None
    assert row.isVisible()
    row.accept.click()
    qtbot.waitUntil(lambda: "instrument" in item.said)
    assert item.said["instrument"].status == "accepted"
    assert not row.accept.isVisible()
    row.other.click()
    dialog = window.findChildren(QInputDialog)[-1]
    dialog.setTextValue("ney")
    dialog.accept()
    qtbot.waitUntil(lambda: item.said["instrument"].label == "ney")
    for left in ({"instrument"}, set()):
        row.back.click()
        qtbot.waitUntil(lambda left=left: set(item.said) == left and not statements._writer.jobs)
    assert item.said == {}
    assert row.accept.isVisible()
    assert not row.back.isVisible()


def test_the_question_says_how_many_recordings_are_labelled(window: MainWindow) -> None:
    item = window.services.session.current
    for chosen, question in (
        ([item], "Instrument of the whole recording:"),
        ([item, item], "Instrument of 2 recordings, each as a whole:"),
    ):
        window.sidebar.menu.name_wanted.emit(chosen, "instrument")
        dialog = window.findChildren(QInputDialog)[-1]
        assert dialog.labelText() == question
        dialog.reject()
