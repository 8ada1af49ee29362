from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from persian_mir.backbones.signal import SignalBackbone, describe, feature_names
from persian_mir.backbones.spectral import RATE, delta, frames_of, power_of
from persian_mir.examples.synthesise import INSTRUMENTS, synthesise

Floats = NDArray[np.float32]


def noise(seconds: float, seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(0, 0.1, round(seconds * RATE)).astype(np.float32)


def tone(hz: float, seconds: float = 2.0) -> Floats:
    return (0.3 * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def test_key_and_shape() -> None:
    backbone = SignalBackbone()
    names = feature_names()
    assert len(set(names)) == len(names)
    assert (backbone.key.id, backbone.key.rate, backbone.key.states) == ("signal", RATE, 1)
    assert backbone.key.width == len(names)
    assert backbone.key == SignalBackbone().key
    found = backbone.embed(np.stack([noise(1.0), tone(440.0, 1.0)]), [0])
    assert found.shape == (2, 1, len(names))
    assert found.dtype == np.float32
    assert backbone.embed(np.stack([noise(1.0)]), [0, 0]).shape == (1, 2, len(names))


@given(st.floats(1e-4, 1e3), st.integers(0, 5))
@settings(max_examples=15)
def test_level_does_not_matter(gain: float, seed: int) -> None:
    window = noise(0.5, seed) + tone(300.0, 0.5)
    one = SignalBackbone().embed(window[None], [0])
    loud = SignalBackbone().embed((window * np.float32(gain))[None], [0])
    np.testing.assert_allclose(loud, one, rtol=1e-3, atol=1e-4)


@given(st.integers(1, 3000), st.sampled_from(["silence", "noise", "constant", "click"]))
@settings(max_examples=60)
def test_always_finite_and_equally_wide(samples: int, kind: str) -> None:
    window = np.zeros(samples, dtype=np.float32)
    if kind == "noise":
        window = noise(1.0)[:samples]
    elif kind == "constant":
        window += 0.5
    elif kind == "click":
        window[samples // 2] = 1.0
    found = SignalBackbone().embed(window[None], [0])
    assert found.shape == (1, 1, len(feature_names()))
    assert np.isfinite(found).all()


def test_batch_equals_single() -> None:
    windows = np.stack([noise(1.0, seed) for seed in range(3)])
    together = SignalBackbone().embed(windows, [0])
    alone = np.concatenate([SignalBackbone().embed(w[None], [0]) for w in windows])
    assert np.array_equal(together, alone)
    assert SignalBackbone().embed(windows[:0], [0]).shape == (0, 1, len(feature_names()))


def test_refuses_what_it_cannot_answer() -> None:
    with pytest.raises(ValueError, match="layer 0"):
        SignalBackbone().embed(noise(0.1)[None], [1])
    with pytest.raises(ValueError, match="samples"):
        SignalBackbone().embed(np.zeros((1, 0), dtype=np.float32), [0])


def test_power_of_unit_noise_is_one() -> None:
    sound = np.random.default_rng(0).normal(0, 1, 20 * RATE)
    assert power_of(frames_of(sound)).sum(axis=1).mean() == pytest.approx(1.0, rel=0.05)


def test_delta_of_a_ramp_is_its_slope() -> None:
    ramp = 0.5 * np.arange(20.0)[:, None]
    np.testing.assert_allclose(delta(ramp)[2:-2], 0.5)


def test_features_mean_what_they_say() -> None:
    low, high, hiss = describe(tone(300.0)), describe(tone(3000.0)), describe(noise(2.0))
    assert low["centroid_mean"] == pytest.approx(0.3, abs=0.03)
    assert high["centroid_mean"] == pytest.approx(3.0, abs=0.05)
    assert high["zero_crossings_mean"] == pytest.approx(6000 / RATE, rel=0.02)
    assert low["flatness_mean"] < hiss["flatness_mean"] - 2
    pulses = tone(500.0, 4.0) * (1 + np.sin(2 * np.pi * 6.0 * np.arange(4 * RATE) / RATE)).astype(np.float32)
    found = describe(pulses)
    beats = {name: found[name] for name in feature_names() if name.startswith("modulation") and name.endswith("_1")}
    assert max(beats, key=lambda name: beats[name]) == "modulation_4_8_hz_1"
    assert describe(np.tile(tone(500.0, 0.1) * np.linspace(1, 0, 2205, dtype=np.float32), 20))[
        "onset_rate"
    ] == pytest.approx(10.0, abs=1.5)


def test_instruments_lie_apart() -> None:
    """A linear map fitted by ridge regression names the instrument in a mode and a register not heard before."""

    def windows(mode: str, instrument: str, seed: int, tonic_hz: float) -> Floats:
        samples = synthesise(mode, instrument, seed, 15.0, tonic_hz, rate=RATE).samples
        return SignalBackbone().embed(samples.reshape(3, -1), [0])[:, 0]

    heard = (("segah", 1, 200.0), ("shour", 2, 260.0), ("homayoun", 3, 160.0))
    known = np.concatenate([windows(m, name, s, hz) for name in INSTRUMENTS for m, s, hz in heard])
    asked = np.concatenate([windows("mahour", name, 4, 230.0) for name in INSTRUMENTS])
    mean, scale = known.mean(axis=0), known.std(axis=0) + 1e-3
    known, asked = (known - mean) / scale, (asked - mean) / scale
    wanted = np.repeat(np.eye(len(INSTRUMENTS)), 9, axis=0)
    weights = np.linalg.solve(known.T @ known + 50 * np.eye(known.shape[1]), known.T @ wanted)
    right = (asked @ weights).argmax(axis=1) == np.repeat(np.arange(len(INSTRUMENTS)), 3)
    assert right.mean() >= 0.8
