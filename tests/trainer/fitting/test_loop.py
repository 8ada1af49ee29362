from __future__ import annotations

import math

import numpy as np
import pytest

from persian_mir.progress import Cancelled, Progress
from trainer.fitting.loop import Epoch, HeadConfig, Labelled, fit_head

DEPTHS = [(), (8,), (8, 8), (8, 8, 8), (8, 8, 8, 8), (8, 8, 8, 8, 8)]


def blobs(seed: int, count: int = 120, noise: float = 0.5) -> Labelled:
    """Two layers; only the second one tells the three classes."""
    rng = np.random.default_rng(seed)
    targets = rng.integers(0, 3, count)
    values = rng.standard_normal((count, 2, 6)) * noise
    values[np.arange(count), 1, targets] += 2
    return Labelled(values.astype(np.float32), targets)


class Recorder(Progress):
    def __init__(self, cancel_after: int = 10**9) -> None:
        self.epochs: list[Epoch] = []
        self.cancel_after = cancel_after

    def step(self, fraction: float, note: str = "") -> None:
        assert 0 <= fraction <= 1
        if len(self.epochs) >= self.cancel_after:
            raise Cancelled

    def publish(self, value: Epoch) -> None:
        self.epochs.append(value)


@pytest.mark.parametrize("hidden", DEPTHS)
def test_every_depth_learns(hidden):
    config = HeadConfig(hidden=hidden, epochs=60, lr=1e-2, dropout=0.0)
    fitted = fit_head(blobs(0), 3, config, dev=blobs(1))
    other = blobs(2)
    logits = fitted.head.logits(np.einsum("slw,l->sw", other.values, fitted.layer_weights))
    assert fitted.head.hidden == hidden
    assert (logits.argmax(axis=1) == other.targets).mean() > 0.9


def test_the_mix_finds_the_layer_that_tells():
    fitted = fit_head(blobs(0), 3, HeadConfig((8,), 60, 1e-2), dev=blobs(1))
    assert fitted.layer_weights[1] > fitted.layer_weights[0]
    assert float(fitted.layer_weights.sum()) == pytest.approx(1)


def test_same_seed_same_weights_other_seed_other_weights():
    one, again, other = (fit_head(blobs(0), 3, HeadConfig((8,), 5, seed=seed)) for seed in (4, 4, 5))
    for a, b in zip(one.head.weights, again.head.weights, strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(one.head.weights[0], other.head.weights[0])


def test_the_global_random_state_is_left_alone():
    import torch

    before = torch.random.get_rng_state()
    fit_head(blobs(0), 3, HeadConfig((8,), 2))
    assert torch.equal(before, torch.random.get_rng_state())


def test_it_stops_early_and_keeps_the_best_epoch():
    rng = np.random.default_rng(0)
    nonsense = Labelled(rng.standard_normal((40, 1, 6)).astype(np.float32), rng.integers(0, 3, 40))
    other = Labelled(rng.standard_normal((40, 1, 6)).astype(np.float32), rng.integers(0, 3, 40))
    fitted = fit_head(nonsense, 3, HeadConfig((64,), 200, 1e-2, patience=4), dev=other)
    losses = [epoch.dev_loss for epoch in fitted.epochs]
    assert fitted.best == int(np.argmin(losses)) + 1
    assert len(losses) == fitted.best + 4
    assert not fitted.stopped


def test_without_dev_every_epoch_runs_and_the_last_one_counts():
    recorder = Recorder()
    fitted = fit_head(blobs(0), 3, HeadConfig((), 7), progress=recorder)
    assert fitted.best == len(recorder.epochs) == 7
    assert all(math.isnan(epoch.dev_loss) for epoch in recorder.epochs)


def test_stopped_in_the_middle_it_keeps_what_it_has():
    fitted = fit_head(blobs(0), 3, HeadConfig((8,), 50), dev=blobs(1), progress=Recorder(cancel_after=3))
    assert fitted.stopped
    assert len(fitted.epochs) == 3


def test_stopped_before_the_first_epoch_there_is_nothing_to_keep():
    with pytest.raises(Cancelled):
        fit_head(blobs(0), 3, HeadConfig((8,), 50), progress=Recorder(cancel_after=0))
