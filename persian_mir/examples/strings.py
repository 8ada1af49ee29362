"""Plucked and struck strings.

A string is a delay line closed over a short filter (K. Karplus and A. Strong, 1983), with the fractional delay of
D. Jaffe and J. Smith's extension (1983), here by third-order Lagrange interpolation, so that the pitch is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.examples.performance import Note

Signal = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Strings:
    """How an instrument's strings sound.

    `decay_s`: time to fall by 60 dB; `damping`: loss of the high partials at each round, 0..0.25; `position`: where it
    is struck, as a part of the length; `slope`: partial k starts at k**-slope; `course_cents`: the strings of a course;
    `ring_s`: how long a left note sounds on; `pick`: noise of the plectrum or hammer; `riz_hz`: strokes of a tremolo.
    """

    decay_s: float
    damping: float
    position: float
    slope: float
    course_cents: tuple[float, ...]
    ring_s: float
    pick: float
    riz_hz: float

    def play(self, notes: Sequence[Note], n: int, rate: int, rng: np.random.Generator) -> Signal:
        """Return the dry sound [n] of `notes`."""
        sound = np.zeros(n)
        for start_s, stop_s, hz, force in _strokes(notes, self, rng):
            start = round(start_s * rate)
            held = round((stop_s - start_s) * rate)
            length = min(held + round(self.ring_s * rate), n - start)
            if length > 0:
                sound[start : start + length] += force * _stroke(hz, length, held, self, rate, rng)
        return sound


def pluck(hz: float, length: int, strings: Strings, rate: int, rng: np.random.Generator) -> Signal:
    """One string [length] at exactly `hz` (below rate / 8), left to ring, starting at a power of 1."""
    period = rate / hz
    whole = int(period) - 2
    taps = _loop(period - 1 - whole, strings.damping) * 10 ** (-3 / (hz * strings.decay_s))
    lead = whole + len(taps) - 1
    string = np.empty(lead + length)
    string[:lead] = _shape(hz, lead, strings, rate, rng)
    for start in range(lead, lead + length, whole):
        stop = min(start + whole, lead + length)
        string[start:stop] = np.convolve(string[start - lead : stop - whole], taps, "valid")
    return string[lead:]


def _loop(delay: float, damping: float) -> Signal:
    """Taps that delay by `delay` (1..2) samples and damp the high partials with one sample more."""
    lagrange = np.array([np.prod([(delay - m) / (k - m) for m in range(4) if m != k]) for k in range(4)], dtype=float)
    return np.convolve(lagrange, [damping, 1 - 2 * damping, damping])


def _shape(hz: float, n: int, strings: Strings, rate: int, rng: np.random.Generator) -> Signal:
    """The string as it is let go: partials by plucking point, exactly periodic at `hz`."""
    k = np.arange(1, max(2, min(40, int(0.4 * rate / hz))))
    levels = np.abs(np.sin(np.pi * k * strings.position)) * k**-strings.slope
    phases = rng.uniform(0, 2 * np.pi, len(k))
    angle = 2 * np.pi * hz / rate * np.arange(n)
    wave = levels @ np.cos(k[:, None] * angle + phases[:, None])
    return np.asarray(wave / np.sqrt(np.sum(levels**2) / 2))


def _stroke(hz: float, length: int, held: int, strings: Strings, rate: int, rng: np.random.Generator) -> Signal:
    # The strings of a course are let go together, in the same shape: then they beat evenly around `hz`.
    shape = int(rng.integers(2**32))
    course = [
        pluck(hz * 2 ** (cents / 1200), length, strings, rate, np.random.default_rng(shape))
        for cents in strings.course_cents
    ]
    sound: Signal = np.mean(np.array(course), axis=0)
    attack = min(length, round(0.0015 * rate))
    sound[:attack] *= np.linspace(0, 1, attack)
    knock = min(length, round(0.006 * rate))
    sound[:knock] += strings.pick * rng.normal(0, 1, knock) * np.hanning(knock)
    if length > held:
        sound[held:] *= np.cos(np.linspace(0, np.pi / 2, length - held)) ** 2
    return sound


def _strokes(
    notes: Sequence[Note], strings: Strings, rng: np.random.Generator
) -> Iterator[tuple[float, float, float, float]]:
    """Start, stop, Hz and force of every stroke; a riz is many, growing and fading, down strokes stronger than up."""
    for note in notes:
        count = max(1, round((note.stop_s - note.start_s) * strings.riz_hz)) if note.stroke == "riz" else 1
        edges = np.linspace(note.start_s, note.stop_s, count + 1)
        edges[1:-1] += rng.uniform(-0.006, 0.006, count - 1)
        for i in range(count):
            swell = 1.0 if count == 1 else 0.45 + 0.35 * np.sin(np.pi * (i + 0.5) / count)
            force = swell * (0.85 if i % 2 else 1.0) * rng.uniform(0.75, 1.0)
            yield edges[i], edges[i + 1], note.hz, float(force)
