"""Bowed strings: all partials, skin or wood around them, glides and a wide vibrato."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from persian_mir.examples.line import Signal, partials, pitch_line, strength_line
from persian_mir.examples.performance import Note

_PARTIALS = range(1, 25)


@dataclass(frozen=True, slots=True)
class Bow:
    """How a bowed instrument sounds: partial k at k**-slope, weak where the bow damps it (every `damped`th), `hair` of
    noise; glides of `glide_s`, vibrato of `vibrato_cents`, notes that begin within `attack_s`.
    """

    slope: float = 1.1
    damped: int = 5  # a bow near a fifth of the string
    hair: float = 0.04
    glide_s: float = 0.07
    vibrato_cents: float = 14.0
    attack_s: float = 0.07

    def play(self, notes: Sequence[Note], n: int, rate: int, rng: np.random.Generator) -> Signal:
        """Return the dry sound [n] of `notes`."""
        from scipy.signal import butter, lfilter

        hz = pitch_line(notes, n, rate, self.glide_s, self.vibrato_cents, rng)
        strength = strength_line(notes, n, rate, self.attack_s, rng)
        band = np.array([1500.0, min(7000.0, 0.45 * rate)])
        hair = lfilter(*butter(1, band, "bandpass", fs=rate), rng.normal(0, 1, n))
        levels = [k**-self.slope * (0.7 if k % self.damped == 0 else 1.0) for k in _PARTIALS]
        return np.asarray((partials(hz, levels, rate) + self.hair * hair) * strength)
