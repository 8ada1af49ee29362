"""Nets learn sequences whose class is known, and answer the same once they are plain arrays in a file."""

from __future__ import annotations

import numpy as np
import pytest

from persian_mir.progress import Cancelled, Progress
from trainer.baselines import azarnet, bilgnet
from trainer.baselines.baseline import Examples
from trainer.baselines.fitted import FittedBaseline, load_baseline

LABELS = ("shour", "mahour")


def sequences(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Six frames of 24 values that rise in one class and fall in the other: only their order tells them apart."""
    rng = np.random.default_rng(seed)
    targets = np.arange(count) % 2
    ramp = np.linspace(-1, 1, 6)[:, None] * np.where(targets, 1, -1)[:, None, None]
    values = 3 * ramp + 0.3 * rng.normal(size=(count, 6, 24))
    return values.reshape(count, -1).astype(np.float32), targets


def test_bilgnet_learns_the_order_of_frames():
    train, dev, test = sequences(64, 0), sequences(16, 1), sequences(32, 2)
    examples = Examples(*train, LABELS, "dastgah", 0, *dev)
    arrays = bilgnet.fit(examples, epochs=12)
    assert (bilgnet.logits(arrays, test[0]).argmax(axis=1) == test[1]).all()


def test_the_same_seed_gives_the_same_net_and_its_file_the_same_answers(tmp_path):
    examples = Examples(*sequences(8, 0), LABELS, "dastgah", 5)
    arrays, again = bilgnet.fit(examples, epochs=1), bilgnet.fit(examples, epochs=1)
    for name in arrays:
        np.testing.assert_array_equal(arrays[name], again[name])
    path = tmp_path / "a.baseline"
    FittedBaseline(bilgnet.BASELINE, "dastgah", LABELS, 20.0, arrays).save(path)
    rows = sequences(4, 1)[0]
    np.testing.assert_array_equal(bilgnet.logits(load_baseline(path).arrays, rows), bilgnet.logits(arrays, rows))


def test_a_net_of_other_weights_is_refused():
    arrays = dict(bilgnet.fit(Examples(*sequences(4, 0), LABELS, "dastgah"), epochs=1))
    arrays["dense.weight"] = arrays["dense.weight"][:, :-1]
    with pytest.raises(ValueError, match="another net"):
        bilgnet.logits(arrays, sequences(2, 0)[0])


def test_the_fitting_of_a_net_can_be_stopped():
    class Stops(Progress):
        def step(self, fraction: float, note: str = "") -> None:
            if fraction > 0:
                raise Cancelled

    with pytest.raises(Cancelled):
        bilgnet.fit(Examples(*sequences(4, 0), LABELS, "dastgah", progress=Stops()), epochs=3)


def spectra(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Sixteen frames of 371 bins of noise; in the other class the middle frames are loud."""
    targets = np.arange(count) % 2
    values = np.random.default_rng(seed).random((count, 16, azarnet.BINS), np.float32)
    for row, target in zip(values, targets, strict=True):
        row[4:12] += 3 * target
    return values.reshape(count, -1), targets


def test_azarnet_learns_what_sounds_when():
    train, dev, test = spectra(16, 0), spectra(6, 1), spectra(8, 2)
    arrays = azarnet.fit(Examples(*train, LABELS, "dastgah", 0, *dev), epochs=6)
    assert (azarnet.logits(arrays, test[0]).argmax(axis=1) == test[1]).all()
    np.testing.assert_allclose(arrays["mean"], train[0].mean(), rtol=1e-4)


def test_a_tone_stands_in_its_bin_of_azarnet():
    sound = np.sin(2 * np.pi * 1000 * np.arange(5 * azarnet.RATE) / azarnet.RATE).astype(np.float32)
    values = azarnet.describe(sound).reshape(-1, azarnet.BINS)
    assert values[100].argmax() == round(1000 * azarnet.FRAME / azarnet.RATE)
    assert (values[-1] == 0).all()  # five of ten seconds


def test_frames_of_bilgnet_are_those_of_the_paper():
    sound = np.sin(2 * np.pi * 440 * np.arange(20 * bilgnet.RATE) / bilgnet.RATE).astype(np.float32)
    whole = bilgnet.describe(sound).reshape(862, 24)
    assert (np.abs(whole[:, 0]) > 0).all()
    np.testing.assert_allclose(whole[400], whole[500], atol=0.5)  # a steady tone sounds alike throughout
    half = bilgnet.describe(sound[: len(sound) // 2]).reshape(862, 24)
    assert (half[432:] == 0).all()
