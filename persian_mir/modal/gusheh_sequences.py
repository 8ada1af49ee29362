"""Courses: what several gushehs of a mode look like together, as a performance of some minutes strings them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from persian_mir.labels import label_ids
from persian_mir.modal.profile import Floats
from persian_mir.modal.radif import load_radif

RUN = 3  # gushehs that follow each other


@dataclass(frozen=True, slots=True, eq=False)
class Courses:
    """Shares on the grid of the notation, as of a gusheh: `profiles` float64 [courses, 24], `surfaces` [courses,
    delays, 24, 24], `registers` [courses, 48]; `mode_index` int64 [courses], places in the vocabulary of the task
    `mode`.
    """

    profiles: Floats
    surfaces: Floats
    registers: Floats
    mode_index: NDArray[np.int64]


@cache
def load_courses() -> Courses:
    """Every three gushehs that follow each other in the radif, and all of a mode; each gusheh counts alike."""
    radif = load_radif()
    profiles = radif.profiles / radif.profiles.sum(axis=1, keepdims=True)
    surfaces = radif.surfaces / radif.surfaces.sum(axis=(2, 3), keepdims=True)
    registers = radif.registers / radif.registers.sum(axis=1, keepdims=True)
    runs: list[NDArray[np.int64]] = []
    for k in range(len(label_ids("mode"))):
        mine = np.flatnonzero(radif.mode_index == k)
        runs += [mine[first : first + RUN] for first in range(len(mine) - RUN + 1)] + [mine]
    mode_index = np.array([radif.mode_index[run[0]] for run in runs])
    return Courses(
        np.stack([profiles[run].mean(axis=0) for run in runs]),
        np.stack([surfaces[run].mean(axis=0) for run in runs]),
        np.stack([registers[run].mean(axis=0) for run in runs]),
        mode_index,
    )
