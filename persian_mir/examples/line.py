"""The unbroken line of a blown or bowed melody: its pitch and its strength at every sample."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from persian_mir.examples.performance import Note

Signal = NDArray[np.float64]


def pitch_line(
    notes: Sequence[Note], n: int, rate: int, glide_s: float, vibrato_cents: float, rng: np.random.Generator
) -> Signal:
    """Hz [n]: the notes joined by glides of `glide_s`, with a vibrato that sets in on held notes."""
    starts = np.array([round(note.start_s * rate) for note in notes])
    which = np.clip(np.searchsorted(starts, np.arange(n), side="right") - 1, 0, None)
    line = _smooth(np.log2([note.hz for note in notes])[which], glide_s, rate)
    held = np.array([note.stop_s - note.start_s > 0.4 for note in notes])[which]
    since = (np.arange(n) - starts[which]) / rate
    depth = vibrato_cents * held * np.clip((since - 0.25) / 0.3, 0, 1)
    speed = 5.3 + 0.4 * drift(n, rate, rng)
    line = line + _smooth(depth, 0.05, rate) / 1200 * np.sin(2 * np.pi * np.cumsum(speed) / rate)
    return np.asarray(np.exp2(line))


def strength_line(notes: Sequence[Note], n: int, rate: int, attack_s: float, rng: np.random.Generator) -> Signal:
    """Strength [n], 0..1: silent between phrases, each note touched anew, breathing slowly."""
    sounding = np.zeros(n)
    for note in notes:
        start, stop = round(note.start_s * rate), round(note.stop_s * rate)
        sounding[start:stop] = rng.uniform(0.55, 1.0)
        if note.stroke == "plain":
            sounding[start : start + round(0.02 * rate)] *= 0.5
    return _smooth(_smooth(sounding, attack_s, rate), attack_s, rate) * (1 + 0.2 * drift(n, rate, rng))


def partials(hz: Signal, levels: Sequence[float], rate: int) -> Signal:
    """Sum of sines [n] at the multiples of `hz`, by the recurrence sin((k+1)x) = 2 cos x sin kx - sin((k-1)x)."""
    angle = 2 * np.pi * np.cumsum(hz) / rate
    before, now, twice = np.zeros(len(hz)), np.sin(angle), 2 * np.cos(angle)
    sound = levels[0] * now
    highest = float(hz.max(initial=1.0))
    for k, level in enumerate(levels[1:], start=2):
        if k * highest > 0.45 * rate:
            break
        before, now = now, twice * now - before
        sound += level * now
    return sound


def drift(n: int, rate: int, rng: np.random.Generator) -> Signal:
    """A slow random wander [n] of about ±1, three new directions a second."""
    knots = rng.normal(0, 0.5, 3 * n // rate + 3)
    return np.interp(np.arange(n) * 3 / rate, np.arange(len(knots)), knots)


def _smooth(values: Signal, seconds: float, rate: int) -> Signal:
    from scipy.ndimage import uniform_filter1d

    smoothed: Signal = uniform_filter1d(np.asarray(values, dtype=float), max(1, round(seconds * rate)), mode="nearest")
    return smoothed
