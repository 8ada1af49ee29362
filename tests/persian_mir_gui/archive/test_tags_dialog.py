"""Labels of the catalogue written into tags, and taken back to the byte."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import mutagen
import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from persian_mir.app_paths import config_dir
from persian_mir.audio import open_audio
from persian_mir.catalogue.catalogue import Catalogue, Row
from persian_mir.catalogue.database import default_path
from persian_mir.catalogue.model import Statement
from persian_mir.recording import Recording
from persian_mir.tags.profiles import own_profiles
from persian_mir_gui.archive.tags_dialog import TagsDialog
from persian_mir_gui.archive.templates_dialog import TemplatesDialog
from persian_mir_gui.library.ledger import Ledger


@pytest.fixture
def recordings(tmp_path: Path) -> tuple[Row, ...]:
    """A FLAC that a person called Segah and a machine Shour, and a WAV that cannot be written to."""
    with Catalogue.open() as catalogue:
        for name in ("a.flac", "b.flac"):
            path = tmp_path / name
            soundfile.write(
                path, np.random.default_rng(len(name)).normal(0, 0.1 + 0.1 * (name == "b.flac"), 8000), 8000
            )
            with open_audio(path) as source:
                recording = source.recording
            catalogue.put_recording(recording)
            said = Statement("dastgah", 0, 8000, "shour", "machine", "modal", probability=0.7)
            catalogue.add_statements(recording.content_hash, [said])
        catalogue.add_statements(recording.content_hash, [Statement("dastgah", 0, 8000, "segah", "corrected", "Sara")])
        (tmp_path / "a.flac").chmod(0o400)
        return catalogue.page().rows


@pytest.fixture
def path() -> Path:
    return default_path()


def test_what_a_person_says_is_written_and_taken_back(
    qtbot: QtBot, ledger: Ledger, recordings: tuple[Row, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    monkeypatch.setattr(os, "access", lambda path, mode, **_k: "a.flac" not in str(path))  # root may write anything
    path = recordings[1].path
    before = path.read_bytes()
    dialog = TagsDialog(ledger, recordings)
    qtbot.addWidget(dialog)
    qtbot.waitUntil(dialog.write.isEnabled)
    told = {
        (dialog.table.item(k, 0).text().strip("\u2068\u2069"), dialog.table.item(k, 1).text()): dialog.table.item(k, 3)
        for k in range(dialog.table.rowCount())
    }
    assert "read-only" in told["a.flac", ""].text()
    assert dialog.table.horizontalHeader().length() <= dialog.table.viewport().width()  # what will be is in sight
    assert "Segah" in told["b.flac", "dastgah"].text()
    assert path.read_bytes() == before
    dialog.write.click()
    qtbot.waitUntil(lambda: dialog.undo.isEnabled())
    assert mutagen.File(path)["dastgah"] == ["Segah"]
    dialog.undo.click()
    qtbot.waitUntil(dialog.write.isEnabled)  # a look into the file meanwhile would open it: then it is left alone
    assert path.read_bytes() == before
    qtbot.waitUntil(lambda: not ledger.runner.jobs)


def test_a_profile_of_ones_own_is_kept_used_and_forgotten(
    qtbot: QtBot, ledger: Ledger, recordings: tuple[Row, ...]
) -> None:
    dialog = TagsDialog(ledger, recordings[1:])
    qtbot.addWidget(dialog)
    qtbot.waitUntil(dialog.change.isEnabled)
    dialog.change.click()
    editor = dialog.findChild(TemplatesDialog)
    assert editor is not None
    assert editor.templates["dastgah"].text() == "{dastgah}"
    assert not editor.written["title"].isChecked()
    editor.written["title"].setChecked(True)
    editor.templates["title"].setText("{nobody}")
    editor.name.setText("radio")
    editor.save.click()
    assert "no template" in editor.said.text()
    assert own_profiles() == {}
    editor.templates["title"].setText("{dastgah} · {name}")
    editor.save.click()
    qtbot.waitUntil(lambda: dialog.profile.currentData() == "radio" and dialog.write.isEnabled())
    then = [dialog.table.item(row, 3).text() for row in range(dialog.table.rowCount())]
    assert any("Segah · b" in text for text in then)
    assert own_profiles()["radio"]["title"] == "{dastgah} · {name}"
    dialog.change.click()
    (editor,) = (one for one in dialog.findChildren(TemplatesDialog) if one.isVisible())
    assert editor.name.text() == "radio"
    editor.forget.click()
    qtbot.waitUntil(lambda: dialog.profile.currentData() == "fields" and dialog.change.isEnabled())
    assert dialog.profile.findData("radio") < 0
    qtbot.waitUntil(lambda: not ledger.runner.jobs)


def test_the_persian_profile_is_first_in_persian(
    qtbot: QtBot, ledger: Ledger, recordings: tuple[Row, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "fa")
    dialog = TagsDialog(ledger, recordings[1:])
    qtbot.addWidget(dialog)
    qtbot.waitUntil(dialog.write.isEnabled)
    assert dialog.profile.currentData() == "fields-fa"
    assert any("سه‌گاه" in dialog.table.item(row, 3).text() for row in range(dialog.table.rowCount()))
    qtbot.waitUntil(lambda: not ledger.runner.jobs)


def test_a_spoilt_file_of_profiles_is_told(qtbot: QtBot, ledger: Ledger, recordings: tuple[Row, ...]) -> None:
    path = config_dir() / "tag-profiles.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{")
    dialog = TagsDialog(ledger, recordings[1:])
    qtbot.addWidget(dialog)
    qtbot.waitUntil(dialog.write.isEnabled)
    assert "tag-profiles.json" in dialog.said.text()
    qtbot.waitUntil(lambda: not ledger.runner.jobs)


def test_a_file_that_holds_another_recording_by_now_is_not_written(recordings: tuple[Row, ...]) -> None:
    from persian_mir.progress import SILENT
    from persian_mir_gui.archive.tag_work import plan_tags

    gone, there = recordings
    with Catalogue.open() as catalogue:
        catalogue.put_recording(replace(recording_in(there.path), path=gone.path))  # the one written over the other
        rows = {row.content_hash: row for row in catalogue.page().rows}
        plans = plan_tags(catalogue, [rows[gone.content_hash]], "fields", SILENT).plans
    assert "Relink it first" in plans[0].refused
    assert plans[0].changes == ()


def recording_in(path: Path) -> Recording:
    with open_audio(path) as source:
        return source.recording
