"""The list's rows, and which of them a search leaves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from persian_mir.labels import label_ids
from persian_mir.prediction import Prediction
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording
from persian_mir_gui.core.jobs import JobRunner
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.recordings_model import ITEM, RecordingsModel
from persian_mir_gui.library.session import Item, Session

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
    with qtbot.waitSignal(model.searched, timeout=20_000):
        model.look_for("17.wav")
        assert model.rowCount() < 200  # it did not look at all of them before it returned
    assert model.rowCount() == sum(str(key).endswith("17") for key in range(10, 20_010))
