"""A catalogue's worker and window, over a small catalogue or the file that a module's own `path` names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.widgets.theme_source import ThemeSource
from tests.persian_mir_gui.archive.hands import fill


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return fill(tmp_path / "catalogue.sqlite")


@pytest.fixture
def ledger(qapp, path: Path) -> Iterator[Ledger]:
    made = Ledger(path=path)
    yield made
    assert made.close(10.0)
    made.deleteLater()


@pytest.fixture
def window(qtbot: QtBot, ledger: Ledger, themes: ThemeSource) -> ArchiveWindow:
    made = ArchiveWindow(ledger, lambda: "Sara", Settings(), themes)
    qtbot.addWidget(made)
    ledger.wake()
    made.show()
    qtbot.waitUntil(lambda: bool(made.rows.model.rows))
    return made
