"""A goblet drum: a deep stroke in the middle (tom), a bright one at the rim (bak), rolls of the fingers (riz)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from persian_mir.examples.line import Signal
from persian_mir.examples.performance import Note

_MODES = ((1.0, 1.0), (1.59, 0.5), (2.14, 0.35), (2.30, 0.25), (2.65, 0.2))  # of a round membrane: ratio, level


@dataclass(frozen=True, slots=True)
class Drum:
    """How it sounds: `tom_hz` its lowest mode, which falls by 60 dB in `decay_s`; the rim rings `rim` times as high;
    `slap` of noise; `riz_hz` strokes of a roll.
    """

    tom_hz: float = 95.0
    decay_s: float = 0.35
    rim: float = 4.0
    slap: float = 0.35
    riz_hz: float = 14.0

    def play(self, notes: Sequence[Note], n: int, rate: int, rng: np.random.Generator) -> Signal:
        """Return the dry sound [n] of strokes where `notes` begin; long ones are rolled. Their pitch is not heard."""
        sound = np.zeros(n)
        for note in notes:
            rolled = note.stop_s - note.start_s > 0.5
            count = max(1, round((note.stop_s - note.start_s) * self.riz_hz)) if rolled else 1
            for start_s in np.linspace(note.start_s, note.stop_s, count, endpoint=False):
                bright = rolled or rng.random() < 0.5
                stroke = self._stroke(bright, rate, rng) * rng.uniform(0.5, 1.0) * (0.5 if rolled else 1.0)
                start = round(float(start_s) * rate)
                sound[start : start + len(stroke)] += stroke[: max(0, n - start)]
        return sound

    def _stroke(self, bright: bool, rate: int, rng: np.random.Generator) -> Signal:
        decay_s = self.decay_s * (0.4 if bright else 1.0)
        time = np.arange(round(decay_s * rate)) / rate
        lowest = self.tom_hz * (self.rim if bright else 1.0)
        tone = sum(level * np.sin(2 * np.pi * lowest * ratio * time) for ratio, level in _MODES)
        slap = self.slap * (2.0 if bright else 1.0) * rng.normal(0, 1, len(time)) * np.exp(-time * 120)
        return np.asarray(tone * np.exp(-6.9 * time / decay_s) + slap)
