"""What the synthesiser hands back: the sound, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Note:
    """One sounding note: from `start_s` until `stop_s`, at `hz`.

    `cents` is its height over the shahed, `degree` its name in the scale (1..7; the octave aside).
    `stroke` says how it is sounded: "plain", "riz" (tremolo) or "tahrir" (yodel-like break to the upper neighbour).
    """

    start_s: float
    stop_s: float
    hz: float
    cents: float
    degree: int
    stroke: str = "plain"


@dataclass(frozen=True, slots=True)
class Truth:
    """What was played: label ids, the two pivotal pitches in Hz, and every note."""

    mode: str
    dastgah: str
    instrument: str
    shahed_hz: float
    ist_hz: float
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """Mono sound `samples` float32 [n] within -1..1 at `rate`, and its truth."""

    samples: Samples
    rate: int
    truth: Truth
