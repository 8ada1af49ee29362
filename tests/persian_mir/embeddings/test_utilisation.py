"""The share of time in which backbones computed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from persian_mir.backbones.signal import SignalBackbone
from persian_mir.embeddings import SharedBackbone
from persian_mir.embeddings.utilisation import Utilisation
from persian_mir.modal.predictor import ModalPredictor


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def predictor(backbone: SharedBackbone) -> SimpleNamespace:
    return SimpleNamespace(backbone=backbone)


def test_it_counts_from_the_first_call_and_a_shared_backbone_once(clock: Clock) -> None:
    one, other = SharedBackbone(SignalBackbone()), SharedBackbone(SignalBackbone())
    found = [ModalPredictor(), predictor(one), predictor(one), predictor(other)]
    used = Utilisation(lambda: found, clock)
    clock.now += 50  # a model is being loaded
    assert used.share() is None
    clock.now += 10
    one._busy_s, other._busy_s = 4.0, 2.0
    assert used.share() == pytest.approx(0.6)
    clock.now += 10
    assert used.share() == pytest.approx(0.3)
    one._busy_s = 400.0
    assert used.share() == 1.0


def test_what_was_computed_before_does_not_count(clock: Clock) -> None:
    one = SharedBackbone(SignalBackbone())
    one._busy_s = 1000.0
    used = Utilisation(lambda: [predictor(one)], clock)
    assert used.share() is None
    one._busy_s, clock.now = 1001.0, 104.0
    assert used.share() == pytest.approx(0.25)


def test_without_a_model_there_is_none(clock: Clock) -> None:
    assert Utilisation(lambda: [ModalPredictor()], clock).share() is None
