"""Nets learn sequences whose class is known, and answer the same once they are plain arrays in a file."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from persian_mir.errors import ModelError
from persian_mir.progress import Cancelled, Progress
from trainer.baselines import azarnet, bilgnet, pmg_net, supcon, supcon_net
from trainer.baselines.baseline import Effort, Examples
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
    examples = Examples(*train, LABELS, "dastgah", Effort(epochs=12), *dev)
    arrays = bilgnet.fit(examples)
    assert (bilgnet.logits(arrays, test[0]).argmax(axis=1) == test[1]).all()


def test_the_same_seed_gives_the_same_net_and_its_file_the_same_answers(tmp_path):
    examples = Examples(*sequences(8, 0), LABELS, "dastgah", Effort(5, epochs=1))
    arrays, again = bilgnet.fit(examples), bilgnet.fit(examples)
    for name in arrays:
        np.testing.assert_array_equal(arrays[name], again[name])
    path = tmp_path / "a.baseline"
    FittedBaseline(bilgnet.BASELINE, "dastgah", LABELS, 20.0, arrays).save(path)
    rows = sequences(4, 1)[0]
    np.testing.assert_array_equal(bilgnet.logits(load_baseline(path).arrays, rows), bilgnet.logits(arrays, rows))


def test_a_net_of_other_weights_is_refused():
    arrays = dict(bilgnet.fit(Examples(*sequences(4, 0), LABELS, "dastgah", Effort(epochs=1))))
    arrays["dense.weight"] = arrays["dense.weight"][:, :-1]
    with pytest.raises(ValueError, match="another net"):
        bilgnet.logits(arrays, sequences(2, 0)[0])


def test_the_fitting_of_a_net_can_be_stopped():
    class Stops(Progress):
        def step(self, fraction: float, note: str = "") -> None:
            if fraction > 0:
                raise Cancelled

    with pytest.raises(Cancelled):
        bilgnet.fit(Examples(*sequences(4, 0), LABELS, "dastgah", Effort(epochs=3), progress=Stops()))


def spectra(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Sixteen frames of 371 bins of noise; in the other class the middle frames are loud."""
    targets = np.arange(count) % 2
    values = np.random.default_rng(seed).random((count, 16, azarnet.BINS), np.float32)
    for row, target in zip(values, targets, strict=True):
        row[4:12] += 3 * target
    return values.reshape(count, -1), targets


def test_azarnet_learns_what_sounds_when():
    train, dev, test = spectra(16, 0), spectra(6, 1), spectra(8, 2)
    arrays = azarnet.fit(Examples(*train, LABELS, "dastgah", Effort(epochs=6), *dev))
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


def pictures(count: int, seed: int, shape: tuple[int, int], seconds: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Noise in decibels whose lower bands are loud in one class, the upper in the other."""
    targets = np.arange(count) % 2
    values = np.random.default_rng(seed).normal(-0.8, 0.05, (count, seconds, *shape)).astype(np.float32)
    half = shape[1] // 2
    values[targets == 0, ..., :half] += 0.6
    values[targets == 1, ..., half:] += 0.6
    return values.reshape(count, -1), targets


def test_pmg_net_learns_which_bands_are_loud():
    shape = (16, pmg_net.MELS)
    examples = Examples(*pictures(16, 0, shape), LABELS, "instrument", Effort(epochs=16), *pictures(6, 1, shape))
    rows, targets = pictures(8, 2, shape)
    assert (pmg_net.logits(pmg_net.fit(examples), rows).argmax(axis=1) == targets).all()


@pytest.fixture(scope="module")
def contrasted() -> dict[str, np.ndarray]:
    shape = (supcon.FRAMES, supcon.MELS)
    rows, targets = pictures(20, 0, shape, supcon.SECONDS)
    effort = Effort(epochs=12)
    return dict(supcon.fit(Examples(rows, targets, LABELS, "instrument", effort, groups=np.arange(20) // 2)))


def test_supcon_learns_which_bands_are_loud(contrasted):
    rows, targets = pictures(8, 2, (supcon.FRAMES, supcon.MELS), supcon.SECONDS)
    said = supcon.logits(contrasted, rows)
    assert (said.argmax(axis=1) == targets).all()
    assert {name.split(".")[0] for name in contrasted} == set("01234")


def test_the_file_of_five_nets_answers_as_they_do(contrasted, tmp_path):
    path = tmp_path / "a.baseline"
    FittedBaseline(supcon.BASELINE, "instrument", ("ney", "tar"), 5.0, contrasted).save(path)
    rows = pictures(4, 3, (supcon.FRAMES, supcon.MELS), supcon.SECONDS)[0]
    np.testing.assert_array_equal(supcon.logits(load_baseline(path).arrays, rows), supcon.logits(contrasted, rows))


def test_the_contrastive_loss_is_that_of_the_formula():
    rows, targets = torch.tensor([[3.0, 0.0], [0.0, 2.0], [5.0, 0.0]]), torch.tensor([0, 1, 0])
    alike = np.exp(np.array([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]]) / supcon_net.TEMPERATURE)
    shares = np.log(alike / alike.sum(axis=1, keepdims=True))
    expected = -(0.5 * (shares[0, 0] + shares[0, 2]) + shares[1, 1] + 0.5 * (shares[2, 0] + shares[2, 2])) / 3
    assert float(supcon_net.contrastive_loss(rows, targets)) == pytest.approx(expected, rel=1e-5)


def test_seconds_of_supcon_are_their_own_decibels():
    """A second that is ten times softer is the same picture; a short window is heard again."""
    tone = np.sin(2 * np.pi * 440 * np.arange(supcon.RATE) / supcon.RATE).astype(np.float32)
    rows = supcon.describe(np.concatenate([tone, 0.1 * tone])).reshape(supcon.SECONDS, supcon.FRAMES, supcon.MELS)
    np.testing.assert_allclose(rows[0], rows[1], atol=1e-5)
    np.testing.assert_array_equal(rows[0], rows[2])
    assert (rows.max(), rows.min()) == (0, -1)


def test_a_device_that_is_not_there_is_refused():
    examples = Examples(*sequences(4, 0), LABELS, "dastgah", Effort(device="mps"))
    with pytest.raises(ModelError, match="mps"):
        bilgnet.fit(examples)


def test_pictures_are_rectified_after_pooling_as_if_before():
    """The usual order is norm, ReLU, pooling; the quicker one gives the same, and the same gradients."""
    from torch.nn.functional import max_pool2d

    pictures = torch.randn(4, 1, 16, 128, generator=torch.Generator().manual_seed(0))
    block = pmg_net.build(3).blocks[0].eval()
    weight = block[0].weight
    published = max_pool2d(torch.relu(block[1](block[0](pictures))), 2)
    torch.testing.assert_close(block(pictures), published)
    for said in (block(pictures), published):
        said.square().sum().backward()
    twice, weight.grad = weight.grad, None
    published = max_pool2d(torch.relu(block[1](block[0](pictures))), 2)
    published.square().sum().backward()
    torch.testing.assert_close(twice, 2 * weight.grad)
