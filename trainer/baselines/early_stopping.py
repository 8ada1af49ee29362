"""When a net of an earlier study has learnt enough: by the loss of recordings of the training part that are held out.

That is one of the stated choices of what runs here: a study whose number of epochs was published runs all of them,
unless a patience is asked for.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trainer.baselines.baseline import Examples

if TYPE_CHECKING:
    from torch import nn

PARTS = 5  # one of them is held out
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Passes:
    """How a net was fitted, published when it is: `run` epochs of at most `most`. It ended early, with the loss not
    lower for `patience` epochs; None where it ran them all. `kept`: the epoch whose weights it has, from 1.
    """

    run: int
    most: int
    patience: int | None
    kept: int


class BestEpoch:
    """The weights of `net` after the epoch with the least loss."""

    def __init__(self, net: nn.Module, most: int, patience: int | None) -> None:
        self._net, self._most, self._patience = net, most, patience
        self._loss, self._run, self._kept = float("inf"), 0, 0
        self._state: dict[str, Any] | None = None

    def is_last(self, loss: float | None) -> bool:
        """Whether the epoch that just ended is the last one; `loss` of what was held out, None where nothing was."""
        self._run += 1
        if loss is None:
            self._kept = self._run
        elif loss < self._loss:
            self._loss, self._kept = loss, self._run
            self._state = copy.deepcopy(self._net.state_dict())
        return self._waited_long or self._run >= self._most

    def restore(self) -> Passes:
        """Give the net the weights that are kept."""
        if self._state is not None:
            self._net.load_state_dict(self._state)
        return Passes(self._run, self._most, self._patience if self._waited_long else None, self._kept)

    @property
    def _waited_long(self) -> bool:
        return self._patience is not None and self._run - self._kept >= self._patience


def held_out(examples: Examples) -> list[Mask]:
    """Five fifths of the segments, bool [segments] each: whole recordings (segments where those are not known), of
    each label alike. The last recordings of a label are never held out; nothing is where there are fewer than ten.
    """
    count = len(examples.targets)
    groups = np.arange(count) if examples.groups is None else examples.groups
    known, first = np.unique(groups, return_index=True)
    if len(known) < 2 * PARTS:
        return [np.zeros(count, np.bool_)]
    drawn = np.random.default_rng(examples.effort.seed).permutation(len(known))
    order = known[drawn][np.argsort(examples.targets[first][drawn], kind="stable")]
    return [_taught(examples.targets, np.isin(groups, order[k::PARTS])) for k in range(PARTS)]


def with_held_out(examples: Examples) -> Examples:
    """The same, one fifth of them as dev; as they are where there is a dev part already, or too few."""
    dev = held_out(examples)[0] if examples.dev_rows is None else np.zeros(0, np.bool_)
    if not dev.any():
        return examples
    return replace(
        examples,
        rows=examples.rows[~dev],
        targets=examples.targets[~dev],
        groups=None if examples.groups is None else examples.groups[~dev],
        dev_rows=examples.rows[dev],
        dev_targets=examples.targets[dev],
    )


def _taught(targets: NDArray[np.int64], dev: Mask) -> Mask:
    """`dev` without labels that would not be learnt from then."""
    return dev & np.isin(targets, targets[~dev])
