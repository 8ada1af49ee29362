"""How well a probe tells what it does not know: judged by whole labels and players left out, and set by that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persian_mir.probes.ood_detector import CAPPED, OodDetector, distances
from trainer.features.segments import Features, Floats, Mask
from trainer.fitting import calibrate
from trainer.fitting.calibrate import USUAL_REACH
from trainer.fitting.split_masks import drawn_folds

KEPT = 0.9  # share of the known, by new players, that is to be kept
REACHES = np.linspace(0.9, 2.0, 45)  # 1.125 among them


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """From `reach` times the distance of what is familiar on a recording is none of the labels. So many of `known`
    recordings are `kept`, by players (`by` artist, else other recordings) that the guard did not hear; so many of
    `unknown` ones `refused`, whose label it did not hear. Shares are 0..1.
    """

    reach: float
    known: int
    kept: float
    by: str
    unknown: int
    refused: float


def guard_inputs(features: Features, layer_weights: Floats, concat: bool) -> Floats:
    """Return what the guard sees of all segments: float32 [segments, width]."""
    intake = features.intake(concat)
    return np.concatenate([intake.guarded(rows) for rows in features.inputs(layer_weights, concat)])


def guard_of(features: Features, inputs: Floats, train: Mask, dev: Mask, reach: float = USUAL_REACH) -> OodDetector:
    """The guard of a probe that learnt from `train`: nothing is strange to it as far as `dev` and its views go. Where
    nobody plays there is nothing to be familiar with: mere hiss would be, ever after.
    """
    if features.played is not None:
        train, dev = train & features.played, dev & features.played
    known, targets = np.unique(features.targets[train], return_inverse=True)  # an artist may take a label along
    return calibrate.novelty(inputs[train], targets, len(known), inputs[dev], reach)


def operating_point(
    features: Features, inputs: Floats, task: str, train: Mask, dev: Mask, seed: int
) -> OperatingPoint | None:
    """Return where to draw the line: of those that keep `KEPT` of the known, the one that tells known and unknown apart
    best; None where nothing can be left out. Other recordings of the same players lie nearer than other players: by
    them the line is never drawn nearer than usual. What is in neither part judges, and has no say.
    """
    part = train | dev
    features, inputs, train, dev = _only(features, part), inputs[part], train[part], dev[part]
    folds = [] if task == "artist" else drawn_folds(features, task, "artist", seed)
    by = "artist" if folds else "recording"
    known = list(_of_players(features, inputs, folds or drawn_folds(features, task, "recording", seed)))
    unknown = list(_of_labels(features, inputs, train, dev))
    if not known or not unknown:
        return None
    reaches = REACHES if folds else REACHES[REACHES >= USUAL_REACH]
    kept, refused = 1 - _refused(known, reaches), _refused(unknown, reaches)
    gain = np.where(kept >= min(KEPT, kept.max()), kept + refused, 0)
    best = np.flatnonzero(gain >= gain.max() - 1e-9)
    place = best[len(best) // 2]
    return OperatingPoint(
        float(reaches[place]), len(known), float(kept[place]), by, len(unknown), float(refused[place])
    )


def _only(features: Features, part: Mask) -> Features:
    """The segments of `part` and their recordings, without values."""
    groups, renumbered = np.unique(features.groups[part], return_inverse=True)
    known = groups.tolist()
    return replace(
        features,
        values=features.values[:0],
        modal_features=None,
        targets=features.targets[part],
        groups=renumbered,
        spans=features.spans[part],
        artists=tuple(features.artists[k] for k in known),
        given=tuple(features.given[k] for k in known),
        hashes=tuple(features.hashes[k] for k in known),
        paths=tuple(features.paths[k] for k in known),
        played=None if features.played is None else features.played[part],
        views=None if features.views is None else features.views[part],
    )


def _refused(recordings: Sequence[Floats], reaches: NDArray[np.float64]) -> NDArray[np.float64]:
    """Which share of them is unknown, as `ood_detector.unknown` has it, were the line drawn at each of the reaches."""
    means = [[np.minimum(one * (USUAL_REACH / reach), CAPPED).mean() for one in recordings] for reach in reaches]
    return np.asarray((np.array(means) >= USUAL_REACH).mean(axis=1))


def _of_players(features: Features, inputs: Floats, folds: Sequence[NDArray[np.str_]]) -> Iterator[Floats]:
    """How far the recordings of each fold lie from what the others teach of their label."""
    for part in folds:
        train, dev, test = (part == name for name in ("train", "dev", "test"))
        taught = np.isin(features.targets, np.unique(features.targets[train]))
        yield from _ratios(features, inputs, guard_of(features, inputs, train, dev), test & taught)


def _of_labels(features: Features, inputs: Floats, train: Mask, dev: Mask) -> Iterator[Floats]:
    """How far the recordings of each label lie from what the other labels teach."""
    for label in range(len(features.labels)):
        own = features.targets == label
        if (train & ~own).any() and (dev & ~own).any():
            yield from _ratios(features, inputs, guard_of(features, inputs, train & ~own, dev & ~own), own)


def _ratios(features: Features, inputs: Floats, guard: OodDetector, part: Mask) -> Iterator[Floats]:
    """Of each recording in `part`, as recorded, where somebody plays."""
    part = part & features.recorded
    if features.played is not None:
        part &= features.played
    away = distances(guard.centres, guard.whitening, inputs[part]) / np.float32(guard.near)
    groups = features.groups[part]
    for group in np.unique(groups):
        yield away[groups == group]
