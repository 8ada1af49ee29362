"""The instruments that the synthesiser plays, and players: each with an instrument, a hand and a pace of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

import numpy as np

from persian_mir.examples.bowed import Bow
from persian_mir.examples.drum import Drum
from persian_mir.examples.line import Signal
from persian_mir.examples.performance import Note
from persian_mir.examples.strings import Strings
from persian_mir.examples.voice import Voice
from persian_mir.examples.winds import Wind

SPREAD = 0.3  # of the logarithm of what differs from one player to the other
MOST = {"damping": 0.25, "position": 0.5}


class Sounding(Protocol):
    """What sounds: strings, a bow, a pipe, a voice, a skin."""

    def play(self, notes: Sequence[Note], n: int, rate: int, rng: np.random.Generator) -> Signal:
        """Return the dry sound [n] of `notes`."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """An instrument's middle register (Hz), pace (s a median note), ornament, body (Hz, Q, gain) and sounding along."""

    sounding: Sounding
    middle_hz: float
    pace_s: float
    ornament: str
    resonances: tuple[tuple[float, float, float], ...]
    along: float = 0.0


# Registers: the middles of the ranges that are played (santoor E3-F6, tar C3-G5, setar C3-A flat 5, ney C4-E6,
# kamancheh F3-G5).
KNOWN = {
    "setar": Instrument(
        Strings(2.2, 0.06, 0.13, 1.0, (0.0,), 0.08, 0.05, 9.0),
        300.0, 0.18, "riz", ((210, 3, 0.8), (480, 4, 0.6), (2500, 2, 0.5)), 0.05,
    ),
    "tar": Instrument(
        Strings(1.5, 0.12, 0.09, 0.7, (-0.4, 0.4), 0.06, 0.12, 10.0),
        300.0, 0.17, "riz", ((320, 3, 1.0), (700, 3, 0.9), (1500, 2, 0.7)), 0.06,
    ),
    "santoor": Instrument(
        Strings(4.0, 0.03, 0.18, 0.9, (-0.5, 0.5), 1.3, 0.08, 12.0),
        440.0, 0.16, "riz", ((400, 2, 0.3), (3200, 1.5, 0.6)), 0.12,
    ),
    "ney": Instrument(Wind(), 500.0, 0.28, "tahrir", ((1100, 3, 0.2),)),
    "kamancheh": Instrument(Bow(), 380.0, 0.25, "tahrir", ((450, 3, 0.8), (950, 4, 0.8), (2300, 3, 0.5))),
}  # fmt: skip

# What a probe of the five should refuse. As far as a string, a pipe, a bow and a skin can tell of them: no felt hammer,
# no words, no keys.
OTHERS = {
    "oud": Instrument(
        Strings(1.1, 0.2, 0.16, 1.3, (-0.5, 0.5), 0.05, 0.06, 9.0),
        180.0, 0.2, "riz", ((110, 3, 1.2), (220, 3, 0.9), (480, 3, 0.5)), 0.03,
    ),
    "qanun": Instrument(
        Strings(2.4, 0.05, 0.08, 0.6, (-1.0, 0.0, 1.0), 0.6, 0.1, 12.0),
        480.0, 0.14, "riz", ((350, 2, 0.6), (900, 2, 0.7), (1800, 2, 0.5)), 0.08,
    ),
    "piano": Instrument(
        Strings(6.0, 0.02, 0.12, 1.5, (-0.3, 0.0, 0.3), 0.12, 0.03, 9.0),
        330.0, 0.22, "tahrir", ((180, 2, 0.5), (600, 2, 0.3)), 0.08,
    ),
    "violin": Instrument(
        Bow(0.9, 9, 0.02, 0.04, 22.0, 0.05),
        560.0, 0.24, "tahrir", ((280, 8, 0.9), (460, 8, 0.9), (2700, 3, 1.0)),
    ),
    "clarinet": Instrument(
        Wind((1.0, 0.04, 0.6, 0.06, 0.4, 0.07, 0.25, 0.06, 0.12), 0.02, 0.4, 0.03, 3.0, 0.03),
        330.0, 0.24, "tahrir", ((1500, 3, 0.5), (3700, 3, 0.4)),
    ),
    "tonbak": Instrument(Drum(), 300.0, 0.2, "riz", ((180, 3, 0.6),)),
    "voice": Instrument(Voice(), 280.0, 0.32, "tahrir", ()),
}  # fmt: skip

ALL = KNOWN | OTHERS


def player_of(name: str, seed: int) -> Instrument:
    """Return instrument `name` as one player has it: its make, register and pace spread widely. KeyError: unknown."""
    usual, rng = ALL[name], np.random.default_rng([seed, *name.encode()])
    return replace(
        usual,
        sounding=_varied(usual.sounding, rng),
        middle_hz=usual.middle_hz * 2 ** rng.uniform(-0.4, 0.4),
        pace_s=_spread(usual.pace_s, rng),
        resonances=tuple((_spread(hz, rng), _spread(q, rng), _spread(gain, rng)) for hz, q, gain in usual.resonances),
        along=_spread(usual.along, rng),
    )


def _varied(sounding: Any, rng: np.random.Generator) -> Any:
    """The same kind with each number spread around what is usual."""
    changed: dict[str, object] = {}
    for one in fields(sounding):
        value = getattr(sounding, one.name)
        if isinstance(value, tuple):
            changed[one.name] = tuple(_spread(each, rng) for each in value)
        elif isinstance(value, float):
            changed[one.name] = min(_spread(value, rng), MOST.get(one.name, np.inf))
    return replace(sounding, **changed)


def _spread(value: float, rng: np.random.Generator) -> float:
    return float(value * np.exp(rng.normal(0, SPREAD)))
