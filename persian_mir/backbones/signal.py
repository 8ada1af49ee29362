"""The backbone that needs no download: statistics of classical features over a window.

The features are those of `persian_mir.backbones.spectral`, summed up as in G. Tzanetakis and P. Cook (2002), with
the modulation spectrum of band envelopes (M. McKinney and J. Breebaart, 2003) and how notes start and die away
(after Peeters, 2004). Nothing depends on the recording's level: each window is brought to zero mean and RMS 1 first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from persian_mir.backbones.backbone import BackboneKey
from persian_mir.backbones.backbone import Floats as Embeddings
from persian_mir.backbones.spectral import (
    FLOOR,
    HOP,
    RATE,
    Floats,
    contrast,
    delta,
    frames_of,
    mel_power,
    mfcc,
    onset_strength,
    power_of,
    shape,
)
from persian_mir.cores import cores

REVISION = "1"  # of the definition of the features; any change of a number below is a new revision
_SILENCE = 1e-9  # RMS under which there is nothing to describe
_QUANTILES = (0.1, 0.5, 0.9)
_ENVELOPES = 8
_MODULATION_HZ = (0.5, 2.0, 4.0, 8.0, 16.0, 25.0)
_FRAMES_A_SECOND = RATE / HOP


class SignalBackbone:
    """Classical features as a backbone with one hidden state. Needs neither weights nor torch."""

    precision = "fp32"
    engine, remark = "numpy", ""
    batch = 8  # windows a call; nothing is gained by more

    @property
    def streams(self) -> int:
        """One a core: plain numpy, which threads may compute beside each other."""
        return cores()

    @property
    def key(self) -> BackboneKey:
        """Rate 22050 Hz, one state, as wide as `feature_names()`."""
        names = feature_names()
        definition = hashlib.blake2b("\n".join((REVISION, *names)).encode(), digest_size=16).hexdigest()
        return BackboneKey("signal", REVISION, definition, RATE, 1, len(names), normalise=True)

    def embed(self, batch: Embeddings, layers: Sequence[int]) -> Embeddings:
        """The features of each window, float32 [windows, len(layers), width]; the only layer is 0.

        `batch` is [windows, samples], at least one sample. Raises ValueError otherwise, and for another layer.
        """
        if any(layer != 0 for layer in layers):
            raise ValueError(f"layers {list(layers)}: the signal backbone has only layer 0")
        if batch.ndim != 2 or batch.shape[1] == 0:
            raise ValueError(f"a batch [windows, samples] is wanted, not {batch.shape}")
        width = len(feature_names())
        rows = np.array([list(describe(window).values()) for window in batch], dtype=np.float32)
        return np.repeat(rows.reshape(len(batch), 1, width), len(layers), axis=1)


@cache
def feature_names() -> tuple[str, ...]:
    """Names of the features in their order, such as `mfcc_3_mean` or `centroid_q90`."""
    return tuple(describe(np.zeros(RATE, dtype=np.float32)))


def describe(window: Embeddings) -> dict[str, float]:
    """All features of one window [samples >= 1] at 22050 Hz, by name; finite for silence and for a single sample."""
    sound = _levelled(window)
    frames = frames_of(sound)
    power = power_of(frames)
    mel = mel_power(power)
    cepstrum = mfcc(mel)
    first = delta(cepstrum)
    found = _moments("mfcc", cepstrum) | _moments("mfcc_delta", first) | _moments("mfcc_delta2", delta(first))
    found |= _moments("contrast", contrast(power))
    for name, values in shape(frames, power).items():
        found |= _moments(name, values[:, None]) | _quantiles(name, values)
    return found | _modulation(mel) | _attacks(mel)


def _levelled(window: Embeddings) -> Floats:
    sound = window.astype(np.float64)
    sound -= sound.mean()
    rms = float(np.sqrt(np.mean(sound**2)))
    return sound / rms if rms > _SILENCE else np.zeros_like(sound)


def _moments(name: str, values: Floats) -> dict[str, float]:
    """Mean and standard deviation over frames of each column of `values` [frames, n]."""
    found: dict[str, float] = {}
    for i, (mean, std) in enumerate(zip(values.mean(axis=0), values.std(axis=0), strict=True)):
        column = name if values.shape[1] == 1 else f"{name}_{i}"
        found |= {f"{column}_mean": float(mean), f"{column}_std": float(std)}
    return found


def _quantiles(name: str, values: Floats) -> dict[str, float]:
    heights = np.quantile(values, _QUANTILES)
    return {f"{name}_q{round(100 * q)}": float(h) for q, h in zip(_QUANTILES, heights, strict=True)}


def _modulation(mel: Floats) -> dict[str, float]:
    """How strongly the envelopes of eight bands beat at 0.5 to 25 Hz, powers of ten over the envelope's mean."""
    envelopes = np.sqrt(mel.reshape(len(mel), _ENVELOPES, -1).sum(axis=2) + FLOOR)
    swings = envelopes / envelopes.mean(axis=0) - 1
    # A Hann window over the frames, so that a slow fade does not leak into the fast bands.
    taper = np.hanning(len(swings) + 2)[1:-1, None]
    energy = np.abs(np.fft.rfft(swings * taper, axis=0)) ** 2 / np.sum(taper) ** 2
    hz = np.fft.rfftfreq(len(swings), 1 / _FRAMES_A_SECOND)
    found: dict[str, float] = {}
    for low, high in pairwise(_MODULATION_HZ):
        levels = np.log10(energy[(hz >= low) & (hz < high)].sum(axis=0) + 1e-6)
        found |= {f"modulation_{low:g}_{high:g}_hz_{i}": float(level) for i, level in enumerate(levels)}
    return found


def _attacks(mel: Floats) -> dict[str, float]:
    """How notes start and die away: onset strength and rate, the loudness's crest, steepest rise and usual fall."""
    onsets = onset_strength(mel)
    inner = onsets[1:-1]
    peaks = (inner > onsets[:-2]) & (inner >= onsets[2:]) & (inner > onsets.mean() + onsets.std() + 1e-3)
    loudness = 10 * np.log10(mel.sum(axis=1) + FLOOR)  # dB
    slope = np.diff(loudness) if len(loudness) > 1 else np.zeros(1)
    falls = slope[slope < 0]
    return {
        **_moments("onset_strength", onsets[:, None]),
        **_quantiles("onset_strength", onsets),
        "onset_peak": float(onsets.max()),
        "onset_rate": float(np.sum(peaks) * _FRAMES_A_SECOND / len(onsets)),
        "loudness_std": float(loudness.std()),
        "loudness_crest": float(loudness.max() - np.median(loudness)),
        "rise_q95": float(np.quantile(slope, 0.95)),
        "fall_median": float(np.median(falls)) if len(falls) else 0.0,
        "falling_share": float(np.mean(slope < -0.1)),
    }
