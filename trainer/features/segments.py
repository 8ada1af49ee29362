"""The segments of labelled recordings as arrays: what a fit learns from and is judged by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from persian_mir.probes.probe import Intake

AT_ONCE = 2048  # segments standardised at a time: 82 MB of 13 layers of 768

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A recording that was left out, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that the user should know, though nothing failed."""

    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """Mean and standard deviation of each feature; that of a feature which never changes is taken for 1."""

    mean: Floats
    std: Floats

    def applied(self, values: Floats) -> Floats:
        """`values` with mean 0 and deviation 1, in place."""
        values -= self.mean
        values /= self.std
        return values


def scale_of(values: Floats) -> Scale:
    """Over the first axis."""
    std = values.std(axis=0)
    return Scale(values.mean(axis=0), np.where(std > 1e-6, std, 1).astype(np.float32))


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """`values` float32 [segments, layers, width]; `targets` int64 [segments], places in `labels`; `groups` int64
    [segments], the recording each one is from, told by its content: a place in `artists`, `given` (its split),
    `hashes` (of its content) and `paths`. `spans` float64 [segments, 2]: from and to, in seconds.
    `modal_features` float32 [segments, columns]: the modal reading of each, if it was asked for;
    `modal_only`: nothing else is to be learnt from.

    `values` may be larger than memory, mapped from a file: they are never changed, but standardised by `scale` where
    they are read. `modal_scale`: how `modal_features` were standardised.
    `played` bool [segments]: in which of them somebody plays, where that was heard (`played.played`).
    `views` int64 [segments]: in which further way each was heard, to learn from, not to be judged by; 0: as recorded.
    `others` float32 [sounds, layers, width]: what is none of the labels (`others.others`), not standardised.
    """

    values: Floats
    targets: Integers
    groups: Integers
    labels: tuple[str, ...]
    artists: tuple[str, ...]
    given: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    hashes: tuple[str, ...]
    paths: tuple[Path, ...]
    spans: NDArray[np.float64]
    modal_features: Floats | None = None
    modal_only: bool = False
    scale: Scale | None = None
    modal_scale: Scale | None = None
    played: Mask | None = None
    views: Integers | None = None
    others: Floats | None = None

    @property
    def recorded(self) -> Mask:
        """Which segments are as they were recorded: bool [segments]."""
        return np.ones(len(self.targets), np.bool_) if self.views is None else self.views == 0

    def intake(self, concat: bool) -> Intake:
        """What a head reads of them."""
        columns = 0 if self.modal_features is None else self.modal_features.shape[1]
        return Intake(self.values.shape[1], concat, columns, self.modal_only)

    def standardised(self, part: Mask) -> Features:
        """The same, to be read with mean 0 and deviation 1 over the segments of `part`."""
        layers = [scale_of(self.values[part, layer]) for layer in range(self.values.shape[1])]
        scale = Scale(np.stack([one.mean for one in layers]), np.stack([one.std for one in layers]))
        if self.modal_features is None:
            return replace(self, scale=scale)
        of_modal = scale_of(self.modal_features[part])
        modal = of_modal.applied(self.modal_features.copy())
        return replace(self, scale=scale, modal_features=modal, modal_scale=of_modal)

    def read(self, places: Mask | Integers) -> Floats:
        """A copy of the values [places, layers, width], standardised if they are to be."""
        values = self.values[places]
        return values if self.scale is None else self.scale.applied(values)

    def modal(self, places: Mask | Integers) -> Floats | None:
        """Return their modal features [places, columns], where there are any."""
        return None if self.modal_features is None else self.modal_features[places]

    def blocks(self, part: Mask | None = None) -> list[Integers]:
        """Places of the segments of `part` (None: of all), some thousand at a time."""
        places = np.arange(len(self.targets)) if part is None else np.flatnonzero(part)
        return np.split(places, range(AT_ONCE, len(places), AT_ONCE))

    def inputs(self, mix: Floats, concat: bool, part: Mask | None = None) -> Iterator[Floats]:
        """What a head reads of them, block by block."""
        for some in self.blocks(part):
            values = self.values[:0] if self.modal_only else self.read(some)
            yield self.intake(concat).inputs(values, mix, self.modal(some))
