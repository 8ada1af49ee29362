"""What an archivist finds: words, facets, dates, kept searches."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from pytestqt.qtbot import QtBot

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.filters import Filter
from persian_mir.catalogue.model import Programme, Statement
from persian_mir.provenance import Provenance
from persian_mir.recording import Recording
from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.archive.columns import columns
from persian_mir_gui.core.messages import Message
from persian_mir_gui.library import ledger_work
from persian_mir_gui.library.ledger import Ledger
from tests.persian_mir_gui.archive.hands import RATE, TITLES, name, settle, tick, titles


def test_all_recordings_are_shown_by_their_folder(window: ArchiveWindow) -> None:
    assert titles(window) == list(TITLES)
    assert "5" in window.bar.number.text()


@pytest.mark.parametrize("typed", ["سه گاه", "سه‌گاه", "سهگاه", "segah", "Sehgah"])
def test_a_word_is_found_however_it_is_written(qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, typed: str) -> None:
    window.search.setText(typed)
    qtbot.waitUntil(lambda: sorted(titles(window)) == ["Golha 3", "Golha 4"])


def test_ticks_narrow_down_and_their_numbers_follow(qtbot: QtBot, window: ArchiveWindow, ledger: Ledger) -> None:
    tick(window, "dastgah", "shour")
    qtbot.waitUntil(lambda: titles(window) == list(TITLES[:2]))
    tick(window, "mode", "abuata")
    qtbot.waitUntil(lambda: titles(window) == [TITLES[1]])
    texts = [leaf.text(0) for leaf in window.facets._leaves]
    assert "Shour  1" in texts
    window.facets.removed.setChecked(True)
    qtbot.waitUntil(lambda: not window.rows.model.rows)
    assert window.rows.nothing.text()


def test_labels_of_one_task_are_alternatives_to_be_ticked(qtbot: QtBot, window: ArchiveWindow, ledger: Ledger) -> None:
    tick(window, "dastgah", "shour")
    qtbot.waitUntil(lambda: titles(window) == list(TITLES[:2]))
    tick(window, "dastgah", "segah")  # is still there, though no Shour is a Segah
    qtbot.waitUntil(lambda: titles(window) == list(TITLES[:4]))
    texts = [leaf.text(0) for leaf in window.facets._leaves]
    assert texts[:3] == ["Segah  2", "Shour  2", "Mahour  1"]
    assert "Mahour  1" not in texts[3:]  # of the modes only those within what is ticked


def test_facets_and_the_number_follow_words_that_are_still_typed(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger
) -> None:
    window.search.setText("gol")  # the beginning of Golha
    qtbot.waitUntil(lambda: sorted(titles(window)) == ["Golha 3", "Golha 4"])
    assert window.bar.number.text() == "2 recordings"
    assert not window.rows.nothing.text()
    told = {leaf.text(0) for leaf in window.facets._leaves}
    assert {"Segah  2"} <= told
    assert not any(text.startswith(("Shour", "Mahour")) for text in told)


def test_a_search_is_kept_asked_again_and_forgotten(qtbot: QtBot, window: ArchiveWindow, ledger: Ledger) -> None:
    def kept() -> list[str]:
        names = [action.text().strip("\u2068\u2069") for action in window.kept.actions()]
        return names[: names.index("")]

    window.search.setText("golha 3")
    window.facets.doubtful.setChecked(True)
    tick(window, "mode", "segah")
    qtbot.waitUntil(lambda: titles(window) == ["Golha 3"])
    settle(qtbot, ledger)
    window.kept.keep(" گل‌ها & Golha ")
    qtbot.waitUntil(lambda: kept() == ["گل‌ها && Golha"])
    window._search("", Filter())
    qtbot.waitUntil(lambda: len(titles(window)) == 5)
    assert (window.search.text(), window.facets.doubtful.isChecked(), window.facets._ticked()) == ("", False, ())
    window.kept.actions()[0].trigger()
    qtbot.waitUntil(lambda: titles(window) == ["Golha 3"])
    assert (window.search.text(), window.facets.doubtful.isChecked()) == ("golha 3", True)
    assert window.facets._ticked() == (("mode", "segah"),)
    window.kept.forget("گل‌ها & Golha")
    qtbot.waitUntil(lambda: kept() == [])


def test_not_sure_finds_what_is_shown_with_a_question_mark(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path
) -> None:
    with Catalogue.open(path) as catalogue, catalogue.writing():  # a probe that is sure from a smaller lead on
        file = Recording(Path("/archive/ney.flac"), name(99), RATE, 1000, 1, "FLAC", "sndfile", {"title": "Ney"})
        catalogue.put_recording(file)
        sure = Provenance("probe:1", {}, {"sure_margin": 0.2})
        told = Statement("instrument", 0, 1000, "ney", "machine", "probe:1", probability=0.7)
        catalogue.add_statements(name(99), [told], sure)
    ledger.ask_again()
    qtbot.waitUntil(lambda: "Ney" in titles(window))
    marked = [row.title for row in window.rows.model.rows if any("?" in one.text(row) for one in columns())]
    window.facets.doubtful.setChecked(True)
    qtbot.waitUntil(lambda: len(titles(window)) < 6)
    assert titles(window) == marked
    assert 0 < len(marked) < 5


def test_dates_of_either_calendar_and_a_folder_narrow_down(qtbot: QtBot, window: ArchiveWindow, ledger: Ledger) -> None:
    for place, date in ((0, "1345/2/11"), (1, "1350"), (2, "حدود ۱۳۶۰")):
        ledger.change(ledger_work.set_programme, name(place), Programme(date_jalali=date))
    settle(qtbot, ledger)
    window.facets.since.setText("۱۳۴۶")
    window.facets.since.editingFinished.emit()
    qtbot.waitUntil(lambda: len(titles(window)) == 2)
    window.facets.until.setText("1975")
    window.facets.until.editingFinished.emit()
    qtbot.waitUntil(lambda: titles(window) == [TITLES[1]])
    window.facets.folder.setText("/archive/none")
    window.facets.folder.editingFinished.emit()
    qtbot.waitUntil(lambda: titles(window) == [])
    window.facets.folder.setText("/archive")
    window.facets.folder.editingFinished.emit()
    qtbot.waitUntil(lambda: titles(window) == [TITLES[1]])


def test_a_tick_leaves_the_place_in_the_facets(qtbot: QtBot, window: ArchiveWindow, ledger: Ledger) -> None:
    window.resize(900, 420)
    tree = window.facets.tree
    leaf = window.facets._leaves[-1]
    tree.setCurrentItem(leaf)
    tree.scrollToItem(leaf)
    place = tree.verticalScrollBar().value()
    assert place > 0
    leaf.setCheckState(0, Qt.CheckState.Checked)
    settle(qtbot, ledger)
    now = tree.currentItem()
    assert now is not None
    assert now.checkState(0) == Qt.CheckState.Checked
    assert tree.visualItemRect(now).top() < tree.viewport().height()


def test_a_word_finds_what_was_removed_from_the_list(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path
) -> None:
    with Catalogue.open(path) as catalogue:
        catalogue.remove([name(4)])
    window.search.setText("شاخه گل")
    qtbot.waitUntil(lambda: "1 recording" in window.rows.nothing.text())
    window.facets.removed.setChecked(True)
    qtbot.waitUntil(lambda: titles(window) == [TITLES[4]])
    window.search.setText("golha")
    qtbot.waitUntil(lambda: window.rows.nothing.text() == "Nothing found.")


def test_a_recording_without_labels_says_so_and_is_found_by_it(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path
) -> None:
    file = Path("/archive/silent.flac")
    with Catalogue.open(path) as catalogue:
        catalogue.put_recording(Recording(file, name(9), RATE, 1000, 1, "FLAC", "sndfile", {"title": "Silent"}))
    ledger.look_again()
    qtbot.waitUntil(lambda: "Silent" in titles(window))
    place = next(k for k, column in enumerate(window.rows.model.columns) if column.id == "status")
    assert window.rows.model.index(titles(window).index("Silent"), place).data() == "no label"
    ledger.narrow(Filter(terms=(("status", "none"),)))
    qtbot.waitUntil(lambda: titles(window) == ["Silent"])


def test_a_message_hides_no_recording_and_no_filter(qtbot: QtBot, window: ArchiveWindow) -> None:
    window.resize(900, 600)
    window.messages.post(Message("warning", "Not all was written.", "Try again.", Path("/archive/a.flac")))
    qtbot.waitUntil(lambda: window.messages.height() > 20)
    assert window.size().toTuple() == (900, 600)
    covered = QRect(window.messages.mapTo(window, QPoint()), window.messages.size())
    for part in (window.rows, window.bar, window.facets, window.search):
        assert not covered.intersects(QRect(part.mapTo(window, QPoint()), part.size())), part
