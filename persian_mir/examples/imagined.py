"""Instruments that nobody has built: every number of a sounding drawn anew, far beyond what players differ by."""

from __future__ import annotations

import numpy as np

from persian_mir.examples.bowed import Bow
from persian_mir.examples.drum import Drum
from persian_mir.examples.instruments import Instrument, Sounding
from persian_mir.examples.strings import Strings
from persian_mir.examples.voice import Voice
from persian_mir.examples.winds import Wind

PARTIALS = 9  # of a pipe


def imagined(number: int) -> Instrument:
    """Return instrument `number` of as many as are wanted: by the same number the same."""
    rng = np.random.default_rng([number, *b"imagined"])
    makers = (_strings, _wind, _bow, _voice, _drum)
    sounding = makers[rng.choice(len(makers), p=(0.4, 0.2, 0.15, 0.17, 0.08))](rng)
    resonances = [
        (_between(rng, 100, 4000), float(rng.uniform(1.5, 8)), float(rng.uniform(0.2, 1.4)))
        for _one in range(rng.integers(4))
    ]
    along = float(rng.uniform(0, 0.12)) if isinstance(sounding, Strings) else 0.0
    ornament = str(rng.choice(["riz", "tahrir"]))
    return Instrument(sounding, _between(rng, 130, 900), _between(rng, 0.1, 0.5), ornament, tuple(resonances), along)


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    """Any ratio as likely as the same one elsewhere."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _strings(rng: np.random.Generator) -> Sounding:
    return Strings(
        decay_s=_between(rng, 0.5, 8),
        damping=float(rng.uniform(0.01, 0.25)),
        position=float(rng.uniform(0.05, 0.45)),
        slope=float(rng.uniform(0.5, 2)),
        course_cents=tuple(rng.uniform(-1.5, 1.5, rng.integers(1, 4)).tolist()),
        ring_s=_between(rng, 0.03, 1.5),
        pick=_between(rng, 0.02, 0.2),
        riz_hz=float(rng.uniform(5, 14)),
    )


def _wind(rng: np.random.Generator) -> Sounding:
    levels = np.exp(-rng.uniform(0.1, 1) * np.arange(PARTIALS) + rng.normal(0, 0.6, PARTIALS))
    levels[1::2] *= rng.choice([1.0, _between(rng, 0.05, 1)])  # a stopped pipe has few even partials
    return Wind(
        levels=tuple((levels / levels.max()).tolist()),
        breath=_between(rng, 0.005, 0.25),
        bend=float(rng.uniform(0.3, 1)),
        glide_s=_between(rng, 0.02, 0.1),
        vibrato_cents=float(rng.uniform(0, 30)),
        attack_s=_between(rng, 0.01, 0.12),
    )


def _bow(rng: np.random.Generator) -> Sounding:
    return Bow(
        slope=float(rng.uniform(0.6, 1.7)),
        damped=int(rng.integers(3, 12)),
        hair=_between(rng, 0.01, 0.1),
        glide_s=_between(rng, 0.02, 0.12),
        vibrato_cents=float(rng.uniform(0, 40)),
        attack_s=_between(rng, 0.02, 0.15),
    )


def _voice(rng: np.random.Generator) -> Sounding:
    return Voice(
        slope=float(rng.uniform(1.1, 2.2)),
        tract=float(rng.uniform(0.8, 1.3)),
        vowel_s=_between(rng, 0.1, 2),
        breath=_between(rng, 0.005, 0.1),
        glide_s=_between(rng, 0.03, 0.15),
        vibrato_cents=float(rng.uniform(0, 80)),
        attack_s=_between(rng, 0.03, 0.15),
    )


def _drum(rng: np.random.Generator) -> Sounding:
    return Drum(
        tom_hz=_between(rng, 50, 250),
        decay_s=_between(rng, 0.1, 0.8),
        rim=_between(rng, 2, 6),
        slap=float(rng.uniform(0.1, 0.8)),
        riz_hz=float(rng.uniform(8, 16)),
    )
