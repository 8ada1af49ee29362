"""A voice-like tone: the pulse of the glottis through the formants of vowels. No words, and nobody's voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from persian_mir.examples.line import Signal, partials, pitch_line, strength_line
from persian_mir.examples.performance import Note
from persian_mir.examples.room import body

# Formants of a sung tenor: Hz, Q, gain (after Peterson and Barney 1952, rounded).
VOWELS = {
    "a": ((700.0, 7.0, 4.0), (1150.0, 9.0, 2.5), (2600.0, 12.0, 1.5)),
    "e": ((450.0, 6.0, 4.0), (1850.0, 12.0, 2.0), (2500.0, 12.0, 1.5)),
    "o": ((450.0, 6.0, 4.0), (850.0, 8.0, 2.5), (2550.0, 12.0, 1.0)),
}


@dataclass(frozen=True, slots=True)
class Voice:
    """How it sounds: partials of the pulse fall by k**-slope; `tract` is the length of the vocal tract, 1 a tenor's;
    a vowel lasts about `vowel_s`, 0: one vowel all along.
    """

    slope: float = 1.6
    tract: float = 1.0
    vowel_s: float = 1.5
    breath: float = 0.02
    glide_s: float = 0.08
    vibrato_cents: float = 45.0
    attack_s: float = 0.08

    def play(self, notes: Sequence[Note], n: int, rate: int, rng: np.random.Generator) -> Signal:
        """Return the dry sound [n] of `notes`, sung on one vowel after the other."""
        hz = pitch_line(notes, n, rate, self.glide_s, self.vibrato_cents, rng)
        strength = strength_line(notes, n, rate, self.attack_s, rng)
        pulse = partials(hz, [k**-self.slope for k in range(1, 30)], rate) + self.breath * rng.normal(0, 1, n)
        sung = [body(pulse * strength, self._formants(vowel), rate) for vowel in VOWELS]
        knots = np.eye(len(VOWELS))[rng.integers(0, len(VOWELS), int(n / rate / max(self.vowel_s, 0.1)) + 2)]
        places = np.arange(n) / rate / max(self.vowel_s, 0.1)
        shares = [np.interp(places, np.arange(len(knots)), knots[:, k]) for k in range(len(VOWELS))]
        return np.asarray(np.sum([share * one for share, one in zip(shares, sung, strict=True)], axis=0))

    def _formants(self, vowel: str) -> list[tuple[float, float, float]]:
        return [(hz / self.tract, quality, gain) for hz, quality, gain in VOWELS[vowel]]
