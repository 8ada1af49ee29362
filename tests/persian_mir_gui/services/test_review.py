"""Reviewing on real services and a real store, over predictions made by hand."""

from __future__ import annotations

import csv
import getpass
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from persian_mir.corrections import Corrections
from persian_mir.places import data_dir
from persian_mir.prediction import Prediction, pooled
from persian_mir.provenance import Provenance
from persian_mir_gui.services.context import Services, build_services, close_services
from persian_mir_gui.services.session import Item

RATE = 8000
PROBE = "probe:0a1b2c3d4e5f"
SURENESS = (0.9, 0.52, 0.8, 0.6)  # the first of two labels; 0.52 is the least sure
LANE = (PROBE, "instrument")


@pytest.fixture
def services(qapp) -> Iterator[Services]:
    made = build_services()
    yield made
    assert close_services(made)


@pytest.fixture
def item(services: Services, qtbot: QtBot, tmp_path: Path) -> Item:
    """Four seconds, of which a probe says `santoor` each time, with `SURENESS`."""
    services.settings.set("reviewer", "Sara")
    opened = open_tone(services, qtbot, tmp_path / "tone.wav")
    qtbot.waitUntil(lambda: services.review.statements.store is not None, timeout=10_000)
    return opened


def open_tone(services: Services, qtbot: QtBot, path: Path, seconds: float = 4.0) -> Item:
    samples = 0.3 * np.sin(2 * np.pi * 440 / RATE * np.arange(round(seconds * RATE)))
    soundfile.write(path, samples.astype(np.float32), RATE)
    services.session.open_paths([path])
    opened = lambda: next((one for one in services.session.items if one.path == path), None)  # noqa: E731
    qtbot.waitUntil(lambda: opened() is not None and opened().state == "ready", timeout=10_000)
    one = opened()
    assert one is not None
    services.session.select(one)
    predict(services, one, PROBE, SURENESS)
    return one


def predict(services: Services, item: Item, who: str, sureness: tuple[float, ...]) -> None:
    rows = np.array([[p, 1 - p] for p in sureness], np.float32)
    starts = np.arange(len(rows), dtype=np.int64) * RATE
    stops = starts + RATE
    made = Provenance(who, {who: "0a1b2c3d4e5f6a7b"})
    labels = ("santoor", "ney")
    said = Prediction("instrument", labels, starts, stops, rows, pooled(rows, stops - starts), made)
    services.session.put_prediction(item, who, "Instrument · test", said)


def marks(services: Services, item: Item) -> dict[int, tuple[str, str]]:
    return {k: (one.status, one.label) for k, one in services.review.statements.marks(item, LANE).items()}


def test_it_begins_with_the_least_sure_and_goes_on_from_there(services: Services, item: Item) -> None:
    review, visited = services.review, []
    review.start()
    for _turn in range(5):
        assert review.target is not None
        visited.append(review.target.index)
        review.next()
    assert visited == [1, 3, 2, 0, 1]
    assert services.timeline.selection == (3 * RATE, 4 * RATE)


def test_in_order_of_time_if_wanted(services: Services, item: Item) -> None:
    services.review.set_order("time")
    services.review.start()
    visited = [services.review.target.index if services.review.target else None]
    services.review.next()
    visited.append(services.review.target.index if services.review.target else None)
    assert visited == [0, 1]


def test_it_begins_with_the_segment_that_is_selected(services: Services, item: Item) -> None:
    services.timeline.select(2 * RATE, 3 * RATE)
    services.review.start()
    assert services.review.target is not None
    assert services.review.target.index == 2


def test_what_is_said_is_on_the_disk_at_once(services: Services, item: Item) -> None:
    review = services.review
    review.start()
    review.accept()
    review.next()
    review.assign("ney")
    review.next()
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


def test_what_is_reviewed_is_passed_over(services: Services, item: Item) -> None:
    review = services.review
    review.start()
    review.accept()
    review.next()
    review.accept()
    review.choose(LANE, 0)
    review.next()
    assert review.target is not None
    assert review.target.index == 2


def test_the_machines_own_label_given_by_hand_is_an_acceptance(services: Services, item: Item) -> None:
    services.review.start()
    services.review.assign_place(0)
    assert marks(services, item) == {1: ("accepted", "santoor")}
    services.review.assign_place(99)
    assert marks(services, item) == {1: ("accepted", "santoor")}


def test_undo_goes_back_through_the_review(services: Services, item: Item) -> None:
    review = services.review
    review.start()
    review.accept()
    review.assign("ney")  # of the same segment
    review.next()
    review.reject()
    for state in ({1: ("corrected", "ney")}, {1: ("accepted", "santoor")}, {}):
        review.undo()
        assert marks(services, item) == state
    assert review.target is not None
    assert review.target.index == 1
    review.undo()
    assert marks(services, item) == {}
    assert len((data_dir() / "corrections.csv").read_text().splitlines()) == 1 + 3 + 3  # nothing was taken out


def test_what_was_said_another_day_can_be_undone_where_it_stands(services: Services, item: Item) -> None:
    services.review.start()
    services.review.accept()
    services.review.leave()
    services.review.choose(LANE, 1)
    services.review.undo()
    assert marks(services, item) == {}


def test_leaving_ends_it(services: Services, item: Item, qtbot: QtBot) -> None:
    services.review.start()
    with qtbot.waitSignal(services.review.active_changed) as told:
        services.review.leave()
    assert told.args == [False]
    assert (services.review.target, services.timeline.selection) == (None, None)


def test_without_labels_there_is_nothing_to_review(services: Services, qtbot: QtBot) -> None:
    with qtbot.waitSignal(services.messages.posted) as told:
        services.review.start()
    assert not services.review.active
    assert "nothing to review" in told.args[0].what


def test_the_neighbours_in_time_and_the_lanes_can_be_reached(services: Services, item: Item) -> None:
    review = services.review
    predict(services, item, "probe:other", (0.9, 0.9))
    review.choose(LANE, 1)
    for step, place in ((-1, 0), (-1, 0), (1, 1), (1, 2)):
        review.step(step)
        assert review.target is not None
        assert review.target.index == place
    review.change_lane(-1)
    review.change_lane(1)
    assert review.target is not None
    assert (review.target.lane[0], review.target.index) == ("probe:other", 1)


def test_another_recording_is_reviewed_from_its_own_doubts(
    services: Services, item: Item, qtbot: QtBot, tmp_path: Path
) -> None:
    other = open_tone(services, qtbot, tmp_path / "other.wav", 4.5)
    services.session.select(item)
    services.review.start()
    services.review.choose(LANE, 3)
    services.session.select(other)
    assert services.review.target is not None
    assert services.review.target.index == 1
    services.review.accept()
    assert marks(services, item) == {}
    assert marks(services, other) == {1: ("accepted", "santoor")}


def test_a_copy_of_the_recording_is_known_by_its_content(
    services: Services, item: Item, qtbot: QtBot, tmp_path: Path
) -> None:
    services.review.start()
    services.review.accept()
    services.review.leave()
    (tmp_path / "copies").mkdir()
    copy = open_tone(services, qtbot, tmp_path / "copies" / "renamed.wav")
    assert marks(services, copy) == {1: ("accepted", "santoor")}


def test_a_rejection_says_nothing_of_another_label(services: Services, item: Item) -> None:
    services.review.start()
    services.review.reject()
    predict(services, item, PROBE, (0.9, 0.2, 0.8, 0.6))  # now it says ney
    assert marks(services, item) == {}


def test_what_another_program_said_is_seen(services: Services, item: Item, qtbot: QtBot, tmp_path: Path) -> None:
    services.review.start()
    services.review.accept()
    other = Corrections()
    other.refresh()
    other.undo(other.in_force()[0])
    services.session.select(None)
    services.session.select(item)
    assert marks(services, item) == {}


def test_a_file_that_cannot_be_written_is_said_and_nothing_is_shown(
    services: Services, item: Item, qtbot: QtBot
) -> None:
    (data_dir() / "corrections.csv").write_text("my,table\n")
    services.review.start()
    with qtbot.waitSignal(services.messages.posted) as told:
        services.review.accept()
    assert "not a file of corrections" in told.args[0].what
    assert marks(services, item) == {}


def test_a_probe_that_takes_anothers_place_is_reviewed_at_the_same_time(services: Services, item: Item) -> None:
    services.review.choose(LANE, 2)
    predict(services, item, "probe:new", SURENESS)
    services.session.forget(PROBE)
    assert services.review.target is not None
    assert (services.review.target.lane, services.review.target.index) == (("probe:new", "instrument"), 2)


class FakePlayer:
    """Remembers what it was told."""

    available, state = True, "stopped"

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []

    def set_range(self, span: object) -> None:
        self.told.append(("range", span))

    def seek(self, sample: int) -> None:
        self.told.append(("seek", sample))

    def play(self) -> None:
        self.told.append(("play", None))


def test_the_segment_is_heard(services: Services, item: Item, monkeypatch: pytest.MonkeyPatch) -> None:
    player = FakePlayer()
    monkeypatch.setattr(services.review, "_player", player)
    services.review.choose(LANE, 2)
    assert player.told == [("seek", 2 * RATE)]
    player.told.clear()
    services.review.play()
    assert player.told == [("range", (2 * RATE, 3 * RATE)), ("seek", 2 * RATE), ("play", None)]
    player.told.clear()
    services.settings.set("review_heard", True)
    services.review.choose(LANE, 3)
    assert player.told[-1] == ("play", None)


def test_nobody_need_give_a_name(services: Services, item: Item) -> None:
    services.settings.set("reviewer", "")
    services.review.start()
    services.review.accept()
    assert services.review.statement().by == getpass.getuser()  # type: ignore[union-attr]


def test_where_nothing_was_heard_there_is_nothing_to_accept(services: Services, item: Item) -> None:
    predict(services, item, PROBE, (0.5,))
    services.review.start()
    services.review.accept()
    assert marks(services, item) == {}
    services.review.assign("santoor")
    assert marks(services, item) == {0: ("corrected", "santoor")}
