"""Passages that sound alike, found and opened; recordings recommended; what is known exported."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from persian_mir.audio import open_audio
from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.catalogue.model import Statement
from persian_mir.exchange.formats import format_of
from persian_mir.modal.pitch import track_pitch
from persian_mir.similarity.index import SimilarityIndex
from persian_mir.similarity.melody import MelodyFeatures
from persian_mir_gui.archive import similar_desk
from persian_mir_gui.archive.archive_window import ArchiveWindow
from persian_mir_gui.archive.chosen_bar import called
from persian_mir_gui.archive.similar_window import SimilarWindow
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.library.ledger import Ledger
from persian_mir_gui.shell.services import Services
from persian_mir_gui.widgets.theme_source import ThemeSource
from persian_mir_gui.widgets.widget_factories import select_rows

RATE, SECONDS = 8000, 32
MELODIES = {"a": (0, 2, 3, 7, 3, 2), "same-higher": (5, 7, 8, 12, 8, 7), "other": (0, 4, 6, 10, 11, 1)}  # semitones


@pytest.fixture
def recordings(tmp_path: Path) -> dict[str, Path]:
    """Three melodies, the second being the first a fourth higher; all are in the catalogue."""
    paths = {}
    with Catalogue.open() as catalogue:
        for name, steps in MELODIES.items():
            seconds = np.arange(RATE * SECONDS) / RATE
            note = np.array(steps)[(seconds * 2).astype(int) % len(steps)]
            phase = 2 * np.pi * np.cumsum(220 * 2 ** (note / 12)) / RATE
            paths[name] = tmp_path / f"{name}.wav"
            soundfile.write(paths[name], 0.3 * np.sin(phase) + 0.1 * np.sin(2 * phase), RATE)
            with open_audio(paths[name]) as source:
                recording = source.recording
            if name == "same-higher":
                recording = replace(recording, tags={"title": "Song of the hills"})
            catalogue.put_recording(recording)
            mode = "segah" if name != "other" else "mahour"
            said = Statement("mode", 0, recording.frames, mode, "machine", "modal", probability=0.9)
            catalogue.add_statements(recording.content_hash, [said])
    return paths


@pytest.fixture
def window(qtbot: QtBot, services: Services, themes: ThemeSource, monkeypatch: pytest.MonkeyPatch) -> SimilarWindow:
    monkeypatch.setattr(SimilarWindow, "appear", SimilarWindow.show)  # an offscreen display cannot raise it
    made = SimilarWindow(services.similar, services.excerpts, themes)
    qtbot.addWidget(made)
    return made


def test_the_same_melody_higher_is_the_nearest(
    qtbot: QtBot, services: Services, window: SimilarWindow, recordings: dict[str, Path]
) -> None:
    with qtbot.waitSignal(services.similar.answered) as answered:
        services.similar.like_passage(recordings["a"], (0, 30 * RATE), "melody", RATE)
    first, *rest = answered.args[0].found
    assert first.path == recordings["same-higher"]
    assert "500" in first.why
    assert [one.path for one in rest] == [recordings["other"]]
    assert first.similarity > rest[0].similarity
    assert window.table.rowCount() == 2
    assert "Song of the hills" in window.table.item(0, 0).text()  # as the catalogue calls it, not its file
    assert not window.table.isColumnHidden(3)
    with qtbot.waitSignal(window.open_wanted) as opened:
        window.open.click()
    assert opened.args[0] == recordings["same-higher"]


def test_recordings_of_the_same_mode_are_recommended_with_the_reason(
    qtbot: QtBot, services: Services, window: SimilarWindow, recordings: dict[str, Path]
) -> None:
    with open_audio(recordings["a"]) as source:
        liked = source.recording.content_hash
    with qtbot.waitSignal(services.similar.answered) as answered:
        services.similar.like_recordings([liked], "a")
    first = answered.args[0].found[0]
    assert first.path == recordings["same-higher"]
    assert "Segah" in first.why
    assert window.table.isColumnHidden(3)  # 8.42 says nothing to anybody


def test_what_was_found_before_is_a_press_away(
    qtbot: QtBot, services: Services, window: SimilarWindow, recordings: dict[str, Path]
) -> None:
    def ask(path: Path) -> None:
        with qtbot.waitSignal(services.similar.answered):
            services.similar.like_passage(path, (0, 30 * RATE), "melody", RATE, path.stem)

    def shown() -> tuple[str, list[str]]:
        rows = range(window.table.rowCount())
        return window.title.text(), [window.table.item(row, 0).text() for row in rows]

    ask(recordings["a"])
    first = shown()
    assert first[0] == "Passages like \u206600:00 – 00:30\u2069 of \u2068a\u2069"
    assert window.back.isHidden()  # there is nowhere to go
    select_rows(window.table, [1])
    ask(recordings["other"])
    second = shown()
    assert second != first
    assert window.back.toolTip() == first[0]
    assert not window.forward.isEnabled()
    window.back.click()
    assert shown() == first
    assert window.table.currentRow() == 1  # as it was left
    with qtbot.waitSignal(window.open_wanted) as opened:
        window.open.click()
    assert opened.args[0] == recordings["other"]
    assert not window.back.isEnabled()
    window.forward.click()
    assert shown() == second


def test_a_question_that_is_given_up_or_refused_loses_nothing(
    qtbot: QtBot, services: Services, window: SimilarWindow, recordings: dict[str, Path]
) -> None:
    with qtbot.waitSignal(services.similar.answered):
        services.similar.like_passage(recordings["a"], (0, 30 * RATE), "melody", RATE)
    found = window.table.rowCount()
    services.similar.like_passage(recordings["other"], (0, 30 * RATE), "melody", RATE)
    assert window.table.rowCount() == 0
    window.back.click()
    assert window.table.rowCount() == found
    assert window.bar.isHidden()
    qtbot.waitUntil(lambda: not services.similar.runner.jobs)
    assert window.table.rowCount() == found  # the question that was given up answers no more
    with qtbot.waitSignal(services.similar.failed):
        services.similar.like_words("به فارسی")
    assert window.table.rowCount() == 0
    window.back.click()
    assert window.table.rowCount() == found
    assert not window.forward.isEnabled()


def test_recordings_are_called_by_their_titles_as_far_as_a_line_holds_them(
    qtbot: QtBot, services: Services, window: SimilarWindow, recordings: dict[str, Path]
) -> None:
    with Catalogue.open() as catalogue:
        rows = catalogue.page().rows
    one, two, _three = (f"\u2068{row.title}\u2069" for row in rows)
    assert [called(rows[:number]) for number in (1, 2, 3)] == [one, f"{one}, {two}", f"{one}, {two}, 1 more recording"]
    with qtbot.waitSignal(services.similar.answered):
        services.similar.like_recordings([rows[0].content_hash], called(rows[:1]))
    assert window.title.text() == f"Recordings like {one}"


def test_what_was_heard_is_indexed_in_the_background_and_a_question_ends_that(
    qtbot: QtBot, services: Services, window: SimilarWindow, recordings: dict[str, Path]
) -> None:
    with open_audio(recordings["a"]) as source:
        track_pitch(source)
        heard = source.recording.content_hash
    services.similar.grow()
    (job,) = services.similar.runner.jobs
    with qtbot.waitSignal(job.done):
        pass
    with SimilarityIndex(MelodyFeatures().space) as index:
        assert index.store.hashes() == {heard}
    qtbot.waitUntil(lambda: not services.similar.runner.jobs)
    services.similar.grow()
    with qtbot.waitSignal(services.similar.answered) as answered:
        services.similar.like_recordings([heard], "a")
    assert answered.args[0].found[0].path == recordings["same-higher"]


def test_what_is_looked_for_can_be_stopped_and_only_then(
    qtbot: QtBot, services: Services, window: SimilarWindow, recordings: dict[str, Path]
) -> None:
    assert not window.stop.isEnabled()
    services.similar.like_passage(recordings["a"], (0, 30 * RATE), "melody", RATE)
    assert window.stop.isEnabled()
    window.stop.click()
    assert not window.stop.isEnabled()
    assert window.bar.isHidden()  # it does not stand still for ever
    qtbot.waitUntil(lambda: not services.similar.runner.jobs)
    assert window.table.rowCount() == 0


def test_an_empty_catalogue_is_said(qtbot: QtBot, services: Services, window: SimilarWindow, tone: Path) -> None:
    with qtbot.waitSignal(services.similar.failed) as failed:
        services.similar.like_passage(tone, (0, 8000), "melody", RATE)
    assert "Examples are not kept" in failed.args[0].cure  # who has opened those sees labels, and wonders


def test_what_is_known_is_exported_and_no_recording_written_over(
    qtbot: QtBot, themes: ThemeSource, recordings: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger()
    window = ArchiveWindow(ledger, lambda: "Sara", Settings(), themes)
    qtbot.addWidget(window)
    ledger.wake()
    qtbot.waitUntil(lambda: len(window.rows.model.rows) == 3)
    rows = tuple(window.rows.model.rows)
    out = tmp_path / "all.json"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(out), ""))
    window.exchange.export(format_of("json"), rows)
    qtbot.waitUntil(lambda: out.is_file() and not ledger.runner.jobs)
    assert len(json.loads(out.read_text(encoding="utf-8"))["recordings"]) == 3
    assert window.messages.shown_text().splitlines() == ["Written: all.json", str(out)]
    folder = tmp_path / "each"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(folder))
    window.messages.dismiss()
    window.exchange.export(format_of("textgrid"), rows)
    qtbot.waitUntil(lambda: len(list(folder.iterdir())) == 3 and not ledger.runner.jobs)
    assert window.messages.shown_text().splitlines() == ["Files that were written: 3.", str(folder)]
    before = recordings["a"].read_bytes()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(recordings["a"]), ""))
    with qtbot.waitSignal(ledger.failed):
        window.exchange.export(format_of("csv"), rows)
    assert recordings["a"].read_bytes() == before
    assert ledger.close(10.0)


def test_a_liked_set_is_kept_asked_and_undone(qtbot: QtBot, themes: ThemeSource, recordings: dict[str, Path]) -> None:
    ledger = Ledger()
    window = ArchiveWindow(ledger, lambda: "Sara", Settings(), themes)
    qtbot.addWidget(window)
    ledger.wake()
    qtbot.waitUntil(lambda: len(window.rows.model.rows) == 3)
    select_rows(window.rows.table, [0, 2])
    chosen = {row.content_hash for row in window.rows.chosen()}
    assert len(chosen) == 2
    window.bar.liked.put("شب & day", liked=True)
    qtbot.waitUntil(lambda: any(action.menu() for action in window.bar.liked.actions()))
    (inner,) = (action for action in window.bar.liked.actions() if action.menu())
    assert "(2)" in inner.text()
    with qtbot.waitSignal(window.alike_wanted) as wanted:
        inner.menu().actions()[0].trigger()
    assert set(wanted.args[0]) == chosen
    assert wanted.args[1] == "those of the set \u2068شب & day\u2069"
    qtbot.waitUntil(window.undo.isEnabled)
    window.undo.click()
    qtbot.waitUntil(lambda: not any(action.menu() for action in window.bar.liked.actions()))
    assert ledger.close(10.0)


def test_how_much_lower_has_its_sign_before_the_number_in_persian(monkeypatch: pytest.MonkeyPatch) -> None:
    assert similar_desk._higher(-380.0) == "−380 ¢"
    monkeypatch.setenv("LANGUAGE", "fa")
    assert similar_desk._higher(-380.0) == "\u2066−380\u2069 سنت"  # isolated, else the sign stood behind it


def test_words_are_asked_for_and_without_the_model_it_is_said_what_to_fetch(
    qtbot: QtBot, services: Services, window: SimilarWindow, recordings: dict[str, Path]
) -> None:
    window.ask_for_words()
    qtbot.keyClicks(window.words, "slow ney, breathy")
    with qtbot.waitSignal(services.similar.failed) as failed:
        qtbot.keyClick(window.words, Qt.Key.Key_Return)
    assert "Apache-2.0" in failed.args[0].what
    assert failed.args[0].offer  # a command for the terminal is of no use here
    with qtbot.waitSignal(services.similar.models_wanted) as wanted:
        window.messages.offer.click()
    assert wanted.args == ["laion/larger_clap_general"]
    assert "slow ney, breathy" in window.title.text()


def test_a_refusal_goes_with_the_next_question(
    qtbot: QtBot, services: Services, window: SimilarWindow, recordings: dict[str, Path]
) -> None:
    window.ask_for_words()
    assert window.told.text() == "Say below how it sounds, then press Enter."
    assert window.bar.isHidden()
    with qtbot.waitSignal(services.similar.failed):
        services.similar.like_words("به فارسی")
    assert not window.messages.isHidden()
    services.similar.like_words("slow ney")
    assert window.messages.isHidden()
