"""The radif as the matching knows it: profile and melody surfaces of every gusheh, from the shahed of its mode."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import digits, language
from persian_mir.labels import label_ids
from persian_mir.resources import RESOURCES


@dataclass(frozen=True, slots=True)
class Gusheh:
    """`daramad`: whether it opens its mode. `shahed_cents`, `ist_cents`: above the shahed of its mode, octave aside;
    `ist_cents` is None where the radif names none. `first_step`, `last_step`: quarter tones 0..23 above that shahed of
    its first and last note.
    """

    mode: str
    name: str
    daramad: bool
    shahed_cents: float
    ist_cents: float | None
    first_step: int
    last_step: int

    @property
    def spoken(self) -> str:
        """The name in the script of the user's language; several of one name are numbered."""
        return self.persian if language() == "fa" else self.name

    @property
    def persian(self) -> str:
        """The name in Persian script."""
        name, _blank, number = self.name.rpartition(" ")
        return f"{_persian_names()[name]} {digits(number)}" if number.isdecimal() else _persian_names()[self.name]


@dataclass(frozen=True, slots=True, eq=False)
class Radif:
    """Counts on the quarter-tone grid of the notation, step 0 the shahed of the mode.

    `profiles`: float64 [gushehs, 24]. `surfaces`: float64 [gushehs, delays, 24, 24], pitch class now and `delays_s`
    later. `registers`: float64 [gushehs, 48], the profiles over two octaves, the same one of them first in all of a
    mode. `mode_index`: int64 [gushehs], places in the vocabulary of the task `mode`.
    """

    gushehs: tuple[Gusheh, ...]
    profiles: NDArray[np.float64]
    surfaces: NDArray[np.float64]
    registers: NDArray[np.float64]
    delays_s: tuple[float, ...]
    mode_index: NDArray[np.int64]
    hash: str


@cache
def _persian_names() -> dict[str, str]:
    found: dict[str, str] = json.loads((RESOURCES / "radif_names_fa.json").read_text(encoding="utf-8"))
    return found


def gusheh_names() -> tuple[tuple[str, str], ...]:
    """The names of the radif's gushehs, Latin and Persian, without the numbers of those of one name."""
    return tuple(_persian_names().items())


@cache
def load_radif() -> Radif:
    """The figures in `resources/radif_*`, computed by `trainer.theory.radif`."""
    index_path, figures_path = RESOURCES / "radif_gushehs.json", RESOURCES / "radif_figures.npz"
    index = json.loads(index_path.read_text(encoding="utf-8"))
    cents = 1200.0 / index["steps"]
    gushehs = tuple(
        Gusheh(
            mode=row["mode"],
            name=row["name"],
            daramad=row["daramad"],
            shahed_cents=row["shahed"] * cents,
            ist_cents=None if row["ist"] is None else row["ist"] * cents,
            first_step=row["first"],
            last_step=row["last"],
        )
        for row in index["gushehs"]
    )
    with np.load(figures_path, allow_pickle=False) as figures:
        profiles, surfaces, registers = (
            figures[name].astype(np.float64) for name in ("profiles", "surfaces", "registers")
        )
    for array in (profiles, surfaces, registers):
        array.flags.writeable = False
    modes = label_ids("mode")
    places = np.array([modes.index(gusheh.mode) for gusheh in gushehs])
    digest = hashlib.blake2b(index_path.read_bytes() + figures_path.read_bytes(), digest_size=16).hexdigest()
    return Radif(gushehs, profiles, surfaces, registers, tuple(index["delays_s"]), places, digest)
