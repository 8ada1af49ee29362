"""A small catalogue, and what an archivist does with its window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Statement
from persian_mir.catalogue.statement_rows import in_force
from persian_mir.recording import Recording
from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.library.ledger import Ledger
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
