"""The experiments, one row each: which cells they are made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from persian_mir.backbones import Backbone
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.models.sizes import windows_of
from trainer.fitting.head_config import HeadConfig

OURS = ("probe", "hybrid", "modal")  # beside the systems of earlier studies
TASKS = ("instrument", "artist", "dastgah")
EPOCHS = 50  # as in the paper
SIZE = 512  # of a hidden layer, as MARBLE's: the paper does not print it (docs/decisions.md, 20)
NO_FIT = HeadConfig(epochs=100)  # of what is not fitted: it stands in the names of results, so it never changes
RATES = (1e-3, 1e-4, 5e-5, 2e-5)  # the last three are those of the author's nearest later code


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a table: a probe for `task` on hidden state `layer`; `key` names its column."""

    task: str
    key: str
    window_s: float
    layer: int
    config: HeadConfig

    def as_dict(self) -> dict[str, Any]:
        """Return the cell for JSON, where `config` has the name that results have always had."""
        values = asdict(self)
        values["recipe"] = values.pop("config")
        return values

    def digest(self, computed_on: str) -> str:
        """Return the BLAKE2b-64, in hex, of the cell and of what it is computed on."""
        text = json.dumps([self.as_dict(), computed_on], sort_keys=True)
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Experiment:
    """A table of the paper. `cells(states, epochs)`: its cells on a backbone of so many hidden states."""

    name: str
    cells: Callable[[int, int], tuple[Cell, ...]]


def audio_length(states: int, epochs: int) -> tuple[Cell, ...]:
    """Table 2: windows of 3 s and 5 s on the last layer, one hidden layer."""
    config = HeadConfig((SIZE,), epochs)
    return tuple(Cell(task, f"{length} s", float(length), states - 1, config) for task in TASKS for length in (3, 5))


def cells_of(experiment: Experiment, backbone: Backbone, epochs: int) -> tuple[Cell, ...]:
    """Return the cells on that backbone; lengths of segments are compared up to the one that it learnt from."""
    cells = experiment.cells(backbone.key.states, epochs)
    if experiment.cells is not audio_length:
        return cells
    longer = [length for length in windows_of(backbone) if length > cells[-1].window_s]
    last = [one for one in cells if one.window_s == cells[-1].window_s]
    return (*cells, *(replace(one, key=f"{length:g} s", window_s=length) for length in longer for one in last))


def layers(states: int, epochs: int) -> tuple[Cell, ...]:
    """Table 3: each hidden state by itself."""
    config = HeadConfig((SIZE,), epochs)
    return tuple(Cell(task, f"layer {layer}", 5.0, layer, config) for task in TASKS for layer in range(states))


def linear_layers(states: int, epochs: int) -> tuple[Cell, ...]:
    """The same by linear probes, which can only find what a layer holds ready (Alain and Bengio 2016), and which
    stacked take a fraction of the time.
    """
    config = HeadConfig((), epochs)
    return tuple(Cell(task, f"layer {layer}", 5.0, layer, config) for task in TASKS for layer in range(states))


def depths(states: int, epochs: int) -> tuple[Cell, ...]:
    """Table 4: one to five hidden layers."""
    return tuple(
        Cell(task, f"{depth} hidden", 5.0, states - 1, HeadConfig((SIZE,) * depth, epochs))
        for task in TASKS
        for depth in range(1, 6)
    )


def learning_rates(states: int, epochs: int) -> tuple[Cell, ...]:
    """The rates that were tried."""
    return tuple(
        Cell(task, f"{rate:g}", 5.0, states - 1, HeadConfig((SIZE,), epochs, rate)) for task in TASKS for rate in RATES
    )


def nothing(_states: int, _epochs: int) -> tuple[Cell, ...]:
    """Nothing is fitted."""
    return ()


EXPERIMENTS = (
    Experiment("table2", audio_length),
    Experiment("table3", layers),
    Experiment("table3-linear", linear_layers),
    Experiment("table4", depths),
    Experiment("learning-rate", learning_rates),
    Experiment("visualisation", nothing),
    Experiment("earlier-studies", nothing),
)


def find(name: str) -> Experiment:
    """The experiment of that name. Raises PersianMirError."""
    for one in EXPERIMENTS:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in EXPERIMENTS)
    raise PersianMirError(_("There is no such experiment."), cure=_("There are: {known}.").format(known=known))
