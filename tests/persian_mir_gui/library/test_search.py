"""The list's rows, and which of them a search leaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from persian_mir.labels import label_ids
from persian_mir.prediction import Prediction
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.recordings_model import ITEM, STATUS, RecordingsModel
from persian_mir_gui.library.session import Item, Session
from persian_mir_gui.library.sidebar import Sidebar
from persian_mir_gui.widgets.theme_source import ThemeSource

SOUND = Recording(Path("/a.wav"), "0" * 32, 8000, 8000, 1, "WAV", "none")
KNOWN = (
    ("dashti.wav", {"title": "Improvisation", "artist": "Kayhan Kalhor"}, "mode", "dashti"),
    ("b.mp3", {"title": "درآمد سه‌گاه", "artist": "حسين عليزاده"}, "dastgah", "segah"),
    ("c.flac", {"album": "Café 1978"}, "dastgah", "rast-panjgah"),
    ("take 12.wav", {}, "instrument", "setar"),
)


@pytest.fixture
def session(runner: JobRunner) -> Session:
    return Session(runner, Settings(), Messages())


@pytest.fixture
def model(session: Session) -> RecordingsModel:
    made = RecordingsModel(session)
    items = []
    for key, (name, tags, task, label) in enumerate(KNOWN):
        item = Item(key, Path("/music") / name, "ready", replace(SOUND, tags=tags))
        ids = label_ids(task)
        row = np.array([0.9 if one == label else 0.1 / (len(ids) - 1) for one in ids], np.float32)
        ends = np.array([0]), np.array([8000])
        item.predictions["modal", task] = Prediction(task, ids, *ends, row[None].copy(), row, Provenance("modal"))
        items.append(item)
    session._items.update({item.path: item for item in items})
    session.added.emit(tuple(items))
    return made


def found(model: RecordingsModel, words: str) -> list[int]:
    """The keys of what is shown once every recording was looked at; the model takes several turns on a slow machine."""
    model.look_for(words)
    while model._waiting:
        QTest.qWait(1)
    return [model.data(model.index(row), ITEM).key for row in range(model.rowCount())]


@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("", [0, 1, 2, 3]),
        ("kalhor", [0]),
        ("دشتی", [0]),
        ("Dashti", [0]),
        ("دشتي", [0]),  # Arabic yeh
        ("سه‌گاه", [1]),
        ("سه گاه", [1]),
        ("سهگاه", [1]),
        ("segah", [1]),
        ("حسین علی‌زاده", [1]),
        ("راست پنجگاه", [2]),
        ("cafe ۱۹۷۸", [2]),
        ("سه‌تار", [3]),
        ("SETAR", [3]),
        ("take 12", [3]),
        ("oud", []),
    ],
)
def test_names_are_found_in_both_scripts(
    model: RecordingsModel, monkeypatch: pytest.MonkeyPatch, language: str, words: str, keys: list[int]
) -> None:
    monkeypatch.setenv("LANGUAGE", language)
    assert found(model, words) == keys


def test_what_becomes_what_is_searched_for_comes_to_its_place(session: Session, model: RecordingsModel) -> None:
    assert found(model, "setar") == [3]
    item = session.items[1]
    item.recording = replace(SOUND, tags={"title": "Setar"})
    session.changed.emit(item)
    assert [model.data(model.index(row), ITEM).key for row in range(model.rowCount())] == [1, 3]
    assert [model.row_of(item) for item in session.items] == [-1, 0, -1, 1]


def test_what_comes_to_be_searched_for_while_others_wait_is_found_once(
    session: Session, model: RecordingsModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = iter(range(1000))
    monkeypatch.setattr("persian_mir_gui.library.recordings_model.SLICE_S", 2.0)
    monkeypatch.setattr("persian_mir_gui.library.recordings_model.time.monotonic", lambda: float(next(ticks)))
    model.look_for("setar")  # looks at one; three wait
    for item in session.items[::2]:  # one that was looked at, one that waits
        item.recording = replace(SOUND, tags={"title": "Setar"})
        session.changed.emit(item)
    monkeypatch.undo()
    while model._waiting:
        QTest.qWait(1)
    assert [model.data(model.index(row), ITEM).key for row in range(model.rowCount())] == [0, 2, 3]


def test_files_of_the_same_title_are_told_apart(session: Session, model: RecordingsModel) -> None:
    """By the file's name; by the folder, where the name is the title."""

    def second_lines() -> list[str]:
        texts = [model.data(model.index(row), STATUS) for row in range(model.rowCount())]
        return [text.partition(" · ")[2].strip("\u2068\u2069") for text in texts]

    painted: list[int] = []
    model.dataChanged.connect(lambda first, _last: painted.append(first.row()))
    assert second_lines() == ["", "", "", ""]
    again = [Item(7, Path("/music/copy of b.mp3"), "ready", session.items[1].recording)]
    again += [Item(8, Path("/elsewhere/take 12.wav"), "ready", replace(SOUND))]
    session._items.update({item.path: item for item in again})
    session.added.emit(tuple(again))
    assert {1, 3} <= set(painted)
    again[0].synthesised = True  # said last: what the narrow row cuts
    assert second_lines() == [
        "",
        "b.mp3",
        "",
        "music/take 12.wav",
        "copy of b.mp3\u2069 · synthesised",
        "elsewhere/take 12.wav",
    ]
    session.close(*again)
    while model._waiting:
        QTest.qWait(1)
    assert second_lines() == ["", "", "", ""]


@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_a_damaged_recording_has_a_sign_in_its_row(
    session: Session, qtbot: QtBot, themes: ThemeSource, direction: Qt.LayoutDirection
) -> None:
    sidebar = Sidebar(session, themes)
    qtbot.addWidget(sidebar)
    sidebar.setLayoutDirection(direction)
    sidebar.resize(240, 400)
    item = Item(1, Path("/a.wav"), "ready", SOUND)
    session._items[item.path] = item
    session.added.emit((item,))

    def signs() -> int:
        image = sidebar.list.viewport().grab().toImage()
        wanted = themes.theme.warning.rgb()
        return sum(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(60))

    assert signs() == 0
    item.problems = ("Damaged: 1 s of 92 s can be read.",)
    session.changed.emit(item)
    assert signs() > 5
    index = sidebar.list.model().index(0, 0)
    assert "Damaged" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_rows_follow_what_is_closed(session: Session, model: RecordingsModel) -> None:
    a, b, c, d = session.items
    session.close(b)
    assert [model.row_of(item) for item in (a, b, c, d)] == [0, -1, 1, 2]
    session.close(a, d)
    assert [model.row_of(item) for item in (a, b, c, d)] == [-1, -1, 0, -1]
    assert model.rowCount() == 1


def test_a_great_list_is_searched_in_slices(session: Session, model: RecordingsModel, qtbot: QtBot) -> None:
    items = tuple(Item(key, Path(f"/great/{key}.wav")) for key in range(10, 20_010))
    session._items.update({item.path: item for item in items})
    session.added.emit(items)
    qtbot.waitUntil(lambda: model.rowCount() == 20_004)
    with qtbot.waitSignal(model.searched):
        model.look_for("17.wav")
        assert model.rowCount() < 200  # it did not look at all of them before it returned
    assert model.rowCount() == sum(str(key).endswith("17") for key in range(10, 20_010))


def test_the_lists_heading_is_no_order(
    session: Session, qtbot: QtBot, themes: ThemeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was "to open" in Persian, where the word for what is open is another."""
    monkeypatch.setenv("LANGUAGE", "fa")
    sidebar = Sidebar(session, themes)
    qtbot.addWidget(sidebar)
    assert "ضبط‌ها" in [label.text() for label in sidebar.findChildren(QLabel)]
    assert sidebar.list.accessibleName() == "ضبط‌ها"
