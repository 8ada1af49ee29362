"""Two views of a clip that sound different and are the same music: what CLMR learns from.

How likely each change is: J. Spijkervet and J. Burgoyne, "Contrastive learning of musical representations" (2021). The
ranges are those of its code. Pitch is shifted by playing faster or slower, so tempo follows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

Samples = NDArray[np.float32]

POLARITY, NOISE, GAIN, FILTER, DELAY, PITCH, REVERB = 0.8, 0.01, 0.3, 0.8, 0.3, 0.6, 0.6
CENTS = 700
NOISE_SHARE, GAIN_DB, DELAY_S, REVERB_S = (0.001, 0.005), (-20.0, -1.0), (0.2, 0.5), (0.1, 0.8)
LOW_HZ, HIGH_HZ = (2200.0, 4000.0), (200.0, 1200.0)  # what is left is below the first, or above the second


def view(clip: Samples, samples: int, rate: int, shifted: bool, rng: np.random.Generator) -> Samples:
    """A piece of `samples` of `clip` [samples or more] with changes by chance; `shifted`: the pitch may change, too."""
    sound: NDArray[Any] = _cut(clip, samples, shifted and rng.random() < PITCH, rng)
    if rng.random() < POLARITY:
        sound = -sound
    if rng.random() < NOISE:
        sound = sound + np.float32(sound.std() * rng.uniform(*NOISE_SHARE)) * rng.normal(0, 1, samples).astype(
            np.float32
        )
    if rng.random() < GAIN:
        sound = sound * np.float32(10 ** (rng.uniform(*GAIN_DB) / 20))
    if rng.random() < FILTER:
        sound = _filtered(sound, rate, rng)
    if rng.random() < DELAY:
        late = round(rng.uniform(*DELAY_S) * rate)
        sound = sound + np.float32(0.5) * np.concatenate([np.zeros(late, np.float32), sound])[:samples]
    if rng.random() < REVERB:
        sound = _in_a_room(sound, rate, rng)
    return sound


def _cut(clip: Samples, samples: int, shifted: bool, rng: np.random.Generator) -> Samples:
    """A piece of the clip; when `shifted` up to seven semitones higher or lower, as far as the clip is long enough."""
    faster = 2 ** (rng.uniform(-CENTS, CENTS) / 1200) if shifted else 1.0
    length = min(round(samples * faster), len(clip))
    start = int(rng.integers(len(clip) - length + 1))
    piece = clip[start : start + length]
    if length == samples:
        return piece
    turned: Samples = soxr.resample(piece, length, samples)
    return np.resize(turned, samples) if len(turned) < samples else turned[:samples]


def _filtered(sound: Samples, rate: int, rng: np.random.Generator) -> Samples:
    """Only what is low, or only what is high, by 12 dB an octave."""
    hz = np.fft.rfftfreq(len(sound), 1 / rate)
    low = rng.random() < 0.5
    edge = rng.uniform(*(LOW_HZ if low else HIGH_HZ))
    ratio = hz / edge if low else edge / np.maximum(hz, 1e-3)
    return np.asarray(np.fft.irfft(np.fft.rfft(sound) / np.sqrt(1 + ratio**4), len(sound)), np.float32)


def _in_a_room(sound: Samples, rate: int, rng: np.random.Generator) -> Samples:
    """With noise that dies away after each sample, by 60 dB in the time of the room."""
    seconds = rng.uniform(*REVERB_S)
    count = round(seconds * rate)
    room = rng.normal(0, 1, count) * 10 ** (-3 * np.arange(count) / count)
    room *= rng.uniform(0.1, 0.5) / np.linalg.norm(room)
    room[0] += 1
    size = len(sound) + count
    return np.asarray(np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(room, size), size)[: len(sound)], np.float32)
