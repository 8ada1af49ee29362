"""The channels that hold the music become one, whatever the others hold, and it is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from persian_mir.audio import open_audio
from persian_mir.audio.channels import LiveMixer
from persian_mir.audio.condition import is_clipped
from persian_mir.audio.decoder import Problem
from persian_mir.audio.problem_texts import sentence
from persian_mir.audio.resample import load_mono, mono_blocks
from persian_mir.examples.synthesise import synthesise
from persian_mir.modal.pitch import track_pitch
from persian_mir.modal.reading import read_mode

RATE = 22_050
SECONDS = 40
Samples = NDArray[np.float32]


@pytest.fixture(scope="module")
def music() -> Samples:
    return synthesise("segah", "setar", 1, float(SECONDS), 233.0, RATE).samples


def noise(level: float, seed: int = 0) -> Samples:
    return (level * np.random.default_rng(seed).standard_normal(SECONDS * RATE)).astype(np.float32)


def hum(level: float, mains: float = 50.0) -> Samples:
    times = np.arange(SECONDS * RATE) / RATE
    return (level * sum(np.sin(2 * np.pi * mains * k * times + k) / k for k in range(1, 12))).astype(np.float32)


def beside(fault: str, music: Samples) -> tuple[Samples, str]:
    """A second channel, and what is said of both together."""
    return {
        "the same": (music, ""),
        "a room": (0.3 * np.roll(music, 300) + noise(0.01), ""),
        "opposed": (-music, "opposed phase"),
        "opposed, not quite": (-0.6 * music + noise(0.005), "opposed phase"),
        "silent": (np.zeros_like(music), "channel 2"),
        "hiss": (noise(1e-4), "channel 2"),
        "hum": (hum(0.3) + noise(1e-4), "channel 2"),
        "hum of 60 Hz": (hum(0.3, 60.0) + noise(1e-4), "channel 2"),
        "a constant": (np.full_like(music, 0.4), "channel 2"),
    }[fault]


def written(folder: Path, *channels: Samples) -> Path:
    soundfile.write(folder / "a.wav", np.stack(channels, axis=1), RATE, subtype="FLOAT")
    return folder / "a.wav"


@pytest.mark.parametrize(
    "fault",
    ["the same", "a room", "opposed", "opposed, not quite", "silent", "hiss", "hum", "hum of 60 Hz", "a constant"],
)
def test_the_music_is_heard_and_it_is_said(fault: str, music: Samples, tmp_path: Path) -> None:
    second, said = beside(fault, music)
    with open_audio(written(tmp_path, music, second)) as source:
        whole = np.concatenate(list(mono_blocks(source, RATE)))
        window = load_mono(source, 5 * RATE, 10 * RATE, RATE)
        remarks = " ".join(source.remarks)
        assert not source.problems
    assert np.corrcoef(whole, music)[0, 1] > 0.9
    assert np.sqrt((whole**2).mean() / (music**2).mean()) > 0.5
    np.testing.assert_array_equal(window, whole[5 * RATE : 10 * RATE])
    assert (said in remarks) if said else not remarks


@pytest.mark.parametrize("fault", ["opposed", "hum"])
def test_such_a_file_is_read_as_the_clean_one(fault: str, music: Samples, tmp_path: Path) -> None:
    with open_audio(written(tmp_path, beside(fault, music)[0], music)) as source:
        reading = read_mode(track_pitch(source))
    assert reading.modes[0][0] == "segah"
    assert reading.tonic_hz == pytest.approx(233.0, rel=0.01)


def test_channels_without_fault_are_their_mean_to_the_bit(music: Samples, tmp_path: Path) -> None:
    with open_audio(written(tmp_path, music, np.roll(music, 7), noise(0.05))) as source:
        block = source.read(1000, 5000)
        np.testing.assert_array_equal(source.mono(1000, 5000), block.mean(axis=0))


def test_a_constant_under_the_music_is_taken_out(music: Samples, tmp_path: Path) -> None:
    with open_audio(written(tmp_path, 0.01 * music + 0.2)) as source:
        assert abs(source.mono(0, SECONDS * RATE).mean()) < 0.001
        assert "zero line" in " ".join(source.remarks)


@pytest.mark.parametrize(("gain", "said"), [(1.0, ""), (20.0, "peaks are cut off"), (0.002, "very quiet")])
def test_clipped_and_quiet_sound_is_said(gain: float, said: str, music: Samples, tmp_path: Path) -> None:
    with open_audio(written(tmp_path, np.clip(gain * music, -1, 1))) as source:
        assert source.condition.mixdown.weights is None
        assert (said in " ".join(source.remarks)) if said else not source.remarks


def test_the_level_has_its_minus_on_the_left_in_persian_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\u221254 dB" in sentence(Problem("quiet", (-54.2,)))
    monkeypatch.setenv("LANGUAGE", "fa")
    assert "\u2066\u2212۵۴\u2069" in sentence(Problem("quiet", (-54.2,)))


@pytest.mark.parametrize(("stays", "clipped"), [(1, False), (2, False), (3, True)])
@pytest.mark.parametrize("sign", [1, -1])
def test_only_sound_that_stays_at_its_highest_value_is_clipped(stays: int, clipped: bool, sign: int) -> None:
    quiet = noise(0.01)[: 20 * 100].reshape(20, 100)
    quiet[:, 50 : 50 + stays] = sign
    beside = np.zeros((1, 1, quiet.size), np.float32)
    assert is_clipped(np.concatenate([beside, quiet.reshape(1, 1, -1)], axis=1)) is clipped


@pytest.mark.parametrize("fault", ["the same", "a room", "opposed", "silent", "hum"])
def test_live_sound_is_mixed_likewise_once_it_was_heard(fault: str, music: Samples) -> None:
    mixer, both = LiveMixer(RATE), np.stack([music, beside(fault, music)[0]])
    mono = np.concatenate([mixer.push(both[:, at : at + 1111]) for at in range(0, both.shape[1], 1111)])
    settled = slice(5 * RATE, None)
    assert len(mono) == len(music)
    assert np.corrcoef(mono[settled], music[settled])[0, 1] > 0.9
    assert np.sqrt((mono[settled] ** 2).mean() / (music[settled] ** 2).mean()) > 0.5
