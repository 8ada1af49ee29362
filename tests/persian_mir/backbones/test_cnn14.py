"""CNN14 against the published formula, written down a second time with torch's own transform."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.functional import avg_pool2d, batch_norm, conv2d

from persian_mir.backbones import load_backbone
from persian_mir.backbones.cnn14 import Cnn14Network
from persian_mir.errors import ModelError
from persian_mir.models.cnn14 import FILE
from persian_mir.models.store import add_folder
from tests.persian_mir.backbones.test_refusals import Bomb

CHANNELS = (64, 128, 256, 512, 1024, 2048)
RATE, N_FFT, HOP, MELS = 32_000, 1024, 320, 64


def fourier() -> dict[str, torch.Tensor]:
    """The matrices that the file holds: windowed cosines and sines, and triangles on the mel scale."""
    turns = 2 * math.pi * torch.outer(torch.arange(N_FFT // 2 + 1), torch.arange(N_FFT)).double() / N_FFT
    window = torch.hann_window(N_FFT, dtype=torch.float64)
    hz = torch.linspace(0, RATE / 2, N_FFT // 2 + 1)
    edges = 700 * (10 ** (torch.linspace(*(2595 * math.log10(1 + f / 700) for f in (50, 14_000)), MELS + 2) / 2595) - 1)
    rising = (hz[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hz[:, None]) / (edges[2:] - edges[1:-1])
    return {
        "spectrogram_extractor.stft.conv_real.weight": (turns.cos() * window)[:, None].float(),
        "spectrogram_extractor.stft.conv_imag.weight": (-turns.sin() * window)[:, None].float(),
        "logmel_extractor.melW": torch.minimum(rising, falling).clamp(min=0),
    }


def random_weights(channels: tuple[int, ...]) -> dict[str, torch.Tensor]:
    """All tensors of the file, of random numbers that neither grow nor fade from layer to layer."""
    found = fourier()
    generator = torch.Generator().manual_seed(3)

    def norm(name: str, count: int) -> None:
        for part in ("weight", "running_var"):
            found[f"{name}.{part}"] = 0.5 + torch.rand(count, generator=generator)
        for part in ("bias", "running_mean"):
            found[f"{name}.{part}"] = 0.3 * torch.randn(count, generator=generator)
        found[f"{name}.num_batches_tracked"] = torch.tensor(7)

    def kernel(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator) * math.sqrt(2 / math.prod(shape[1:]))

    norm("bn0", MELS)
    for number, (before, after) in enumerate(zip((1, *channels), channels, strict=False), start=1):
        for part, width in ((1, before), (2, after)):
            found[f"conv_block{number}.conv{part}.weight"] = kernel(after, width, 3, 3)
            norm(f"conv_block{number}.bn{part}", after)
    found["fc1.weight"], found["fc1.bias"] = kernel(channels[-1], channels[-1]), torch.zeros(channels[-1])
    return found


def formula(weights: dict[str, torch.Tensor], waveforms: torch.Tensor) -> torch.Tensor:
    """[windows, samples] to [windows, width], as published."""
    window = torch.hann_window(N_FFT)
    spectrum = torch.stft(waveforms, N_FFT, HOP, window=window, center=True, pad_mode="reflect", return_complex=True)
    mel = spectrum.abs().square().transpose(1, 2) @ weights["logmel_extractor.melW"]
    mel = 10 * torch.log10(torch.clamp(mel, min=1e-10))[:, None]

    def norm(values: torch.Tensor, name: str) -> torch.Tensor:
        return batch_norm(
            values, *(weights[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias"))
        )

    values = norm(mel.permute(0, 3, 2, 1), "bn0").permute(0, 3, 2, 1)
    for block in range(1, 7):
        for part in (1, 2):
            convolved = conv2d(values, weights[f"conv_block{block}.conv{part}.weight"], padding=1)
            values = torch.relu(norm(convolved, f"conv_block{block}.bn{part}"))
        values = values if block == 6 else avg_pool2d(values, 2)
    values = values.mean(3)
    return torch.relu((values.max(2)[0] + values.mean(2)) @ weights["fc1.weight"].T + weights["fc1.bias"])


def test_the_vector_is_that_of_the_formula() -> None:
    channels = (8, 16, 16, 24, 32, 40)
    weights = random_weights(channels)
    network = Cnn14Network(channels)
    network.load_state_dict(weights)
    sound = torch.from_numpy(np.random.default_rng(1).normal(0, 0.1, (3, 2 * RATE)).astype(np.float32))
    with torch.inference_mode():
        found, expected = network.eval()(sound), formula(weights, sound)
    assert expected.abs().mean() > 0.1
    torch.testing.assert_close(found, expected, atol=2e-4, rtol=2e-4)


@pytest.fixture(params=["zip", "old"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A file as it is published, of its true sizes, in which most tensors are views of few numbers."""
    rest = {"fc_audioset.weight": torch.zeros(1).expand(527, 2048), "fc_audioset.bias": torch.zeros(527)}
    held = {"iteration": 600_000, "model": wide() | rest, "sampler": {"indexes": np.arange(9), "pointer": 4}}
    path = tmp_path / FILE
    torch.save(held, path, _use_new_zipfile_serialization=request.param == "zip")
    if request.param == "old":  # as torch and numpy wrote it in 2020
        path.write_bytes(path.read_bytes().replace(b"numpy._core.multiarray", b"numpy.core.multiarray"))
    return tmp_path


def wide() -> dict[str, torch.Tensor]:
    """The tensors of the true sizes: those of one channel a block, repeated."""
    found = random_weights((1,) * 6)
    sizes = dict(zip("123456", zip((1, *CHANNELS), CHANNELS, strict=False), strict=True))
    for name, one in found.items():
        if name.startswith("conv_block") and one.dim() == 4:
            before, after = sizes[name[10]]
            kernel = (after, before if ".conv1." in name else after, 3, 3)
            found[name] = (one / kernel[1]).expand(kernel)
        elif name.startswith("conv_block") and one.dim():
            found[name] = one.expand(sizes[name[10]][1])
        elif name.startswith("fc1"):
            shared = one.abs() / 2048 if one.dim() == 2 else one  # not negative: else all that comes out is nothing
            found[name] = shared.expand((2048,) * one.dim())
    return found


def test_the_file_as_it_is_published_is_a_backbone(folder: Path) -> None:
    backbone = load_backbone(str(folder), "cpu")
    key = backbone.key
    assert (key.rate, key.states, key.width, key.normalise) == (32_000, 1, 2048, False)
    sound = np.random.default_rng(1).normal(0, 0.1, (1, 20_000)).astype(np.float32)
    found = backbone.embed(sound, [0])
    expected = formula(wide(), torch.from_numpy(sound))
    assert expected.min() > 0.1
    np.testing.assert_allclose(found[:, 0], expected.numpy(), rtol=1e-3, atol=1e-3)
    with pytest.raises(ModelError, match="too short"):
        backbone.embed(sound[:, :9000], [0])
    with pytest.raises(ValueError, match="layers"):
        backbone.embed(sound, [1])
    assert add_folder(folder).folder == folder


def test_what_is_not_that_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / FILE
    narrow: dict[str, Any] = random_weights((8,) * 6)
    for held, words in (
        ({"model": narrow}, "shape"),
        ({"model": {**narrow, "more": torch.zeros(2)}}, "superfluous"),
        ({"model": [torch.zeros(2)]}, "other than weights"),
        ({"weights": narrow}, "other than weights"),
        ([1, 2], "other than weights"),
    ):
        torch.save(held, path)
        with pytest.raises(ModelError, match=words) as caught:
            load_backbone(str(tmp_path), "cpu")
        assert caught.value.path == path


@pytest.mark.parametrize("zipped", [True, False])
def test_code_beside_the_weights_does_not_run(zipped: bool, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    held = {"model": {}, "sampler": np.array([Bomb(trace)], object)}
    torch.save(held, tmp_path / FILE, _use_new_zipfile_serialization=zipped)
    with pytest.raises(ModelError, match="not opened"):
        load_backbone(str(tmp_path), "cpu")
    assert not trace.exists()
