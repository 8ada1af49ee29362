"""Winds: few partials, breath, a gentle vibrato."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from persian_mir.examples.line import Signal, partials, pitch_line, strength_line
from persian_mir.examples.performance import Note


@dataclass(frozen=True, slots=True)
class Wind:
    """How a blown instrument sounds; as it stands a ney, an end-blown reed. `bend` of the wave when blown harder."""

    levels: tuple[float, ...] = (1.0, 0.5, 0.32, 0.1, 0.07, 0.03, 0.02)
    breath: float = 0.09
    bend: float = 0.8
    glide_s: float = 0.05
    vibrato_cents: float = 9.0
    attack_s: float = 0.05

    def play(self, notes: Sequence[Note], n: int, rate: int, rng: np.random.Generator) -> Signal:
        """Return the dry sound [n] of `notes`."""
        from scipy.signal import butter, lfilter

        hz = pitch_line(notes, n, rate, self.glide_s, self.vibrato_cents, rng)
        strength = strength_line(notes, n, rate, self.attack_s, rng)
        # A soft bend of the wave: harder blowing brings out the upper partials and adds no inharmonic tone.
        tone = np.tanh(self.bend * partials(hz, self.levels, rate) * (0.4 + strength)) * strength
        band = np.array([700.0, min(5500.0, 0.45 * rate)])
        breath = lfilter(*butter(2, band, "bandpass", fs=rate), rng.normal(0, 1, n))
        return np.asarray(tone + self.breath * breath * strength * (0.6 + 0.4 * np.abs(tone)))
