from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from persian_mir.half_precision import is_right
from persian_mir.progress import Cancelled, Progress
from trainer.fitting import stacked_fit
from trainer.fitting.loop import HeadConfig, Labelled, fit_head
from trainer.fitting.probe_spec import UNLABELLED, Data, ProbeSpec
from trainer.fitting.stacked import fit_stack

DEPTHS = [(), (8,), (8, 6), (8, 8, 8), (8, 8, 8, 8), (8, 6, 8, 6, 8)]
CLASSES = (3, 5)


def blobs(seed: int, count: int = 120, noise: float = 0.8) -> Data:
    """Three layers, of which the later ones tell two tasks better."""
    rng = np.random.default_rng(seed)
    targets = np.stack([rng.integers(0, classes, count) for classes in CLASSES], axis=1)
    values = rng.standard_normal((count, 3, 12)) * noise
    for layer in range(3):
        values[np.arange(count), layer, targets[:, 0]] += layer
        values[np.arange(count), layer, 4 + targets[:, 1]] += layer
    return Data(values.astype(np.float32), targets)


def alone(data: Data, spec: ProbeSpec, dev: Data | None):
    parts = []
    for part in (data, dev):
        if part is not None:
            rows = part.targets[:, spec.task] != UNLABELLED
            parts.append(Labelled(part.values[rows][:, [spec.layer]], part.targets[rows, spec.task]))
    return fit_head(parts[0], CLASSES[spec.task], spec.config, parts[1] if dev else None)


def assert_same(one, other) -> None:
    assert one.best == other.best
    assert len(one.epochs) == len(other.epochs)
    assert one.layer_weights == pytest.approx(other.layer_weights)
    for a, b in zip(one.head.weights + one.head.biases, other.head.weights + other.head.biases, strict=True):
        np.testing.assert_allclose(a, b, atol=2e-4)
    for a, b in zip(one.epochs, other.epochs, strict=True):
        assert (a.number, a.of, a.lr) == (b.number, b.of, b.lr)
        assert (a.loss, a.dev_loss) == pytest.approx((b.loss, b.dev_loss), abs=1e-4, nan_ok=True)


@pytest.mark.parametrize("hidden", DEPTHS)
def test_stacked_is_the_same_as_one_by_one(hidden):
    data, dev = blobs(0), blobs(1)
    specs = [
        ProbeSpec(layer, task, HeadConfig(hidden, 6, lr, batch=32, dropout=0.2, seed=seed))
        for layer in range(3)
        for task in range(2)
        for lr in (1e-2, 1e-3)
        for seed in (0, 7)
    ]
    for spec, fitted in zip(specs, fit_stack(data, CLASSES, specs, dev), strict=True):
        assert_same(fitted, alone(data, spec, dev))


def test_depths_and_segments_without_a_label_of_one_task():
    data, dev = blobs(0), blobs(1)
    data.targets[::3, 1] = UNLABELLED
    dev.targets[5:9, 0] = UNLABELLED
    specs = [ProbeSpec(2, task, HeadConfig(hidden, 4, 1e-2)) for hidden in DEPTHS[:3] for task in range(2)]
    for spec, fitted in zip(specs, fit_stack(data, CLASSES, specs, dev), strict=True):
        assert fitted.head.hidden == spec.config.hidden
        assert_same(fitted, alone(data, spec, dev))


def test_each_probe_stops_by_itself():
    data, dev = blobs(0), blobs(1)
    specs = [ProbeSpec(layer, 0, HeadConfig((16,), 60, 1e-2, patience=2)) for layer in range(3)]
    fitted = fit_stack(data, CLASSES, specs, dev)
    assert len({len(one.epochs) for one in fitted}) > 1
    for spec, one in zip(specs, fitted, strict=True):
        assert len(one.epochs) == one.best + 2
        assert_same(one, alone(data, spec, dev))


@pytest.mark.parametrize("hidden", [(), (8,)])
def test_no_patience_is_endless_patience(hidden):
    data, dev = blobs(0), blobs(1)
    specs = [ProbeSpec(layer, 0, HeadConfig(hidden, 12, 0.3, patience=0)) for layer in range(3)]
    for spec, one in zip(specs, fit_stack(data, CLASSES, specs, dev), strict=True):
        assert len(one.epochs) == 12
        assert_same(one, alone(data, spec, dev))


def test_without_dev_the_last_epoch_counts():
    specs = [ProbeSpec(1, task, HeadConfig((), 5)) for task in range(2)]
    for spec, fitted in zip(specs, fit_stack(blobs(0), CLASSES, specs), strict=True):
        assert fitted.best == 5
        assert_same(fitted, alone(blobs(0), spec, None))


def test_the_same_again_bit_for_bit():
    specs = [ProbeSpec(layer, 0, HeadConfig((8,), 4)) for layer in range(3)]
    for one, again in zip(*(fit_stack(blobs(0), CLASSES, specs, blobs(1)) for _ in range(2)), strict=True):
        for a, b in zip(one.head.weights, again.head.weights, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("hidden", [(), (8,)])
@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "adamw", "weight_decay": 0.1},
        {"weight_decay": 0.01},
        {"class_weights": "balanced"},
        {"schedule": "plateau", "lr": 0.1},
    ],
)
def test_every_recipe_is_the_same_as_one_by_one(hidden, settings):
    data, dev = blobs(0), blobs(1)
    config = replace(HeadConfig(hidden, 12, 1e-2, batch=32), **settings)
    specs = [ProbeSpec(layer, task, config) for layer in range(3) for task in range(2)]
    for spec, fitted in zip(specs, fit_stack(data, CLASSES, specs, dev), strict=True):
        assert_same(fitted, alone(data, spec, dev))


def test_layers_that_serve_other_tasks():
    data, dev = blobs(0), blobs(1)
    specs = [ProbeSpec(layer, task, HeadConfig((), 5, 1e-2)) for layer, task in ((0, 0), (2, 1), (2, 0), (1, 0))]
    for spec, fitted in zip(specs, fit_stack(data, CLASSES, specs, dev), strict=True):
        assert_same(fitted, alone(data, spec, dev))


@pytest.mark.parametrize("hidden", DEPTHS)
def test_eight_significant_bits_are_nearly_as_right(hidden):
    data, dev = blobs(0, 600), blobs(1, 600)
    config = HeadConfig(tuple(8 * size for size in hidden), 10, 1e-2)
    specs = [ProbeSpec(layer, task, config) for layer in range(3) for task in range(2)]
    exact, short = (fit_stack(data, CLASSES, specs, dev, precision=one) for one in ("float32", "bfloat16"))
    for one, other in zip(exact, short, strict=True):
        assert any((a != b).any() for a, b in zip(one.head.weights, other.head.weights, strict=True))
        best = (one.epochs[one.best - 1].dev_accuracy, other.epochs[other.best - 1].dev_accuracy)
        assert best[0] == pytest.approx(best[1], abs=0.02)


def test_a_layer_that_is_wrong_in_bfloat16_is_computed_in_float32(monkeypatch):
    right = torch.bmm

    def bmm(one: torch.Tensor, other: torch.Tensor, out: torch.Tensor | None = None) -> torch.Tensor:
        short = one.dtype == torch.bfloat16 or torch.is_autocast_enabled("cpu")
        return right(one, other).roll(1, 1) if short and one.shape[2] == 12 else right(one, other, out=out)

    data, dev = blobs(0, 600), blobs(1, 600)
    specs = [ProbeSpec(layer, task, HeadConfig((64,), 10, 1e-2)) for layer in range(3) for task in range(2)]
    exact = fit_stack(data, CLASSES, specs, dev)
    monkeypatch.setattr(torch, "bmm", bmm)
    is_right.cache_clear()
    try:
        assert stacked_fit.dtypes_of((12, 64, 5), 2, "bfloat16") == (torch.float32, torch.bfloat16)
        short = fit_stack(data, CLASSES, specs, dev, precision="bfloat16")
    finally:
        is_right.cache_clear()
    for one, other in zip(exact, short, strict=True):
        assert any((a != b).any() for a, b in zip(one.head.weights, other.head.weights, strict=True))
        best = (one.epochs[one.best - 1].dev_accuracy, other.epochs[other.best - 1].dev_accuracy)
        assert best[0] == pytest.approx(best[1], abs=0.02)


def test_it_can_be_cancelled():
    class Impatient(Progress):
        def step(self, fraction: float, note: str = "") -> None:
            assert 0 <= fraction <= 1
            if fraction > 0.6:
                raise Cancelled

    specs = [ProbeSpec(0, 0, HeadConfig(hidden, 4)) for hidden in DEPTHS[:2]]
    with pytest.raises(Cancelled):
        fit_stack(blobs(0), CLASSES, specs, blobs(1), Impatient())


@pytest.mark.parametrize("cache", [1, 20_000, 1 << 30])
def test_however_many_probes_the_cache_holds(cache, monkeypatch):
    monkeypatch.setattr(stacked_fit, "CACHE", cache)
    data, dev = blobs(0), blobs(1)
    specs = [
        ProbeSpec(layer, task, HeadConfig((8,), 5, 1e-2, seed=seed))
        for layer, task, seed in ((0, 0, 1), (0, 1, 1), (2, 1, 1), (2, 1, 2))
    ]
    for spec, fitted in zip(specs, fit_stack(data, CLASSES, specs, dev), strict=True):
        assert_same(fitted, alone(data, spec, dev))
