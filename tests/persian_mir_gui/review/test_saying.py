"""What a reviewer says: accepted, corrected, rejected, undone; on the disk at once."""

from __future__ import annotations

import csv
import getpass
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from persian_mir.app_paths import data_dir
from persian_mir.catalogue.corrections import Corrections
from persian_mir_gui.core.messages import Message
from persian_mir_gui.library import item_text
from persian_mir_gui.library.session import Item
from persian_mir_gui.shell.services import Services, build_services, close_services

RATE = 8000
PROBE = "probe:0a1b2c3d4e5f"
LANE = (PROBE, "instrument")


def test_what_is_said_is_on_the_disk_at_once(marks: Any, services: Services, item: Item) -> None:
    review = services.review
    review.start()
    review.accept()
    review.assign("ney")
    review.reject()
    assert marks(services, item) == {1: ("accepted", "santoor"), 3: ("corrected", "ney"), 2: ("rejected", "")}
    with (data_dir() / "corrections.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["start"], row["stop"], row["start_s"], row["stop_s"]) for row in rows] == [
        ("8000", "16000", "1.000000", "2.000000"),
        ("24000", "32000", "3.000000", "4.000000"),
        ("16000", "24000", "2.000000", "3.000000"),
    ]
    assert {(row["by"], row["was"], row["predictor"], row["version"]) for row in rows} == {
        ("Sara", "santoor", PROBE, "0a1b2c3d4e5f6a7b")
    }
    assert [row["confidence"] for row in rows] == ["0.5200", "0.6000", "0.8000"]
    assert {row["content_hash"] for row in rows} == {item.recording.content_hash}  # type: ignore[union-attr]
    assert review.progress() == (3, 4)
    assert [one.label for one in review.statements.teachable("instrument")] == ["santoor", "ney"]


def test_the_machines_own_label_given_by_hand_is_an_acceptance(marks: Any, services: Services, item: Item) -> None:
    services.review.start()
    services.review.assign_place(0)
    assert marks(services, item) == {1: ("accepted", "santoor")}
    services.review.assign_place(99)
    assert marks(services, item) == {1: ("accepted", "santoor")}


def test_undo_goes_back_through_the_review(marks: Any, services: Services, item: Item) -> None:
    review = services.review
    review.start()
    review.accept()
    review.reject()
    review.choose(LANE, 1)
    review.assign("ney")
    accepted, rejected = {1: ("accepted", "santoor")}, {3: ("rejected", "")}
    for state in (accepted | rejected, accepted, {}):
        review.undo()
        assert marks(services, item) == state
    assert review.target is not None
    assert review.target.index == 1
    review.undo()
    assert marks(services, item) == {}
    assert len((data_dir() / "corrections.csv").read_text().splitlines()) == 1 + 3 + 3  # nothing was taken out


def test_what_was_said_another_day_can_be_undone_where_it_stands(marks: Any, services: Services, item: Item) -> None:
    services.review.start()
    services.review.accept()
    services.review.leave()
    services.review.choose(LANE, 1)
    services.review.undo()
    assert marks(services, item) == {}


def test_a_copy_of_the_recording_is_known_by_its_content(
    marks: Any, open_tone: Any, services: Services, item: Item, qtbot: QtBot, tmp_path: Path
) -> None:
    services.review.start()
    services.review.accept()
    services.review.leave()
    (tmp_path / "copies").mkdir()
    copy = open_tone(services, qtbot, tmp_path / "copies" / "renamed.wav")
    assert marks(services, copy) == {1: ("accepted", "santoor")}


def test_a_rejection_says_nothing_of_another_label(marks: Any, predict: Any, services: Services, item: Item) -> None:
    services.review.start()
    services.review.reject()
    predict(services, item, PROBE, (0.9, 0.2, 0.8, 0.6))  # now it says ney
    assert marks(services, item) == {}


def test_what_another_program_said_is_seen(
    marks: Any, services: Services, item: Item, qtbot: QtBot, tmp_path: Path
) -> None:
    services.review.start()
    services.review.accept()
    other = Corrections()
    other.refresh()
    other.undo(other.in_force()[0])
    services.session.select(None)
    services.session.select(item)
    assert marks(services, item) == {}


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_shown(
    marks: Any, services: Services, item: Item, qtbot: QtBot
) -> None:
    (data_dir() / "corrections.csv").write_text("my,table\n")
    services.review.start()
    with qtbot.waitSignal(services.messages.posted) as told:
        services.review.accept()
    assert "not a file of corrections" in told.args[0].what
    assert marks(services, item) == {}


def test_nobody_need_give_a_name(services: Services, item: Item) -> None:
    services.settings.set("reviewer", "")
    services.review.start()
    services.review.accept()
    (said,) = services.review.statements.marks(item, LANE).values()
    assert said.by == getpass.getuser()


def test_where_nothing_was_heard_there_is_nothing_to_accept(
    marks: Any, predict: Any, services: Services, item: Item
) -> None:
    predict(services, item, PROBE, (0.5,))
    services.review.start()
    services.review.accept()
    assert marks(services, item) == {}
    services.review.assign("santoor")
    assert marks(services, item) == {0: ("corrected", "santoor")}


def rows() -> list[dict[str, str]]:
    with (data_dir() / "corrections.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_what_holds_already_is_not_written_again(marks: Any, services: Services, item: Item) -> None:
    review = services.review
    review.start()
    for _press in range(6):
        review.choose(LANE, 1)
        review.assign_place(1)
    assert marks(services, item) == {1: ("corrected", "ney")}
    assert len(rows()) == 1
    assert review.target is not None
    assert review.target.index != 1  # it went on all the same


def test_the_selection_is_labelled_as_it_was_made(marks: Any, services: Services, item: Item) -> None:
    review = services.review
    services.timeline.select(RATE // 2, 3 * RATE)
    subject = review.selection()
    assert subject is not None
    assert review.say(subject, "ney")
    assert services.timeline.selection == (RATE // 2, 3 * RATE)
    assert [(row["start"], row["stop"], row["instrument"], row["was"]) for row in rows()] == [
        (str(RATE // 2), str(3 * RATE), "ney", "santoor")
    ]
    assert marks(services, item) == {1: ("corrected", "ney"), 2: ("corrected", "ney")}  # those that lie in it
    assert not review.say(subject, "ney")
    assert len(rows()) == 1


def test_a_selected_segment_is_no_selection_of_its_own(services: Services, item: Item) -> None:
    services.timeline.select(RATE, 2 * RATE)
    assert services.review.selection() is None


def written(qtbot: QtBot, services: Services, many: int) -> None:
    """Wait until what was said of whole recordings is on the disk and in the window; `many` rows are there then."""
    qtbot.waitUntil(lambda: not services.review.statements._writer.jobs)
    assert len(rows()) == many


def test_whole_recordings_are_written_down_off_the_gui_thread_in_the_order_they_were_said(
    services: Services, item: Item, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, threads, go = services.review.statements, list[bool](), threading.Event()
    append = Corrections._append

    def watched(store: Corrections, lines: bytes) -> None:
        threads.append(threading.current_thread() is threading.main_thread())
        assert go.wait(20)
        append(store, lines)

    monkeypatch.setattr(Corrections, "_append", watched)
    said.accept_whole([item])
    said.say_whole([item], "instrument", "ney")
    subject = services.review.segment(LANE, 1)
    assert subject is not None
    assert services.review.say(subject, "ney")  # one segment waits for them
    assert item.said == {}
    go.set()
    written(qtbot, services, 3)
    assert threads == [False] * 3
    assert [(row["status"], row["start"]) for row in rows()] == [
        ("accepted", "0"),
        ("corrected", "0"),
        ("corrected", str(RATE)),
    ]
    assert item_text.main_words(item) == "Ney"


def test_many_recordings_are_shown_as_labelled_turn_by_turn(
    open_tone: Any, services: Services, item: Item, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("persian_mir_gui.review.statements.AT_ONCE", 1)
    other = open_tone(services, qtbot, tmp_path / "other.wav", 4.5)
    shown: list[tuple[bool, bool]] = []
    turns = QTimer(services.session, interval=0)
    turns.timeout.connect(lambda: shown.append((bool(item.said), bool(other.said))))
    turns.start()
    with qtbot.waitSignal(services.review.statements.changed):
        services.review.statements.accept_whole([item, other])
    turns.stop()
    assert (bool(item.said), bool(other.said)) == (True, True)
    assert (True, False) in shown  # the window lived between the two


@pytest.mark.logs  # the catalogue says so too
def test_whole_recordings_that_cannot_be_written_are_told(services: Services, item: Item, qtbot: QtBot) -> None:
    told: list[Message] = []
    services.messages.posted.connect(told.append)
    (data_dir() / "corrections.csv").write_text("somebody else's table\n")
    services.review.statements.accept_whole([item])
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].what == "This is not a file of corrections, or one of another version."
    assert item.said == {}


def test_what_was_said_last_is_written_before_the_program_ends(
    qapp: QApplication, open_tone: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    services = build_services()
    item = open_tone(services, qtbot, tmp_path / "tone.wav")
    qtbot.waitUntil(lambda: services.review.statements.store is not None)
    services.review.statements.accept_whole([item])
    services.review.statements.say_whole([item], "instrument", "ney")
    assert close_services(services)
    assert [row["status"] for row in rows()] == ["accepted", "corrected"]


def test_whole_recordings_are_accepted_labelled_and_taken_back(
    open_tone: Any, services: Services, item: Item, qtbot: QtBot, tmp_path: Path
) -> None:
    other = open_tone(services, qtbot, tmp_path / "other.wav", 4.5)
    said = services.review.statements
    assert (item.said, item.reviewed) == ({}, (0, 0))
    said.accept_whole([item, other])
    written(qtbot, services, 2)
    assert [one.said["instrument"].status for one in (item, other)] == ["accepted"] * 2
    assert item_text.main_words(item) == "Santoor"
    assert "Sara" in item_text.reviewed_words(item)
    said.accept_whole([item, other])
    said.say_whole([item], "instrument", "ney")
    said.say_whole([other], "dastgah", "nava")  # which nobody has answered
    written(qtbot, services, 4)
    assert (item_text.main_words(item), item_text.main_words(other)) == ("Ney", "Nava")
    assert item.reviewed == (0, 4)  # nothing is said of its parts
    said.say_whole([item], "instrument", "")
    written(qtbot, services, 5)
    assert item_text.main_words(item) == "not Santoor"
    said.forget_whole([item, other])
    written(qtbot, services, 8)
    assert item_text.main_words(other) == "Santoor"


def test_a_label_of_most_segments_is_the_verdict_in_the_list(services: Services, item: Item) -> None:
    review = services.review
    review.start()
    review.assign("ney")
    review.assign("ney")
    assert (item.said, item.reviewed) == ({}, (2, 4))
    assert item_text.reviewed_words(item) == "2 of 4 segments reviewed"
    review.assign("ney")
    assert (item.said["instrument"].status, item.said["instrument"].label) == ("corrected", "ney")
    assert item_text.main_words(item) == "Ney"
    review.undo()
    assert item.said == {}


def test_none_of_these_is_never_accepted_as_a_label(marks: Any, services: Services, item: Item) -> None:
    said = item.predictions[LANE]
    strange = replace(said, reasons=("It sounds unlike all of them.",) * len(said.starts))
    services.session.put_prediction(item, PROBE, "Instrument · test", strange)
    services.review.start()
    verdict = services.review.verdict()
    assert verdict is not None
    assert verdict.reason == "It sounds unlike all of them."
    services.review.accept()
    assert marks(services, item) == {}
    assert Corrections().of(item.recording) == {}  # type: ignore[union-attr]
