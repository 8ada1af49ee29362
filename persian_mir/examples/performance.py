"""What the synthesiser hands back: the sound, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Note:
    """One sounding note: from `start_s` until `stop_s`, at `hz`.

    `cents` is its height over the shahed of its passage, `degree` its name in the scale (1..7; the octave aside).
    `stroke` says how it is sounded: "plain", "riz" (tremolo) or "tahrir" (yodel-like break to the upper neighbour).
    """

    start_s: float
    stop_s: float
    hz: float
    cents: float
    degree: int
    stroke: str = "plain"


@dataclass(frozen=True, slots=True)
class Stay:
    """One mode while it lasts: from `start_s`, the onset of its first note, until `stop_s`, the next mode's or the end.

    The first begins at 0. `shahed_hz` and `ist_hz` are the mode's two pivotal pitches.
    """

    start_s: float
    stop_s: float
    mode: str
    dastgah: str
    shahed_hz: float
    ist_hz: float


@dataclass(frozen=True, slots=True)
class Truth:
    """What was played: label ids and the two pivotal pitches in Hz of the mode it opens in, every stay, every note."""

    mode: str
    dastgah: str
    instrument: str
    shahed_hz: float
    ist_hz: float
    notes: tuple[Note, ...]
    stays: tuple[Stay, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """Mono sound `samples` float32 [n] within -1..1 at `rate`, and its truth."""

    samples: Samples
    rate: int
    truth: Truth
