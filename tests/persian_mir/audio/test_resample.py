"""Mono at a model's rate: level, length, independence of what was read before."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from persian_mir.audio import open_audio
from persian_mir.audio.resample import load_mono, mono_blocks, resample

RATES = (8000, 16000, 22050, 24000, 44100, 48000, 96000)


@settings(max_examples=60)
@given(st.sampled_from(RATES), st.sampled_from(RATES), st.integers(0, 30_000))
def test_length(rate_in, rate_out, count):
    out = resample(np.zeros(count, np.float32), rate_in, rate_out)
    assert out.dtype == np.float32
    assert abs(len(out) - count * rate_out / rate_in) <= 1


@pytest.mark.parametrize("rate_in", [44100, 48000, 96000, 22050])
def test_a_tone_stays_the_tone(rate_in):
    t_in, t_out = np.arange(rate_in) / rate_in, np.arange(24000) / 24000
    out = resample(np.sin(2 * np.pi * 440 * t_in).astype(np.float32), rate_in, 24000)
    inner = slice(500, -500)
    np.testing.assert_allclose(out[inner], np.sin(2 * np.pi * 440 * t_out)[inner], atol=2e-3)


def test_what_the_new_rate_cannot_hold_is_gone():
    t = np.arange(96000) / 96000
    out = resample(np.sin(2 * np.pi * 20_000 * t).astype(np.float32), 96000, 24000)
    assert np.abs(out[500:-500]).max() < 1e-3


def test_mean_of_the_channels(tmp_path):
    path = tmp_path / "a.wav"
    sound = np.random.default_rng(1).uniform(-0.5, 0.5, (5000, 3)).astype(np.float32)
    soundfile.write(path, sound, 16000, subtype="FLOAT")
    with open_audio(path) as source:
        np.testing.assert_allclose(load_mono(source, 100, 900, 16000), sound[100:900].mean(axis=1), atol=1e-6)
        assert load_mono(source, 5000, 6000, 8000).size == 0
        assert load_mono(source, 4990, 6000, 16000).size == 10


def test_a_window_does_not_depend_on_what_was_read_before(kinds):
    for name in ("mp3", "flac16", "m4a"):
        with open_audio(kinds[name][0]) as one, open_audio(kinds[name][0]) as other:
            load_mono(other, 0, 77_000, 24000)
            first, second = load_mono(one, 50_000, 90_000, 24000), load_mono(other, 50_000, 90_000, 24000)
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("rate", [8000, 16000, 24000, 44100, 48000])
@pytest.mark.parametrize("block_s", [0.01, 0.37, 10.0])
def test_blocks_join_to_one_resampling(kinds, rate, block_s):
    with open_audio(kinds["flac16"][0]) as source:
        joined = np.concatenate(list(mono_blocks(source, rate, block_s)))
        whole = load_mono(source, 0, source.recording.frames, rate)
    assert len(joined) == len(whole)
    np.testing.assert_allclose(joined, whole, atol=1e-5)
