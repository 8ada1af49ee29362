"""The table of the catalogue: columns, pages, and the room that a window has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.archive.rows_view import RowsView
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.widgets.theme_source import ThemeSource
from tests.persian_mir_gui.archive.hands import TITLES, choose, fill, titles


def test_a_label_that_a_machine_is_not_sure_of_has_a_question_mark(
    window: ArchiveWindow, ledger: Ledger, qtbot: QtBot
) -> None:
    def shown() -> list[str]:
        place = [column.id for column in window.rows.model.columns].index("dastgah")
        return [window.rows.model.index(row, place).data() for row in range(5)]

    assert shown() == ["Shour?", "Shour?", "Segah?", "Segah?", "Mahour"]  # 0.5, 0.6, 0.7, 0.8, 0.9
    choose(window, 0)
    window.bar.accept.click()
    qtbot.waitUntil(lambda: shown()[0] == "Shour")


def test_a_column_sorts_the_whole_catalogue(qtbot: QtBot, window: ArchiveWindow, ledger: Ledger) -> None:
    place = next(k for k, column in enumerate(window.rows.model.columns) if column.id == "confidence")
    window.rows.table.horizontalHeader().setSortIndicator(place, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: titles(window) == list(TITLES[::-1]))


def test_columns_are_kept_with_their_order_until_the_next_start(
    qtbot: QtBot, ledger: Ledger, themes: ThemeSource
) -> None:
    def shown(window: ArchiveWindow) -> list[tuple[str, int]]:
        header, columns = window.rows.table.horizontalHeader(), window.rows.model.columns
        places = [header.logicalIndex(at) for at in range(header.count())]
        return [(columns[k].id, header.sectionSize(k)) for k in places if not header.isSectionHidden(k)]

    windows = [ArchiveWindow(ledger, lambda: "Sara", Settings(), themes)]
    qtbot.addWidget(windows[0])
    header, ids = windows[0].rows.table.horizontalHeader(), [one.id for one in windows[0].rows.model.columns]
    header.moveSection(header.visualIndex(ids.index("date")), 1)
    header.setSectionHidden(ids.index("mode"), True)
    header.setSectionHidden(ids.index("file"), False)
    header.resizeSection(ids.index("title"), 321)
    windows[0].close()
    windows.append(ArchiveWindow(ledger, lambda: "Sara", Settings(), themes))
    qtbot.addWidget(windows[1])
    assert [name for name, _px in shown(windows[1])][:3] == ["title", "date", "dastgah"]
    assert shown(windows[1])[0] == ("title", 321)
    assert {"file", "mode"} & {name for name, _px in shown(windows[1])} == {"file"}


@pytest.mark.parametrize("told", [["mode 88"], ["title"], ["title x", "nosuch 3"], ["title 9 9"]])
def test_columns_that_make_no_sense_are_those_of_the_start(
    qtbot: QtBot, ledger: Ledger, themes: ThemeSource, told: list[str]
) -> None:
    settings = Settings()
    settings.set("catalogue_columns", told)
    window = ArchiveWindow(ledger, lambda: "Sara", settings, themes)
    qtbot.addWidget(window)
    header = window.rows.table.horizontalHeader()
    assert [not header.isSectionHidden(k) for k in range(header.count())] == [
        one.shown for one in window.rows.model.columns
    ]


def test_a_page_comes_when_the_end_is_scrolled_to(qtbot: QtBot, tmp_path: Path, themes: Any) -> None:
    ledger = Ledger(path=fill(tmp_path / "many.sqlite", 450))
    window = ArchiveWindow(ledger, lambda: "Sara", Settings(), themes)
    qtbot.addWidget(window)
    ledger.wake()
    window.show()
    qtbot.waitUntil(lambda: bool(window.rows.model.rows))
    assert len(window.rows.model.rows) == 200
    for number in (400, 450):
        window.rows.table.scrollToBottom()
        qtbot.waitUntil(lambda number=number: len(window.rows.model.rows) == number)
    assert [row.path.name for row in window.rows.model.rows] == [f"{k:05}.flac" for k in range(450)]
    assert ledger.all_here
    assert ledger.close(10.0)


def test_a_small_window_shows_facets_or_details_and_columns_that_fit(qtbot: QtBot, window: ArchiveWindow) -> None:
    header = window.rows.table.horizontalHeader()

    def shown() -> set[str]:
        return {one.id for k, one in enumerate(window.rows.model.columns) if not header.isSectionHidden(k)}

    window.resize(1800, 700)
    qtbot.waitUntil(lambda: {"folder", "status", "duration"} <= shown())
    assert not window.details.isVisible()
    window.resize(900, 600)
    qtbot.waitUntil(lambda: "folder" not in shown() and window.details.isVisible())
    assert {"title", "dastgah", "mode", "instrument"} <= shown()
    assert not window.form.isVisible()
    window.rows.keep_columns()
    assert any(
        told.startswith("folder ") for told in window.rows._settings.get("catalogue_columns")
    )  # folded, not gone
    window.details.click()
    assert window.form.isVisible()
    assert not window.facets.isVisible()
    window.resize(1800, 700)
    qtbot.waitUntil(lambda: "folder" in shown())
    assert window.facets.isVisible()


def test_a_narrow_bar_cuts_no_button_and_has_the_rest_behind_the_dots(qtbot: QtBot, window: ArchiveWindow) -> None:
    bar = window.bar
    buttons = (bar.alike, bar.export, bar.tags)
    window.rows.table.selectRow(0)
    every = (bar.open, bar.label, bar.accept, *buttons, bar.rest, bar.number)
    for width in range(1000, 0, -50):  # how narrow depends on the style, which is the program's after it was built
        bar.setFixedWidth(width)
        qtbot.waitUntil(lambda width=width: bar.width() == width)
        qtbot.waitUntil(lambda: all(one.width() >= one.sizeHint().width() for one in every if one.isVisible()))
        behind = {action.text() for action in bar.rest.menu().actions() if action.isVisible()}
        assert all(one.isVisible() is not (one.text() in behind) for one in buttons)
        if not bar.alike.isVisible():
            break
    assert not bar.alike.isVisible()
    with qtbot.waitSignal(bar.alike_wanted):
        next(action for action in bar.rest.menu().actions() if action.text() == bar.alike.text()).trigger()


def test_columns_fold_until_none_is_cut_at_the_edge(qtbot: QtBot, ledger: Ledger) -> None:
    rows = RowsView(ledger, Settings())
    qtbot.addWidget(rows)
    rows.show()
    for width in (1500, 690, 1300, 640):  # the last column is stretched, and wider than it need be
        rows.resize(width, 400)
        qtbot.waitUntil(lambda width=width: rows.table.width() == width)
        assert rows.table.horizontalHeader().length() <= rows.table.viewport().width()


def test_names_use_the_room_that_a_wide_window_has_to_spare(qtbot: QtBot, ledger: Ledger) -> None:
    rows = RowsView(ledger, Settings())
    qtbot.addWidget(rows)
    rows.show()
    header, title = rows.table.horizontalHeader(), rows._place("title")
    rows.resize(1700, 400)
    assert header.sectionSize(title) > 400
    rows.keep_columns()
    assert "title 250" in rows._settings.get("catalogue_columns")  # it is the window that is wide
    rows.resize(900, 400)
    assert header.sectionSize(title) < 350
    header.resizeSection(title, 321)
    rows.resize(1700, 400)
    assert header.sectionSize(title) == 321
