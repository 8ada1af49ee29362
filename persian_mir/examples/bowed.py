"""The kamancheh: a spike fiddle, all partials, skin resonances, glides and a wide vibrato."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from persian_mir.examples.line import Signal, partials, pitch_line, strength_line
from persian_mir.examples.performance import Note

_LEVELS = tuple(k**-1.1 * (0.7 if k % 5 == 0 else 1.0) for k in range(1, 25))  # a bow near a fifth of the string


def play_kamancheh(notes: Sequence[Note], n: int, rate: int, rng: np.random.Generator) -> Signal:
    """The dry sound [n] of `notes` on a kamancheh."""
    from scipy.signal import butter, lfilter

    hz = pitch_line(notes, n, rate, glide_s=0.07, vibrato_cents=14.0, rng=rng)
    strength = strength_line(notes, n, rate, attack_s=0.07, rng=rng)
    hair = lfilter(*butter(1, np.array([1500.0, min(7000.0, 0.45 * rate)]), "bandpass", fs=rate), rng.normal(0, 1, n))
    return np.asarray((partials(hz, _LEVELS, rate) + 0.04 * hair) * strength)
