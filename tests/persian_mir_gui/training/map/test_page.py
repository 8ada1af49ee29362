"""The map page: through the real trainer once, then by mouse and keyboard on a map whose points are known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from persian_mir_gui.playback.excerpts import Excerpt
from persian_mir_gui.shell.services import Services
from persian_mir_gui.training.map.page import EmbeddingMap
from persian_mir_gui.training.state.dataset_selection import DataChoice
from persian_mir_gui.training.state.embedding_points import PointMap
from persian_mir_gui.widgets.theme import LIGHT
from persian_mir_gui.widgets.theme_source import ThemeSource


@pytest.fixture
def played(services: Services, monkeypatch: pytest.MonkeyPatch) -> list[list[Excerpt]]:
    wishes: list[list[Excerpt]] = []
    monkeypatch.setattr(type(services.excerpts), "play", lambda _self, wish: wishes.append(list(wish)))
    return wishes


def square() -> PointMap:
    """Four points in the corners and one in the middle; the last file has no Dastgah."""
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.5, 0.5]])
    return PointMap(
        method="pca",
        backbone="signal",
        layer=0,
        files=tuple(Path(f"/{k}.wav") for k in range(3)),
        owners=np.array([0, 0, 1, 1, 2]),
        spans=np.array([[0.0, 5.0], [5.0, 10.0], [0.0, 5.0], [5.0, 10.0], [0.0, 5.0]]),
        places=corners,
        labels={"dastgah": ("shour", "segah", ""), "instrument": ("tar", "tar", "ney")},
        of=5,
        synthetic=True,
    )


@pytest.fixture
def page(qtbot: QtBot, services: Services, themes: ThemeSource) -> EmbeddingMap:
    services.study.points.map = square()
    made = EmbeddingMap(services.io, services.excerpts, services.training, services.study, themes)
    qtbot.addWidget(made)
    made.resize(750, 600)
    made.show()
    services.study.points.changed.emit()
    return made


def pixel(page: EmbeddingMap, point: int) -> QPoint:
    return page.canvas.mapFromScene(page.canvas.place(point))


def test_a_map_through_the_trainer(qtbot: QtBot, services: Services, mini_nava: Path, themes: ThemeSource) -> None:
    services.training.desk.data = DataChoice(mini_nava)
    page = EmbeddingMap(services.io, services.excerpts, services.training, services.study, themes)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: page.compute.isEnabled())
    page.compute.click()
    assert page.compute.text() == "Stop"
    qtbot.waitUntil(lambda: services.study.points.map is not None, timeout=90_000)
    found = services.study.points.map
    assert found is not None
    assert len(found.owners) == found.of == 35
    assert found.excerpt(3).path.is_file()
    assert found.synthetic
    assert "synthetic" in page.status.text()
    assert page.compute.text() == "Compute"
    assert page.task.count() == 3
    assert page.legend.count() == 7


def test_what_the_trainer_refuses_is_said(
    qtbot: QtBot, services: Services, tmp_path: Path, themes: ThemeSource
) -> None:
    services.training.desk.data = DataChoice(tmp_path / "nowhere")
    page = EmbeddingMap(services.io, services.excerpts, services.training, services.study, themes)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: page.compute.isEnabled())
    with qtbot.waitSignal(services.study.points.failed) as failed:
        page.compute.click()
    assert failed.args[0].what in page.status.text()
    assert page.compute.text() == "Compute"


def test_the_legend_names_and_hides_labels(page: EmbeddingMap) -> None:
    texts = [page.legend.item(row).text() for row in range(page.legend.count())]
    assert texts == ["Shour · 2", "Segah · 2", "not known · 1"]
    page.legend.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert page.canvas.shown.tolist() == [True, True, False, False, True]
    page.task.setCurrentIndex(page.task.findData("instrument"))
    page.task.activated.emit(1)
    assert [page.legend.item(row).text() for row in range(page.legend.count())] == ["Ney · 1", "Tar · 4"]
    assert page.canvas.shown.all()


def test_a_press_plays_exactly_that_segment(qtbot: QtBot, page: EmbeddingMap, played: list[list[Excerpt]]) -> None:
    qtbot.mouseClick(page.canvas.viewport(), Qt.MouseButton.LeftButton, pos=pixel(page, 3))
    assert played == [[Excerpt(Path("/1.wav"), 5.0, 10.0)]]
    assert [row.excerpt.path.name for row in page.list.model.rows] == ["1.wav"]
    assert page.list.model.rows[0].cells == ("Segah · Tar",)


def test_a_frame_lists_what_is_in_it(
    page: EmbeddingMap, played: list[list[Excerpt]], drag: Callable[..., None]
) -> None:
    start, stop = pixel(page, 2) - QPoint(9, 9), pixel(page, 4) + QPoint(9, 9)
    drag(page.canvas, QPointF(start), QPointF(stop))
    assert [row.excerpt.path.name for row in page.list.model.rows] == ["1.wav", "2.wav"]
    assert played == []
    page.list.play_row(1)
    assert played == [[Excerpt(Path("/2.wav"), 0.0, 5.0)]]


def test_a_point_is_heard_in_words_and_played_by_the_keyboard(
    qtbot: QtBot, page: EmbeddingMap, played: list[list[Excerpt]]
) -> None:
    page.canvas.set_current(3)
    assert page.canvas.accessibleDescription().splitlines() == [
        "\u20661.wav\u2069",
        *page.canvas.accessibleDescription().splitlines()[1:2],
        "Dastgah: Segah",
        "Instrument: Tar",
    ]
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    assert played == [[Excerpt(Path("/1.wav"), 5.0, 10.0)]]


def test_other_data_take_the_map_away(page: EmbeddingMap, services: Services, tmp_path: Path) -> None:
    services.training.desk.data = DataChoice(tmp_path)
    services.training.data_changed.emit()
    assert services.study.points.map is None
    assert page.legend.count() == 0


def test_both_colour_schemes_are_painted(page: EmbeddingMap, themes: ThemeSource) -> None:
    dark = page.canvas.grab().toImage()
    themes.set(LIGHT)
    assert page.canvas.grab().toImage() != dark


def test_every_point_can_be_exported(page: EmbeddingMap) -> None:
    sheet = page._sheet()
    assert sheet is not None
    rows = [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows()]
    assert len(rows) == 5
    assert rows[3] == {
        **{"file": "/1.wav", "start_s": 5.0, "stop_s": 10.0, "x": 1.0, "y": 1.0},
        **{"dastgah": "segah", "instrument": "tar"},
    }
