"""The shares of modes that a person gives to a collection."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Collection
from persian_mir_gui.archive.priors_dialog import PriorsDialog
from persian_mir_gui.library.ledger import Ledger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Catalogue.open(tmp_path / "catalogue.sqlite") as catalogue:
        catalogue.put_collection(Collection("Golha", "An archive", mode_priors=(("segah", 0.25),)))
        catalogue.put_collection(Collection("Radio"))
    return tmp_path / "catalogue.sqlite"


def test_shares_are_shown_and_kept(qtbot: QtBot, ledger: Ledger, tmp_path: Path) -> None:
    dialog = PriorsDialog(ledger)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: dialog.collection.count() == 2)
    assert dialog.shares["segah"].value() == 25.0
    dialog.shares["shour"].setValue(90.0)
    assert not dialog.save.isEnabled()  # more than all
    dialog.shares["shour"].setValue(50.0)
    dialog.save.click()
    qtbot.waitUntil(lambda: not ledger.runner.jobs)
    with Catalogue.open(tmp_path / "catalogue.sqlite") as catalogue:
        told, other = catalogue.collection("Golha"), catalogue.collection("Radio")
    assert told is not None
    assert other is not None
    assert (told.holder, dict(told.mode_priors)) == ("An archive", {"shour": 0.5, "segah": 0.25})
    assert other.mode_priors == ()


def test_without_a_collection_nothing_can_be_kept(qtbot: QtBot, qapp, tmp_path: Path) -> None:
    ledger = Ledger(path=tmp_path / "empty.sqlite")
    dialog = PriorsDialog(ledger)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: not ledger.runner.jobs)
    assert not dialog.save.isEnabled()
    assert "collection" in dialog.said.text()
    assert ledger.close(10.0)
