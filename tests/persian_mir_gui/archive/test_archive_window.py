"""What an archivist does with the catalogue's window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QInputDialog
from pytestqt.qtbot import QtBot

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.filters import Filter
from persian_mir.catalogue.model import Carrier, Collection, Credit, Person, Programme, Statement
from persian_mir.catalogue.statement_rows import in_force
from persian_mir.recording import Recording
from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.archive.collection_dialog import CollectionDialog
from persian_mir_gui.archive.people_dialog import PeopleDialog
from persian_mir_gui.archive.rows_view import RowsView
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library import ledger_work
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.library.question import hashes
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import select_rows

RATE = 100
TITLES = ("برگ سبز ۱", "برگ سبز ۲", "Golha 3", "Golha 4", "یک شاخه گل ۵")
MODES = (("shour", "dashti"), ("shour", "abuata"), ("segah", "segah"), ("segah", "segah"), ("mahour", "mahour"))


def name(place: int) -> str:
    """The content hash of a recording of the catalogue."""
    return f"{place:064x}"


def fill(path: Path, number: int = len(TITLES)) -> Path:
    """Write a catalogue of `number` recordings."""
    with Catalogue.open(path) as catalogue, catalogue.writing():
        for place in range(number):
            title, (dastgah, mode) = TITLES[place % len(TITLES)], MODES[place % len(MODES)]
            file = Path(f"/archive/{place:05}.flac")
            catalogue.put_recording(Recording(file, name(place), RATE, 1000, 1, "FLAC", "sndfile", {"title": title}))
            told = [("dastgah", dastgah, 0.5 + place % 5 / 10), ("mode", mode, 0.5 + place % 5 / 10)]
            catalogue.add_statements(
                name(place),
                [Statement(task, 0, 1000, label, "machine", "modal", probability=p) for task, label, p in told],
            )
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return fill(tmp_path / "catalogue.sqlite")


def settle(qtbot: QtBot, ledger: Ledger) -> None:
    """Wait until the worker has nothing more to do."""
    qtbot.waitUntil(lambda: not ledger.runner.jobs)


def titles(window: ArchiveWindow) -> list[str]:
    """What the table shows, from top to bottom."""
    return [row.title for row in window.rows.model.rows]


def choose(window: ArchiveWindow, *places: int) -> None:
    """Select these lines of the table."""
    select_rows(window.rows.table, places)


def tick(window: ArchiveWindow, task: str, label: str) -> None:
    leaf = next(one for one in window.facets._leaves if one.data(0, Qt.ItemDataRole.UserRole) == (task, label))
    leaf.setCheckState(0, Qt.CheckState.Checked)


def held(path: Path, place: int, task: str) -> list[tuple[str, str, str]]:
    """What people say of a recording, as another program reads it."""
    with Catalogue.open(path) as catalogue:
        return [
            (one.label, one.status, one.who)
            for one in in_force(catalogue.statements_of(name(place)))
            if one.task == task
        ]


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


def test_a_column_sorts_the_whole_catalogue(qtbot: QtBot, window: ArchiveWindow, ledger: Ledger) -> None:
    place = next(k for k, column in enumerate(window.rows.model.columns) if column.id == "confidence")
    window.rows.table.horizontalHeader().setSortIndicator(place, Qt.SortOrder.DescendingOrder)
    qtbot.waitUntil(lambda: titles(window) == list(TITLES[::-1]))


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


def test_the_form_writes_what_was_typed_when_another_is_chosen(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path
) -> None:
    choose(window, 0)
    qtbot.waitUntil(lambda: window.form.body.isVisibleTo(window.form))
    window.form.programme.lines["title_latin"].setText("Barg-e sabz, 1")
    window.form.notes.setPlainText("from a tape\nsecond side")
    choose(window, 1)
    settle(qtbot, ledger)
    with Catalogue.open(path) as catalogue:
        told = catalogue.describe(name(0))
    assert told.programme.title_latin == "Barg-e sabz, 1"
    assert told.notes == ("from a tape", "second side")
    choose(window, 0)
    qtbot.waitUntil(lambda: window.form.programme.lines["title_latin"].text() == "Barg-e sabz, 1")


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


def test_what_another_program_labels_appears_by_itself(qtbot: QtBot, window: ArchiveWindow, path: Path) -> None:
    choose(window, 1)
    fill(path, 8)
    qtbot.waitUntil(lambda: len(window.rows.model.rows) == 8)
    assert "8" in window.bar.number.text()
    assert [row.title for row in window.rows.chosen()] == [TITLES[1]]


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


def test_a_damaged_catalogue_is_said_and_left_alone(qtbot: QtBot, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"no catalogue at all" * 100)
    ledger = Ledger(path=damaged)
    with qtbot.waitSignal(ledger.failed) as failed:
        ledger.wake()
    assert failed.args[0].path == damaged
    assert failed.args[0].cure
    assert damaged.read_bytes() == b"no catalogue at all" * 100
    assert ledger.close(10.0)


def test_what_cannot_be_read_is_told_once_not_at_every_look(qtbot: QtBot, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"no catalogue at all" * 100)
    ledger = Ledger(path=damaged)
    told: list[object] = []
    ledger.failed.connect(told.append)
    for _recording in range(3):  # as each that is shown asks for its items
        with qtbot.waitSignal(ledger.read(ledger_work.describe, name(0)).failed):
            pass
    assert len(told) == 1
    with qtbot.waitSignal(ledger.failed):  # what somebody does is always answered
        ledger.undo()
    assert ledger.close(10.0)


def shown_first(qtbot: QtBot, window: ArchiveWindow) -> None:
    choose(window, 0)
    qtbot.waitUntil(lambda: window.form.body.isVisibleTo(window.form))


def test_a_day_that_is_in_no_calendar_is_kept_and_said(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path
) -> None:
    shown_first(qtbot, window)
    programme = window.form.programme
    for text, odd in (("۱۴۰۰/۱۲/۳۰", True), ("۱۳۹۹/۱۲/۳۰", False), ("1345/7/31", True)):
        programme.lines["date_jalali"].setText(text)
        programme.lines["date_jalali"].editingFinished.emit()
        settle(qtbot, ledger)
        assert programme.wrong.isVisibleTo(programme) == odd
        assert (text in programme.wrong.text()) == odd
        with Catalogue.open(path) as catalogue:
            assert catalogue.describe(name(0)).programme.date_jalali == text


def test_the_carrier_and_the_modes_are_written_when_left_and_undone_by_name(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path
) -> None:
    shown_first(qtbot, window)
    carrier, programme = window.form.carrier, window.form.programme
    carrier.choices["type"].setCurrentIndex(carrier.choices["type"].findData("shellac"))
    carrier.choices["type"].activated.emit(2)
    carrier.lines["matrix_number"].setText("GX 1234")
    carrier.lines["matrix_number"].editingFinished.emit()
    programme.lines["modes"].setText("Dashti، سه‌گاه, xyz")
    programme.lines["modes"].editingFinished.emit()
    assert "xyz" in programme.wrong.text()  # and nothing of the line is kept
    programme.lines["modes"].setText("Dashti، سه‌گاه")
    programme.lines["modes"].editingFinished.emit()
    settle(qtbot, ledger)
    with Catalogue.open(path) as catalogue:
        told = catalogue.describe(name(0))
    assert told.carrier == Carrier(type="shellac", matrix_number="GX 1234")
    assert told.programme.modes == ("dashti", "segah")
    assert not programme.wrong.isVisibleTo(programme)
    for words in ("recording", "carrier", "carrier"):
        assert words in window.undo.toolTip()
        window.undo.click()
        settle(qtbot, ledger)
    qtbot.waitUntil(lambda: carrier.lines["matrix_number"].text() == "")
    with Catalogue.open(path) as catalogue:
        assert catalogue.describe(name(0)).carrier is None
        assert catalogue.describe(name(0)).programme == Programme()


def test_people_of_the_whole_recording_are_credited_and_undone(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path
) -> None:
    with Catalogue.open(path) as catalogue:
        catalogue.set_credits(name(3), (Credit(Person("احمد عبادی", "Ahmad Ebadi"), "instrumentalist", "setar"),))
    shown_first(qtbot, window)
    window.form.give_people.click()
    qtbot.waitUntil(lambda: bool(window.findChildren(PeopleDialog)))
    (dialog,) = window.findChildren(PeopleDialog)
    dialog.credits.add.click()
    line = dialog.credits.lines[0]
    completer = line.name.completer()
    completer.setCompletionPrefix("ebadi")
    assert completer.currentCompletion() == "Ahmad Ebadi"
    line.name.setText("احمد عبادی")
    line.detail.setCurrentText("سه‌تار")
    line.certainty.setCurrentIndex(line.certainty.findData("heard"))
    dialog.credits.add.click()
    dialog.credits.lines[1].name.setText("ناشناخته ۲")
    dialog.credits.lines[1].role.setCurrentIndex(dialog.credits.lines[1].role.findData("poet-avaz"))
    dialog.credits.lines[1].detail.setCurrentText("Ghazal")
    dialog.findChild(QDialogButtonBox).accepted.emit()
    settle(qtbot, ledger)
    with Catalogue.open(path) as catalogue:
        first, second = catalogue.describe(name(0)).credits
        assert first.person.name_latin == "Ahmad Ebadi"  # the same person, by one of the names
    assert (first.role, first.instrument, first.certainty) == ("instrumentalist", "setar", "heard")
    assert second == Credit(Person(unknown=2), "poet-avaz", form="ghazal")
    qtbot.waitUntil(lambda: "عبادی" in window.form.people.text())
    assert "credits" in window.undo.toolTip()
    window.undo.click()
    settle(qtbot, ledger)
    with Catalogue.open(path) as catalogue:
        assert catalogue.describe(name(0)).credits == ()


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


def test_what_is_told_of_a_collection_is_kept_field_by_field(
    qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path
) -> None:
    with Catalogue.open(path) as catalogue:
        catalogue.put_members("برنامه‌ها", [name(0)])
        catalogue.put_collection(Collection("گل‌ها", mode_priors=(("segah", 0.5),)))
    dialog = CollectionDialog(ledger, "گل‌ها", window)
    qtbot.waitUntil(lambda: dialog.names.currentText() == "گل‌ها")
    dialog.fields.lines["holder"].setText("Radio Tehran")
    dialog.fields.lines["series"].setText("Golha، Barg-e sabz")
    dialog.names.setCurrentIndex(1 - dialog.names.currentIndex())
    dialog.fields.lines["rights"].setText("free")
    dialog.reject()
    settle(qtbot, ledger)
    with Catalogue.open(path) as catalogue:
        told = catalogue.collection("گل‌ها")
        assert told == Collection("گل‌ها", "Radio Tehran", ("Golha", "Barg-e sabz"), mode_priors=(("segah", 0.5),))
        assert catalogue.collection("برنامه‌ها") == Collection("برنامه‌ها", rights="free")


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
    for width in (1000, 700, 500, 400):
        bar.setFixedWidth(width)
        qtbot.waitUntil(lambda width=width: bar.width() == width)
        qtbot.waitUntil(lambda: all(one.width() >= one.sizeHint().width() for one in every if one.isVisible()))
        behind = {action.text() for action in bar.rest.menu().actions() if action.isVisible()}
        assert all(one.isVisible() is not (one.text() in behind) for one in buttons)
    assert not bar.alike.isVisible()
    with qtbot.waitSignal(bar.alike_wanted):
        next(action for action in bar.rest.menu().actions() if action.text() == bar.alike.text()).trigger()


def test_what_was_said_twice_is_shown_once(qtbot: QtBot, window: ArchiveWindow, ledger: Ledger, path: Path) -> None:
    with Catalogue.open(path) as catalogue, catalogue.writing():
        for _time in range(2):
            again = Statement("mode", 0, 1000, "abuata", "machine", "modal", probability=0.7)
            catalogue.add_statements(name(3), [replace(again, when="2026-11-28T10:00:00")])
    choose(window, 3)
    qtbot.waitUntil(lambda: "Abuata" in window.form.said.text())
    assert window.form.said.text().count("Abuata") == 1


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
