"""What an archivist writes of a recording, its people and its collection."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Carrier, Collection, Credit, Person, Programme
from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.archive.collection_dialog import CollectionDialog
from persian_mir_gui.archive.people_dialog import PeopleDialog
from persian_mir_gui.library.ledger import Ledger
from tests.persian_mir_gui.archive.hands import choose, name, settle


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


def test_another_recording_is_described_from_the_top_and_the_same_one_stays_where_it_was(
    qtbot: QtBot, window: ArchiveWindow, path: Path
) -> None:
    form = window.form
    window.resize(1300, 400)  # with room for the form, but not for all of it
    shown_first(qtbot, window)
    bar = form.verticalScrollBar()
    qtbot.waitUntil(lambda: form.isVisible() and bar.maximum() > 100)
    bar.setValue(90)
    with Catalogue.open(path) as catalogue:
        first, second = (catalogue.describe(name(place)) for place in (0, 1))
    form.show_record(replace(first, notes=("from a tape",)))
    assert (form.notes.toPlainText(), bar.value()) == ("from a tape", 90)
    form.show_record(second)
    assert bar.value() == 0


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
