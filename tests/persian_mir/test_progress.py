"""A part of a longer work tells the listener of the whole."""

from __future__ import annotations

from typing import Any

import pytest

from persian_mir.progress import SILENT, Cancelled, Progress


class Recorder(Progress):
    def __init__(self) -> None:
        self.steps: list[tuple[float, str]] = []
        self.published: list[Any] = []

    def step(self, fraction: float, note: str = "") -> None:
        self.steps.append((fraction, note))

    def publish(self, value: Any) -> None:
        self.published.append(value)


def test_parts_of_parts_lie_where_they_should() -> None:
    whole = Recorder()
    part = whole.part(0.5, 0.25, "second").part(0.5, 0.5)
    for fraction in (-1.0, 0.0, 0.5, 1.0, 7.0):
        part.step(fraction)
    assert [step for step, _note in whole.steps] == [0.625, 0.625, 0.6875, 0.75, 0.75]
    assert {note for _step, note in whole.steps} == {"second"}
    part.step(0.5, "a file")
    assert whole.steps[-1] == (0.6875, "a file")


def test_what_a_part_hands_out_goes_on_or_where_it_is_told() -> None:
    whole, other = Recorder(), Recorder()
    whole.part(0.0, 1.0).part(0.0, 1.0).publish(1)
    whole.part(0.0, 1.0, publish=other.publish).part(0.0, 1.0).publish(2)
    whole.part(0.0, 1.0, publish=SILENT.publish).publish(3)
    assert (whole.published, other.published) == ([1], [2])


def test_cancelling_reaches_the_part() -> None:
    class Impatient(Progress):
        def step(self, fraction: float, note: str = "") -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        Impatient().part(0.0, 0.5).step(0.0)
