"""The review as a person does it: keys and clicks in the real window, a real probe, a real fit."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from persian_mir.backbones import load_backbone
from persian_mir.commands.main import main
from persian_mir.examples.synthesise import synthesise
from persian_mir.grid import Grid
from persian_mir.probes import save_probe
from persian_mir_gui.app import build_window, parse
from persian_mir_gui.services.review_retrain import LOCKED
from persian_mir_gui.services.review_worth import Worth, worth
from persian_mir_gui.services.settings import Settings
from persian_mir_gui.views.main_window import MainWindow
from persian_mir_gui.views.review_keys import review_help
from persian_mir_gui.views.review_marks import said_colour, statement_words
from persian_mir_gui.views.review_retrain import change_text
from trainer.__main__ import parser as trainer_parser
from trainer.commands.reporter import Reporter
from trainer.datasets import read_examples
from trainer.fit import Lesson, fit_probe
from trainer.loop import Recipe

pytestmark = pytest.mark.timeout(300)  # a slow machine fits twice in it
RATE = 16_000
TASK = "instrument"
Key = Qt.Key


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory, mini_nava: Path) -> Path:
    """A poor one: two passes."""
    path = tmp_path_factory.mktemp("probes") / "poor.probe"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PERSIAN_MIR_HOME", str(path.parent / "home"))
        lesson = Lesson(TASK, Grid(1.0, 1.0), (0,), Recipe(hidden=(), epochs=2), False)
        save_probe(fit_probe(read_examples(mini_nava, TASK), lesson, load_backbone("signal", "cpu")).probe, path)
    return path


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Four seconds of a synthesised ney, four of a santoor."""
    parts = [synthesise("shour", name, seed, 4.0, 294.0, RATE).samples for seed, name in enumerate(("ney", "santoor"))]
    path = tmp_path / "synthesised.wav"
    soundfile.write(path, np.concatenate([part[: 4 * RATE] for part in parts]), RATE)
    return path


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, recording: Path, probe: Path) -> Iterator[MainWindow]:
    hook = sys.excepthook
    settings = Settings()
    for key, value in (("label_on_open", False), ("predictors", []), ("device", "cpu"), ("reviewer", "Sara")):
        settings.set(key, value)
    settings.save()
    made = build_window(qapp, parse([str(recording)]))
    qtbot.addWidget(made)
    made.resize(1400, 860)
    with qtbot.waitExposed(made):
        made.show()
    services = made.services
    services.labelling.add_probe(probe)
    item = lambda: services.session.current  # noqa: E731
    qtbot.waitUntil(lambda: item() is not None and item().state == "ready", timeout=20_000)
    qtbot.waitUntil(lambda: [one.chosen for one in services.labelling.choices()] == [False, True], timeout=20_000)
    made.top.label.click()
    qtbot.waitUntil(lambda: item().labelling == "done", timeout=60_000)
    qtbot.waitUntil(lambda: services.review.statements.store is not None, timeout=10_000)
    yield made
    made.close()
    sys.excepthook = hook


def press(qtbot: QtBot, window: MainWindow, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(window.timeline.lanes, key)


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
    assert window.timeline.lanes.hasFocus()
    first, machine = place(window), review.verdict()
    assert machine is not None
    press(qtbot, window, Key.Key_Up)
    assert said(window) == {first: ("accepted", machine.label)}
    press(qtbot, window, Key.Key_Right)
    second = place(window)
    assert second != first
    press(qtbot, window, Key.Key_Down)
    assert said(window)[second] == ("rejected", "")
    other = next(k for k, label in enumerate(review.labels()) if label != review.verdict().label)  # type: ignore[union-attr]
    press(qtbot, window, Key(Key.Key_1.value + other))
    assert said(window)[second] == ("corrected", review.labels()[other])
    assert window.review.labels.buttons[other].isChecked()
    assert "Corrected by Sara" in window.review.person.text()
    press(qtbot, window, Key.Key_Left)
    assert said(window)[second] == ("rejected", "")
    press(qtbot, window, Key.Key_Left)
    assert second not in said(window)
    qtbot.keyClick(window.timeline.lanes, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
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
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
        event = QKeyEvent(kind, ord("۲"), Qt.KeyboardModifier.NoModifier, "۲")
        QApplication.sendEvent(window.timeline.lanes, event)
        assert event.isAccepted()
    letter = QKeyEvent(QEvent.Type.KeyPress, ord("ب"), Qt.KeyboardModifier.NoModifier, "ب")
    QApplication.sendEvent(window.timeline.lanes, letter)
    assert said(window)[place(window)][1] == window.services.review.labels()[1]


def test_a_click_chooses_the_segment(window: MainWindow, qtbot: QtBot) -> None:
    lanes = window.timeline.lanes
    window.action("review").trigger()
    x, area = round(lanes.axis.x(5.5 * RATE)), lanes.lane_rect(0)
    qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=QPoint(x, round(area.center().y())))
    assert place(window) == 5
    assert window.services.timeline.playhead == 5 * RATE


def test_the_lane_shows_what_was_said(window: MainWindow, qtbot: QtBot) -> None:
    lanes, review = window.timeline.lanes, window.services.review
    window.action("review").trigger()
    lane = review.lanes()[0]
    before = lanes.grab().toImage()
    review.choose(lane, 2)
    review.assign("tar")
    review.choose(lane, 4)
    review.reject()
    review.choose(lane, 7)
    after, area = lanes.grab().toImage(), lanes.lane_rect(0)

    def at(position: float, down: float) -> str:
        ratio = after.devicePixelRatio()
        x, y = round(lanes.axis.x(position * RATE) * ratio), round((area.top() + down) * ratio)
        return str(after.pixelColor(x, y).name())

    item = window.services.session.current
    assert at(2.06, 8) == said_colour(window.timeline.theme, review.statements.marks(item, lane)[2]).name()
    middle = at(4.5, area.height() / 2)  # the cross
    assert middle not in (window.timeline.theme.panel.name(), before.pixelColor(0, 0).name())
    assert statement_words(review.statements.marks(item, lane)[4]) in lanes.describe(lanes.lanes[0], 4)
    assert "verified by Sara" in window.inspector.label_text()


def test_the_modal_reading_is_not_retrained(window: MainWindow, qtbot: QtBot) -> None:
    assert window.services.retrain.probe_of("modal") is None


class Listener(Reporter):
    """Remembers what is done."""

    done: dict[str, object]

    def event(self, name: str, text: str, **values: object) -> None:
        if name == "done":
            self.done = values


def worth_by_command(probe: Path, data: Path) -> Worth:
    listener = Listener(False)
    args = trainer_parser().parse_args(["evaluate", "--probe", str(probe), "--data", str(data), "--device", "cpu"])
    args.run(args, listener)
    return worth(listener.done["judgement"])  # type: ignore[arg-type]


def test_corrections_retrain_the_probe_and_show_the_gain(
    window: MainWindow, qtbot: QtBot, mini_nava: Path, probe: Path
) -> None:
    """Correct, retrain, compare, use: what an archivist does, in one window."""
    review, retrain, card = window.services.review, window.services.retrain, window.review.card
    window.action("review").trigger()
    lane = review.lanes()[0]
    old = lane[0]
    for index in range(8):
        review.choose(lane, index)
        review.assign("ney" if index < 4 else "santoor")
    assert window.review.retrain.isVisible()
    window.review.retrain.click()
    qtbot.waitUntil(lambda: retrain.phase == "asking", timeout=20_000)
    assert card.isVisible()
    assert card.alone.isEnabled()
    retrain.fit_on(mini_nava)
    qtbot.waitUntil(lambda: retrain.phase in ("done", "failed"), timeout=100_000)
    assert (retrain.phase, retrain.message) == ("done", "")
    assert retrain.run is not None
    assert retrain.run.add is not None
    found = retrain.comparison
    assert found is not None
    assert found.part == "test"
    assert found.before.segments.count == found.after.segments.count > 0
    assert set(found.before.classes) == set(found.after.classes) <= set(review.labels())
    assert worth_by_command(retrain.run.probe, retrain.run.folder / LOCKED) == found.after  # judged alike
    assert worth_by_command(probe, retrain.run.folder / LOCKED) == found.before
    assert "locked test part" in card._said.text()
    assert card.use.isVisible()
    card.use.click()
    item = window.services.session.current
    qtbot.waitUntil(lambda: old not in [key[0] for key in item.predictions], timeout=60_000)
    (new,) = (key for key in item.predictions if key[1] == TASK)
    assert new[0] != old
    assert len(review.statements.marks(item, new)) == 8  # the same stretches: what was said of them still holds
    assert [one.id for one in window.services.labelling.choices() if one.chosen] == [new[0]]
    # the second time the data are known, for the new probe has a run
    window.services.retrain.begin(new[0])
    qtbot.waitUntil(lambda: retrain.phase == "fitting", timeout=20_000)
    assert retrain.before is not None
    assert retrain.before.data == mini_nava
    retrain.stop()
    qtbot.waitUntil(lambda: not window.services.training.running, timeout=60_000)
    qtbot.waitUntil(lambda: retrain.phase in ("done", "failed"), timeout=60_000)
    retrain.keep()
    assert not card.isVisible()


def test_a_probe_can_be_fitted_from_corrections_alone(window: MainWindow, qtbot: QtBot) -> None:
    review, retrain = window.services.review, window.services.retrain
    window.action("review").trigger()
    lane = review.lanes()[0]
    review.assign("ney")
    retrain.begin(lane[0])
    qtbot.waitUntil(lambda: retrain.phase == "asking", timeout=20_000)
    assert not window.review.card.alone.isEnabled()  # one label teaches nothing
    for index in range(8):
        review.choose(lane, index)
        review.assign("ney" if index < 4 else "santoor")
    window.review.card.refresh()
    assert window.review.card.alone.isEnabled()
    window.review.card.alone.click()
    qtbot.waitUntil(lambda: retrain.phase in ("done", "failed"), timeout=100_000)
    assert (retrain.phase, retrain.message) == ("done", "")
    assert retrain.comparison is None  # one recording: nothing is kept apart to judge by
    assert "no locked recordings" in window.review.card._said.text()
    assert retrain.run is not None
    assert retrain.run.probe.exists()


def test_a_fault_of_the_fit_is_said(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    review, retrain = window.services.review, window.services.retrain
    window.action("review").trigger()
    review.accept()
    retrain.begin(review.lanes()[0][0])
    qtbot.waitUntil(lambda: retrain.phase == "asking", timeout=20_000)
    (tmp_path / "empty").mkdir()
    retrain.fit_on(tmp_path / "empty")
    qtbot.waitUntil(lambda: retrain.phase == "failed", timeout=60_000)
    assert "no recordings" in window.review.card._said.text()
    window.review.card.close_card.click()
    assert retrain.phase == "idle"


def test_changes_are_said_in_points() -> None:
    plain = {by: change_text(by).strip("\u2066\u2069") for by in (0.04, -0.125, 0.0)}
    assert plain == {0.04: "+4", -0.125: "−12", 0.0: "±0"}


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
    for kind in ("csv", "json"):
        out = tmp_path / f"labels.{kind}"
        window.exports.write(f"labels-{kind}", out)
        qtbot.waitUntil(out.exists, timeout=10_000)
        assert main(["label", "--probe", str(probe), "--device", "cpu", "--format", kind, str(recording)]) == 0
        printed = capsys.readouterr().out
        if kind == "csv":
            rows, wanted = (list(csv.DictReader(io.StringIO(text))) for text in (out.read_text(), printed))
            assert [row["status"] for row in rows[4:6]] == ["corrected", "rejected"]
        else:
            rows, wanted = (json.loads(text)[0]["segments"] for text in (out.read_text(), printed))
        assert rows == wanted


def test_the_reviewers_name_can_be_set(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_args, **_options: ("  Ali  Akbari ", True))
    window.action("reviewer").trigger()
    assert window.services.review.statements.reviewer == "Ali Akbari"
