"""Mains hum is found and taken out; drones, drums and held notes are no hum."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from persian_mir.audio import condition, open_audio
from persian_mir.audio.hum import Hum, HumRemover, amplitudes, find_hum
from persian_mir.examples.synthesise import synthesise
from persian_mir.modal.pitch import load_track, track_pitch
from persian_mir.modal.reading import read_mode

RATE = 16_000
SECONDS = 40
TIMES = np.arange(SECONDS * RATE) / RATE
Samples = NDArray[np.float32]


@pytest.fixture(scope="module")
def music() -> Samples:
    return synthesise("homayoun", "setar", 1, float(SECONDS), 233.0, RATE).samples


def lines(hz: float, level: float, count: int = 12) -> Samples:
    made = sum(np.sin(2 * np.pi * hz * k * TIMES + k) / k for k in range(1, count))
    return np.asarray(level * made / np.std(made), np.float32)


def found(sound: Samples) -> Hum | None:
    return find_hum(sound[: SECONDS // 2 * 2 * RATE].reshape(-1, 2 * RATE), RATE)


def test_amplitudes_are_those_of_the_sines() -> None:
    """In float32 as by the definition in double, also two seconds on, a hundred turns behind the first."""
    rng, hz = np.random.default_rng(0), np.array([49.7, 50.0, 50.01, 600.0, 1799.5])
    sound = (lines(50.0, 0.2)[: 6 * RATE] + rng.normal(0, 0.01, 6 * RATE)).astype(np.float32).reshape(3, -1)
    window = np.hanning(2 * RATE)
    waves = np.exp(-2j * np.pi / RATE * np.outer(np.arange(2 * RATE), hz)) * (2 * window / window.sum())[:, None]
    np.testing.assert_allclose(amplitudes(sound, hz, RATE), np.abs(sound @ waves), rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("mains", [49.95, 50.0, 60.02])
def test_hum_under_the_music_is_found_and_taken_out(mains: float, music: Samples) -> None:
    hum = lines(mains, 0.3 * float(music.std()))
    known = found(music + hum)
    assert known is not None
    assert known.hz == pytest.approx(mains, abs=0.02)
    assert {1, 2, 3} <= set(known.lines.tolist())
    remover = HumRemover(known, RATE)
    sound = np.split(music + hum, range(5000, len(music), 5000))
    clean = np.concatenate([*(remover.push(piece) for piece in sound), remover.flush()])
    assert len(clean) == len(music)
    assert (clean - music).std() < 0.35 * hum.std()
    assert np.corrcoef(clean, music)[0, 1] > 0.99


@pytest.mark.parametrize("length", [0, 1, 900, RATE, 3 * RATE + 7])
def test_nothing_is_lost_of_any_length(length: int, music: Samples) -> None:
    remover = HumRemover(Hum(50.0, np.array([1, 2]), np.array([1e-9, 1e-9])), RATE)
    out = np.concatenate([remover.push(music[:length]), remover.flush()])
    np.testing.assert_allclose(out, music[:length], atol=1e-6)


def struck(hz: float) -> Samples:
    """A tonbak's deep stroke, thrice a second."""
    since = TIMES % (1 / 3)
    return np.asarray(0.3 * np.sin(2 * np.pi * hz * since) * np.exp(-12 * since), np.float32)


@pytest.mark.parametrize("hz", [110.0, 146.8, 100.0, 150.0, 200.0, 52.0])
def test_a_drone_is_no_hum(hz: float, music: Samples) -> None:
    assert found(music + lines(hz, 0.1)) is None


@pytest.mark.parametrize("hz", [50.0, 55.0, 60.0, 100.0])
def test_a_drum_is_no_hum(hz: float, music: Samples) -> None:
    assert found(music + struck(hz)) is None


def test_music_alone_has_none(music: Samples) -> None:
    assert found(music) is None
    assert found(np.zeros_like(music)) is None


def test_a_recording_with_hum_is_read_as_without_and_it_is_said(music: Samples, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", music + lines(50.0, 0.5 * float(music.std())), RATE)
    with open_audio(tmp_path / "a.wav") as source:
        reading = read_mode(track_pitch(source))
        assert "mains of 50.0 Hz" in " ".join(source.remarks)
        assert not source.problems
    assert reading.modes[0][0] == "homayoun"
    assert reading.tonic_hz == pytest.approx(233.0, rel=0.01)


@pytest.mark.parametrize(("level", "wobble_hz", "swell"), [(0.1, 0.0, 0.0), (0.3, 0.02, 0.1), (0.6, 0.0, 0.2)])
def test_in_a_pause_of_hum_alone_nothing_is_heard(
    level: float, wobble_hz: float, swell: float, music: Samples, tmp_path: Path
) -> None:
    """The remover leaves of it what lies in lines under the music, and what mains of true grids add by wavering."""
    pause = np.where((TIMES > 14) & (TIMES < 28), 0.0, 1.0)
    turns = np.cumsum(50.02 + wobble_hz * np.sin(TIMES)) / RATE
    hum = sum(np.sin(2 * np.pi * k * turns + k) / k for k in range(1, 16)) * (1 + swell * np.sin(2 * TIMES))
    soundfile.write(tmp_path / "a.wav", music * pause + level * music.std() * hum / np.std(hum), RATE)
    with open_audio(tmp_path / "a.wav") as source:
        assert source.condition.hum is not None
        track = track_pitch(source)
    assert not (track.cut(14.6, 27.5).confidence >= 0.5).any()
    assert (track.cut(0.5, 13.5).confidence >= 0.5).mean() > 0.8


def test_what_was_heard_with_another_remover_is_not_used_again(music: Samples, tmp_path: Path, monkeypatch) -> None:
    soundfile.write(tmp_path / "hum.wav", music + lines(50.0, 0.3 * float(np.std(music))), RATE)
    with open_audio(tmp_path / "hum.wav") as source:
        assert source.condition.hum is not None
        track_pitch(source)
        assert load_track(source) is not None
    monkeypatch.setattr(condition, "HUM_VERSION", condition.HUM_VERSION + 1)
    with open_audio(tmp_path / "hum.wav") as source:
        assert load_track(source) is None
