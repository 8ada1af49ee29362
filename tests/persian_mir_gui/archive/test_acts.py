"""What an archivist does to several recordings: labels, removing, collections, and undoing it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Statement
from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.library.question import hashes
from tests.persian_mir_gui.archive.hands import TITLES, choose, fill, held, name, settle, titles


def test_several_get_a_label_and_it_is_undone_and_done_again(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path
) -> None:
    choose(window, 0, 2)
    window.acts.say("dastgah", "nava")
    settle(qtbot, ledger)
    assert held(path, 0, "dastgah") == held(path, 2, "dastgah") == [("nava", "corrected", "Sara")]
    assert len(window.rows.chosen()) == 2  # they are chosen still
    assert "label" in window.undo.toolTip()
    window.undo.click()
    settle(qtbot, ledger)
    assert held(path, 0, "dastgah") == held(path, 2, "dastgah") == []
    window.redo.click()
    settle(qtbot, ledger)
    assert held(path, 2, "dastgah") == [("nava", "corrected", "Sara")]
    assert not window.redo.isEnabled()


def test_all_that_machines_say_is_accepted_in_one_step(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path
) -> None:
    attributed = Statement("artist", 0, 1000, "Zarif", "attributed", "probe", probability=0.9)
    with Catalogue.open(path) as catalogue, catalogue.writing():
        catalogue.add_statements(name(0), [attributed])
    ledger.ask_again()
    settle(qtbot, ledger)
    choose(window, 0, 3)
    window.bar.accept.click()
    settle(qtbot, ledger)
    assert held(path, 3, "dastgah") == held(path, 3, "mode") == [("segah", "accepted", "Sara")]
    assert held(path, 0, "mode") == [("dashti", "accepted", "Sara")]
    assert ("artist", "Zarif", "attributed", 0.9) in window.rows.model.rows[0].labels  # nobody accepted who played
    window.undo.click()
    settle(qtbot, ledger)
    assert not [one for one in held(path, 3, "mode") if one[2] == "Sara"]


def test_what_is_removed_can_be_put_back(qtbot: QtBot, window: ArchiveWindow, ledger: Ledger) -> None:
    choose(window, 1)
    window.bar.remove.trigger()
    qtbot.waitUntil(lambda: len(titles(window)) == 4)
    window.facets.removed.setChecked(True)
    qtbot.waitUntil(lambda: titles(window) == [TITLES[1]])
    choose(window, 0)
    window.bar.remove.trigger()
    qtbot.waitUntil(lambda: titles(window) == [])
    window.facets.removed.setChecked(False)
    qtbot.waitUntil(lambda: len(titles(window)) == 5)


def test_recordings_are_put_into_a_collection(qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path) -> None:
    choose(window, 0, 1)
    window.bar.collect.trigger()
    (dialog,) = window.findChildren(QInputDialog)
    dialog.setTextValue(" گل‌ها ")
    dialog.accept()
    settle(qtbot, ledger)
    assert "گل‌ها" in window.messages.shown_text()  # else nothing in the list tells of it
    assert "2" in window.messages.shown_text()
    assert window.facets.names("collection") == ("گل‌ها",)
    with Catalogue.open(path) as catalogue:
        assert sorted(catalogue.members("گل‌ها")) == [name(0), name(1)]


def test_recordings_are_taken_out_of_a_collection(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path
) -> None:
    with Catalogue.open(path) as catalogue:
        catalogue.put_members("گل‌ها", [name(0), name(1)])
        catalogue.put_members("Radio", [name(2)])
    ledger.look_again()
    settle(qtbot, ledger)
    choose(window, 0)
    window.bar.leave.trigger()
    settle(qtbot, ledger)
    (dialog,) = window.findChildren(QInputDialog)
    assert dialog.comboBoxItems() == ["گل‌ها"]  # not those in which the chosen is not
    dialog.accept()
    settle(qtbot, ledger)
    assert "گل‌ها" in window.messages.shown_text()
    with Catalogue.open(path) as catalogue:
        assert catalogue.members("گل‌ها") == (name(1),)
    window.undo.click()
    settle(qtbot, ledger)
    with Catalogue.open(path) as catalogue:
        assert catalogue.members("گل‌ها") == (name(0), name(1))


def test_what_is_in_no_collection_is_not_taken_out_of_one(qtbot: QtBot, window: ArchiveWindow, ledger: Ledger) -> None:
    choose(window, 0)
    window.bar.leave.trigger()
    settle(qtbot, ledger)
    assert not window.findChildren(QInputDialog)
    assert "collection" in window.messages.shown_text()


def test_what_is_opened_is_named_by_its_file(qtbot: QtBot, window: ArchiveWindow) -> None:
    choose(window, 2)
    with qtbot.waitSignal(window.open_wanted) as asked:
        window.bar.open.click()
    assert asked.args == [[Path("/archive/00002.flac")]]


def test_an_act_far_down_the_list_leaves_place_and_choice(qtbot: QtBot, tmp_path: Path, themes: Any) -> None:
    ledger = Ledger(path=fill(tmp_path / "many.sqlite", 450))
    window = ArchiveWindow(ledger, lambda: "Sara", Settings(), themes)
    qtbot.addWidget(window)
    ledger.wake()
    window.show()
    bar = window.rows.table.verticalScrollBar()

    def to_the_end() -> bool:
        bar.setValue(bar.maximum())
        return len(window.rows.model.rows) == 450

    qtbot.waitUntil(to_the_end)
    settle(qtbot, ledger)
    window.rows.table.scrollTo(window.rows.model.index(300, 0))
    choose(window, 300, 303)
    chosen, place = hashes(window.rows.chosen()), bar.value()
    window.bar.accept.click()
    settle(qtbot, ledger)
    assert len(window.rows.model.rows) == 450
    assert (hashes(window.rows.chosen()), bar.value()) == (chosen, place)
    assert {status for row in window.rows.chosen() for _t, _l, status, _p in row.labels} == {"accepted"}
    choose(window, 301)
    window.bar.remove.trigger()
    settle(qtbot, ledger)
    assert (len(window.rows.model.rows), bar.value()) == (449, place)
    assert ledger.close(10.0)


def test_what_was_said_twice_is_shown_once(qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path) -> None:
    with Catalogue.open(path) as catalogue, catalogue.writing():
        for _time in range(2):
            again = Statement("mode", 0, 1000, "abuata", "machine", "modal", probability=0.7)
            catalogue.add_statements(name(3), [replace(again, when="2026-11-28T10:00:00")])
    choose(window, 3)
    qtbot.waitUntil(lambda: "Abuata" in window.form.said.text())
    assert window.form.said.text().count("Abuata") == 1
