"""What the main window labels is in the catalogue."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme_source import ThemeSource

pytestmark = pytest.mark.usefixtures("fake")


def test_a_recording_is_kept_once_it_is_labelled(qtbot: QtBot, services: Services, tone: Path) -> None:
    services.session.open_paths([tone])
    qtbot.waitUntil(lambda: bool(services.session.items) and services.session.items[0].state == "ready")
    (item,) = services.session.items
    for _again in range(2):
        services.labelling.label([item])
        qtbot.waitUntil(lambda: item.labelling == "done" and not services.ledger.runner.jobs)
    assert item.recording is not None
    with Catalogue.open() as catalogue:
        (row,) = catalogue.page().rows
        assert row.path == tone
        assert [(task, label, status) for task, label, status, _p in row.labels] == [
            ("instrument", "santoor", "machine")
        ]
        live = catalogue.statements_of(item.recording.content_hash, live=True)
        assert len([one for one in live if (one.start, one.stop) == (0, 8000)]) == 1


def test_the_examples_are_not_kept_and_an_empty_catalogue_says_so(
    qtbot: QtBot, services: Services, themes: ThemeSource, tone: Path
) -> None:
    """A teacher had five labelled recordings before her, and a catalogue that said it would keep what is labelled."""
    example = tone.with_name("Synthesised setar in Segah.wav")
    shutil.copy(tone, example)
    services.session.open_paths([example])
    qtbot.waitUntil(lambda: bool(services.session.items) and services.session.items[0].state == "ready")
    (item,) = services.session.items
    services.labelling.label([item])
    qtbot.waitUntil(lambda: item.labelling == "done" and not services.ledger.runner.jobs)
    with Catalogue.open() as catalogue:
        assert not catalogue.page().rows
    window = ArchiveWindow(services.ledger, lambda: "Sara", Settings(), themes)
    qtbot.addWidget(window)
    services.ledger.wake()
    qtbot.waitUntil(lambda: "the example recordings aside" in window.rows.nothing.text())


def test_both_windows_know_what_was_said_in_either(qtbot: QtBot, services: Services, tone: Path) -> None:
    from persian_mir_gui.library import ledger_work
    from persian_mir_gui.shell.window_wiring import connect_people

    connect_people(services)
    statements, ledger = services.review.statements, services.ledger
    services.session.open_paths([tone])
    qtbot.waitUntil(lambda: bool(services.session.items) and services.session.items[0].state == "ready")
    (item,) = services.session.items
    services.labelling.label([item])
    qtbot.waitUntil(lambda: item.labelling == "done")
    ledger.wake()
    statements.say_whole([item], "instrument", "ney")
    qtbot.waitUntil(lambda: not ledger.runner.jobs)
    with Catalogue.open() as catalogue:
        (row,) = catalogue.page().rows
    assert [(label, status) for _task, label, status, _p in row.labels] == [("ney", "corrected")]
    ledger.change(ledger_work.say, [row], "instrument", "santoor", "Sara")
    qtbot.waitUntil(lambda: item.said["instrument"].label == "santoor")
    ledger.undo()
    qtbot.waitUntil(lambda: item.said["instrument"].label == "ney")
