"""Why this mode: which degrees speak for it, which against, and what tells it from the runner-up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.modal.degrees import BIN_CENTS
from persian_mir.modal.names import NoteName
from persian_mir.modal.parameters import DEFAULT
from persian_mir.modal.profile import BINS, smoothing
from persian_mir.modal.radif import load_radif
from persian_mir.modal.reading import ModalReading

MOST = 3  # degrees named a side
LEAST_SHARE = 0.03  # of the time, heard or expected: less is no evidence
SURE_MARGIN = 0.15


@dataclass(frozen=True, slots=True)
class DegreeEvidence:
    """A degree, and the share of the time that it sounds and that the two modes' gushehs give it.

    `runner_up` is 0 where there is none. `cents` above the reading's tonic.
    """

    cents: float
    name: NoteName | None
    heard: float
    expected: float
    runner_up: float


@dataclass(frozen=True, slots=True)
class Why:
    """`sentence` is for reading; the tuples, strongest first, for the picture."""

    sentence: str
    supporting: tuple[DegreeEvidence, ...]
    opposing: tuple[DegreeEvidence, ...]
    against_runner_up: tuple[DegreeEvidence, ...]


def expected_profile(reading: ModalReading, mode: str) -> NDArray[np.float32]:
    """float32 [240], sum 1: the best gusheh of `mode` as its profile would sound, bin k at 5 k cents over the tonic.

    Its shahed stands where this mode fits best, which need not be the reading's tonic. Zeros where nothing was heard.
    """
    match = next((match for match in reading.matches if match.mode == mode), None)
    if match is None:
        return np.zeros(BINS, np.float32)
    counts = load_radif().profiles[match.gusheh]
    kernel = smoothing(BINS, len(counts), DEFAULT.radif_spread_cents)
    profile = np.roll(kernel @ (counts / counts.sum()), round(match.shahed_cents / BIN_CENTS))
    return np.asarray(profile, dtype=np.float32)


def explain(reading: ModalReading) -> Why:
    """The reading in one sentence, and the evidence behind it."""
    if not reading.heard or not reading.matches:
        return Why(reading.reason, (), (), ())
    return Why("", (), (), ())
