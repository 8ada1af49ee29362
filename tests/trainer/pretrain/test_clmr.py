"""CLMR at a tiny size: it learns two planted timbres without a label, and its folder is a model like any."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from safetensors.torch import load_file, save_file
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from persian_mir.backbones import load_backbone
from persian_mir.backbones.loading import build_network
from persian_mir.models.sample_cnn import SampleCnn
from persian_mir.models.store import add_folder
from persian_mir.progress import Cancelled
from tests.trainer.pretrain.listener import Listener
from trainer.__main__ import main
from trainer.pretrain.contrastive import contrastive_loss
from trainer.pretrain.course import read_curve
from trainer.pretrain.recipe import PretrainOptions
from trainer.pretrain.run import KEPT, run_pretraining
from trainer.pretrain.views import view

RATE = 22_050
SMALL = PretrainOptions("clmr", steps=6, batch=6, clip_s=1.0, every=3, rate=3e-3)


def tone(timbre: int, hz: float, seconds: float) -> np.ndarray:
    """A held tone: of odd partials, or of beating high ones."""
    time = np.arange(round(seconds * RATE)) / RATE
    partials = (1, 3, 5) if timbre == 0 else (1, 8, 8.1, 13)
    return np.asarray(0.2 * sum(np.sin(2 * np.pi * k * hz * time) for k in partials), np.float32)


@pytest.fixture(scope="module")
def timbres(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve recordings of 4 s, six of each timbre, all of other pitches."""
    folder = tmp_path_factory.mktemp("timbres")
    for number in range(12):
        soundfile.write(folder / f"{number}.flac", tone(number % 2, 150 * 2 ** (number / 9), 4.0), RATE)
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SampleCNN of 2,187 samples, 16 wide, of random weights."""
    folder = tmp_path_factory.mktemp("clmr") / "tiny"
    folder.mkdir()
    architecture = SampleCnn((16,) * 8)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        network = build_network(architecture, "cpu")
    save_file(network.state_dict(), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(architecture.description()))
    return folder


@pytest.fixture
def small() -> Callable[..., PretrainOptions]:
    from dataclasses import replace

    return lambda **changes: replace(SMALL, **changes)


def test_the_loss_falls_and_a_probe_tells_the_timbres_apart(
    timbres: Path, tiny: Path, tmp_path: Path, small: Callable[..., PretrainOptions]
) -> None:
    listener = Listener()
    out = tmp_path / "new"
    run_pretraining(timbres, str(tiny), out, small(steps=60, batch=12, every=60), "cpu", listener)
    losses = [one.codes for one in listener.course]
    assert np.mean(losses[-10:]) < np.mean(losses[:10]) - 0.2
    (judged,) = read_curve(out)
    assert judged == listener.course[-1]
    backbone = load_backbone(str(out), "cpu")
    assert (backbone.key.rate, backbone.key.states, backbone.key.width) == (RATE, 1, 16)
    pitches = np.random.default_rng(0).uniform(140, 400, 120)
    windows = np.stack([tone(number % 2, hz, 1.0) for number, hz in enumerate(pitches)])
    vectors, labels = backbone.embed(windows, [0])[:, 0], np.arange(120) % 2
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(vectors[:60], labels[:60])
    assert probe.score(vectors[60:], labels[60:]) > 0.95


def test_a_run_that_was_stopped_ends_as_one_that_was_not(
    timbres: Path, tiny: Path, tmp_path: Path, small: Callable[..., PretrainOptions]
) -> None:
    run_pretraining(timbres, str(tiny), tmp_path / "whole", small(), "cpu")
    for stop_after in (2, 3):
        with pytest.raises(Cancelled):
            run_pretraining(timbres, str(tiny), tmp_path / "parts", small(), "cpu", Listener(stop_after))
    run_pretraining(timbres, str(tiny), tmp_path / "parts", small(), "cpu")
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "parts"))
    assert one.keys() == other.keys()
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert not (tmp_path / "parts" / KEPT).exists()


def test_by_the_command_line_from_nothing_it_is_a_model_like_any(
    timbres: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["pretrain", "--data", str(timbres), "--from", "scratch", "--out", str(tmp_path / "clmr"), "--device", "cpu"]
    sizes = ["--recipe", "clmr", "--steps", "1", "--batch", "2", "--clip-s", "3", "--aim", "instrument"]
    assert main([*line, *sizes]) == 0
    assert "learnt from 11 recordings" in capsys.readouterr().out
    card = json.loads((tmp_path / "clmr" / "pretrained.json").read_text())
    assert card["options"]["aim"] == "instrument"
    assert card["options"]["rate"] == 3e-4
    assert add_folder(tmp_path / "clmr").id == "local/clmr"
    backbone = load_backbone("local/clmr", "cpu")
    assert backbone.key.width == 512
    window = tone(0, 220, 5.0)[None]
    ends = [backbone.embed(part, [0]) for part in (window[:, :59_049], window[:, -59_049:])]
    np.testing.assert_allclose(backbone.embed(window, [0]), sum(ends) / 2, atol=1e-5)


def test_the_cost_is_told_and_nothing_is_kept(
    timbres: Path, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["pretrain", "--data", str(timbres), "--from", str(tiny), "--out", str(tmp_path / "new"), "--device", "cpu"]
    assert main([*line, "--recipe", "clmr", "--batch", "6", "--clip-s", "1", "--cost", "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["clip_s"] > 0
    assert told["clip_bytes"] > 2 * 4 * 2187 / 3 * 16  # what the first convolution says of both views is among it
    convolutions = sum(2 * 3 * before * 16 * 3 ** min(7 - k, 6) for k, before in enumerate((1, *[16] * 7)))
    assert told["flop"] == pytest.approx(2 * convolutions, rel=0.01)
    assert main([*line, "--recipe", "clmr", "--batch", "6", "--clip-s", "1", "--cost"]) == 0
    assert "on a graphics card of 24 GB" in capsys.readouterr().out
    assert not (tmp_path / "new").exists()


def test_what_cannot_be_trained_is_said_in_words(
    timbres: Path, tiny: Path, tiny_hubert: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for start, more, why in (
        ("scratch", ["--clip-s", "2"], "2.7 seconds"),
        (str(tiny_hubert), [], "only its own"),
        ("scratch", ["--clip-s", "2", "--cost"], "2.7 seconds"),
    ):
        line = ["pretrain", "--recipe", "clmr", "--data", str(timbres), "--from", start, "--out", str(tmp_path / "x")]
        assert main([*line, "--device", "cpu", *more]) == 2
        assert why in capsys.readouterr().err
    line = ["pretrain", "--data", str(timbres), "--from", str(tiny), "--out", str(tmp_path / "x"), "--device", "cpu"]
    assert main(line) == 2
    assert "only its own" in capsys.readouterr().err


def test_the_loss_is_simclr_s() -> None:
    vectors = torch.nn.functional.normalize(torch.randn(8, 5, generator=torch.Generator().manual_seed(0)), dim=1)
    expected = 0.0
    for i in range(8):
        others = [float(torch.exp(vectors[i] @ vectors[k] / 0.5)) for k in range(8) if k != i]
        expected -= np.log(float(torch.exp(vectors[i] @ vectors[(i + 4) % 8] / 0.5)) / sum(others)) / 8
    assert float(contrastive_loss(vectors)[0]) == pytest.approx(expected, rel=1e-5)
    assert float(contrastive_loss(torch.eye(4).repeat(2, 1))[1]) == 1


def test_only_for_modes_the_pitch_changes() -> None:
    clip, samples = tone(0, 441, 4.0), 2 * RATE

    def pitches(shifted: bool) -> set[int]:
        made = [view(clip, samples, RATE, shifted, np.random.default_rng(seed)) for seed in range(40)]
        assert all(one.shape == (samples,) and one.dtype == np.float32 for one in made)
        loudest = [np.abs(np.fft.rfft(one * np.hanning(samples)))[400:1400].argmax() + 400 for one in made]
        return {int(bin_) for bin_ in loudest}  # of half a hertz

    assert all(abs(bin_ - 882) <= 1 for bin_ in pitches(shifted=False))
    assert len(pitches(shifted=True)) > 10
