"""The ney: an end-blown reed, few partials, much breath, a gentle vibrato."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from persian_mir.examples.line import Signal, partials, pitch_line, strength_line
from persian_mir.examples.performance import Note

_LEVELS = (1.0, 0.5, 0.32, 0.1, 0.07, 0.03, 0.02)


def play_ney(notes: Sequence[Note], n: int, rate: int, rng: np.random.Generator) -> Signal:
    """The dry sound [n] of `notes` on a ney."""
    from scipy.signal import butter, lfilter

    hz = pitch_line(notes, n, rate, glide_s=0.05, vibrato_cents=9.0, rng=rng)
    strength = strength_line(notes, n, rate, attack_s=0.05, rng=rng)
    # A soft bend of the wave: harder blowing brings out the upper partials and adds no inharmonic tone.
    tone = np.tanh(0.8 * partials(hz, _LEVELS, rate) * (0.4 + strength)) * strength
    band = np.array([700.0, min(5500.0, 0.45 * rate)])
    breath = lfilter(*butter(2, band, "bandpass", fs=rate), rng.normal(0, 1, n))
    return np.asarray(tone + 0.09 * breath * strength * (0.6 + 0.4 * np.abs(tone)))
