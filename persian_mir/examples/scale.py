"""What the synthesiser knows of a mode: its pitches, and how the radif moves between them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from persian_mir.resources import RESOURCES


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """The pitches of a mode's opening (daramad), low to high, and a first-order description of its melodies.

    `cents` [n] over the shahed; `degrees` [n] their names 1..7; `ist` cents of the note where melodies come to rest;
    `moves` [n, n] probabilities of the next pitch; `lengths` [n] mean note lengths in median notes; `rests` [n] the
    share of held notes that each pitch has. Sources: see `resources/scales.json`.
    """

    mode: str
    cents: NDArray[np.float64]
    degrees: NDArray[np.int64]
    ist: float
    moves: NDArray[np.float64]
    lengths: NDArray[np.float64]
    rests: NDArray[np.float64]

    def index(self, cents: float) -> int:
        """The pitch nearest to `cents` over the shahed."""
        return int(np.argmin(np.abs(self.cents - cents)))


@cache
def scale_of(mode: str) -> Scale:
    """The scale of one of the thirteen modes. KeyError for any other."""
    row = json.loads((RESOURCES / "scales.json").read_text(encoding="utf-8"))["modes"][mode]
    moves = np.array(row["next"], dtype=float)
    rests = np.array(row["rests"], dtype=float)
    return Scale(
        mode=mode,
        cents=np.array(row["cents"], dtype=float),
        degrees=np.array(row["degrees"], dtype=int),
        ist=float(row["ist"]),
        moves=moves / moves.sum(axis=1, keepdims=True),
        lengths=np.array(row["lengths"], dtype=float),
        rests=rests / rests.sum(),
    )
