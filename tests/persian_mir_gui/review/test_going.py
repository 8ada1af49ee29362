"""From segment to segment: the order, the lanes, other recordings; and hearing them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from persian_mir_gui.library.session import Item
from persian_mir_gui.shell.services import Services

RATE = 8000
PROBE = "probe:0a1b2c3d4e5f"
SURENESS = (0.9, 0.52, 0.8, 0.6)  # the first of two labels; 0.52 is the least sure
LANE = (PROBE, "instrument")


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


def test_what_is_reviewed_is_passed_over(services: Services, item: Item) -> None:
    review = services.review
    review.start()
    review.accept()
    review.accept()
    review.choose(LANE, 0)
    review.next()
    assert review.target is not None
    assert review.target.index == 2


def test_an_answer_goes_on_to_the_next_and_the_last_one_says_so(services: Services, item: Item) -> None:
    review, visited = services.review, []
    review.start()
    for answer in (review.accept, review.reject, lambda: review.assign_place(1), review.accept):
        assert review.target is not None
        assert not review.done
        visited.append(review.target.index)
        answer()
    assert visited == [1, 3, 2, 0]
    assert review.done
    assert review.next_recording() is None
    assert review.target.index == 0


def test_the_next_recording_is_offered_and_gone_to(
    open_tone: Any, services: Services, item: Item, qtbot: QtBot, tmp_path: Path
) -> None:
    other = open_tone(services, qtbot, tmp_path / "other.wav", 4.5)
    done = open_tone(services, qtbot, tmp_path / "done.wav", 5.0)
    for one in (done, item):
        services.session.select(one)
        services.review.start()
        while not services.review.done:
            services.review.accept()
    assert services.review.next_recording() is other
    services.review.next()
    assert services.session.current is other
    assert services.review.active
    assert not services.review.done


def test_it_begins_with_what_was_clicked(predict: Any, services: Services, item: Item) -> None:
    other = ("probe:other", "instrument")
    predict(services, item, other[0], (0.9, 0.9))
    services.timeline.select(0, RATE)  # a segment of both lanes
    services.review.point_at(other, 0)
    services.review.start()
    assert services.review.target is not None
    assert services.review.target.lane == other
    services.review.point_at(LANE, 2)
    assert (services.review.target.lane, services.review.target.index) == (LANE, 2)


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


def test_the_neighbours_in_time_and_the_lanes_can_be_reached(predict: Any, services: Services, item: Item) -> None:
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
    marks: Any, open_tone: Any, services: Services, item: Item, qtbot: QtBot, tmp_path: Path
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


def test_a_probe_that_takes_anothers_place_is_reviewed_at_the_same_time(
    predict: Any, services: Services, item: Item
) -> None:
    services.review.choose(LANE, 2)
    predict(services, item, "probe:new", SURENESS)
    services.session.forget(PROBE)
    assert services.review.target is not None
    assert (services.review.target.lane, services.review.target.index) == (("probe:new", "instrument"), 2)


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
