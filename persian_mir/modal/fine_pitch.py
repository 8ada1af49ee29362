"""The pitch of a sustained note to a cent, for tuning: the network that follows melodies is off by up to four.

Each of the lowest partials is a peak of the spectrum, whose place is found between the bins by a parabola through the
logarithms of three of them (J. O. Smith, "Spectral Audio Signal Processing", 2011, "Quadratic interpolation of spectral
peaks"). Low partials alone, since a string's higher ones are sharp.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LENGTH = 8192  # samples: half a second at 16 kHz
PADDED = 4 * LENGTH
PARTIALS = (1, 2, 3)
REACH = 2 ** (40 / 1200)  # of the melody's own pitch, within which the note is looked for
LEAST_SHARE = 0.05  # of the strongest partial, from which a partial is heard


def fine_hz(sound: NDArray[np.float32], near_hz: float, rate: int) -> float | None:
    """The pitch within 40 cents of `near_hz` of the last half second of `sound`, float32 [samples]; None where it is
    too short, or another note still sounds in it.
    """
    if len(sound) < LENGTH or PARTIALS[-1] * near_hz * REACH >= rate / 2:
        return None
    spectrum = np.abs(np.fft.rfft(sound[-LENGTH:] * np.hanning(LENGTH), PADDED))
    found = [(partial, *_peak(spectrum, partial * near_hz * PADDED / rate)) for partial in PARTIALS]
    loudest = max(height for _partial, _place, height in found)
    if loudest <= 0:
        return None
    heard = [(p, place, height) for p, place, height in found if place is not None and height >= LEAST_SHARE * loudest]
    if not heard:
        return None
    weights = np.array([height for _partial, _place, height in heard])
    pitches = np.array([place * rate / PADDED / partial for partial, place, _height in heard])
    return float(np.exp(np.average(np.log(pitches), weights=weights)))


def _peak(spectrum: NDArray[np.float64], near: float) -> tuple[float | None, float]:
    """The place of the highest bin near one, between the bins, and its height; no place where it lies at the edge."""
    low, high = int(near / REACH), int(np.ceil(near * REACH)) + 1
    top = low + int(np.argmax(spectrum[low : high + 1]))
    height = float(spectrum[top])
    if top in (low, high) or height <= 0:
        return None, height
    left, middle, right = np.log(spectrum[top - 1 : top + 2] + 1e-12)
    bend = left - 2 * middle + right
    return top + (0.5 * (left - right) / bend if bend else 0.0), height
