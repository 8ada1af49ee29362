from __future__ import annotations

import numpy as np
import pytest

from persian_mir.probes.ood_detector import distances, flattened
from persian_mir.probes.probe import softmax
from trainer.fitting.calibrate import novelty, temperature


def draw(true_temperature: float, count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Logits, and targets that follow them at another temperature."""
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((count, 3)) * 4
    targets = (logits / true_temperature + rng.gumbel(size=logits.shape)).argmax(axis=1)
    return logits.astype(np.float32), targets


@pytest.mark.parametrize("true_temperature", [0.7, 1.0, 3.0])
def test_the_true_temperature_is_found(true_temperature):
    assert temperature(*draw(true_temperature)) == pytest.approx(true_temperature, rel=0.05)


def test_nothing_held_out_nothing_changed():
    assert temperature(np.zeros((0, 3), np.float32), np.zeros(0, np.int64)) == 1.0


def test_a_dev_part_that_is_all_right_does_not_make_it_boundlessly_sure():
    logits, targets = np.tile(np.eye(3, dtype=np.float32), (6, 1)), np.tile(np.arange(3), 6)
    surest = softmax(logits / temperature(logits, targets)).max()
    assert surest == pytest.approx(1 - 1 / 20, abs=0.01)


@pytest.mark.parametrize("width", [4, 200])  # 200: more dimensions than segments
def test_the_guard_knows_its_own_and_flattens_strangers(width):
    rng = np.random.default_rng(1)
    targets = np.arange(150) % 3
    centres = rng.standard_normal((3, width)) * 3
    own = (centres[targets] + rng.standard_normal((150, width))).astype(np.float32)
    held_out = (centres[targets] + rng.standard_normal((150, width))).astype(np.float32)
    guard = novelty(own, targets, 3, held_out)
    sure = np.tile(np.array([0.98, 0.01, 0.01], np.float32), (150, 1))
    strangers = (own + 30).astype(np.float32)
    assert (distances(guard.centres, guard.whitening, held_out) <= guard.near).mean() == pytest.approx(0.95, abs=0.02)
    assert flattened(sure, guard, distances(guard.centres, guard.whitening, strangers)).max() < 0.35


def test_a_feature_that_never_changes_does_no_harm():
    inputs = np.zeros((10, 4), np.float32)
    guard = novelty(inputs, np.arange(10) % 2, 2, inputs[:0])
    assert np.isfinite(guard.whitening).all()
    assert 0 < guard.near < guard.far
