"""How well a probe tells what it does not know: judged by whole labels and players left out, and set by that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from persian_mir.probes.ood_detector import CAPPED, OodDetector
from trainer.features.segments import Features, Floats, Mask
from trainer.fitting import calibrate
from trainer.fitting.calibrate import USUAL_REACH
from trainer.fitting.split_masks import drawn_folds

KEPT = 0.9  # share of the known, by new players, that is to be kept
FEW, PARTS = 3, 4  # of fewer labels none can be left out: the guard is judged by other sounds, a part of them at a time
REACHES = np.linspace(0.9, 2.0, 45)  # 1.125 among them


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """From `reach` times the distance of what is familiar on a recording is none of the labels. So many of `known`
    recordings are `kept`, by players (`by` artist, else other recordings) that the guard did not hear; so many of
    `unknown` ones `refused`, whose label it did not hear, or, where there are too few labels (`left_out`: "label" or
    "other"), of sounds that are none of them. Shares are 0..1.
    """

    reach: float
    known: int
    kept: float
    by: str
    unknown: int
    refused: float
    left_out: str


@dataclass(frozen=True, slots=True, eq=False)
class GuardInputs:
    """What the guard sees of all `segments` and of sounds that are none of the labels: float32 [.., width]."""

    segments: Floats
    others: Floats

    def without(self, some: slice) -> GuardInputs:
        """The same without `some` of the others."""
        return replace(self, others=np.delete(self.others, some, axis=0))


def guard_inputs(features: Features, layer_weights: Floats, concat: bool) -> GuardInputs:
    """Return what the guard of a head with these weights sees."""
    intake = features.intake(concat)
    segments = np.concatenate([intake.guarded(rows) for rows in features.inputs(layer_weights, concat)])
    if features.others is None or features.scale is None:
        return GuardInputs(segments, segments[:0])
    embedded = replace(intake, columns=0)
    heard = embedded.inputs(features.scale.applied(features.others.copy()), layer_weights)
    return GuardInputs(segments, embedded.guarded(heard))


def guard_of(
    features: Features, inputs: GuardInputs, train: Mask, dev: Mask, reach: float = USUAL_REACH
) -> OodDetector:
    """The guard of a probe that learnt from `train`: nothing is strange to it as far as `dev` and its views go. Where
    nobody plays there is nothing to be familiar with: mere hiss would be, ever after.
    """
    if features.played is not None:
        train, dev = train & features.played, dev & features.played
    known, targets = np.unique(features.targets[train], return_inverse=True)  # an artist may take a label along
    seen = inputs.segments
    return calibrate.novelty(seen[train], targets, len(known), seen[dev], reach, inputs.others)


def operating_point(
    features: Features, inputs: GuardInputs, task: str, train: Mask, dev: Mask, seed: int
) -> OperatingPoint | None:
    """Return where to draw the line: of those that keep `KEPT` of the known, the one that tells known and unknown apart
    best; None where nothing can be left out. Other recordings of the same players lie nearer than other players: by
    them the line is never drawn nearer than usual. What is in neither part judges, and has no say.
    """
    part = train | dev
    features, inputs = _only(features, part), replace(inputs, segments=inputs.segments[part])
    train, dev = train[part], dev[part]
    folds = [] if task == "artist" else drawn_folds(features, task, "artist", seed)
    by = "artist" if folds else "recording"
    known = list(_of_players(features, inputs, folds or drawn_folds(features, task, "recording", seed)))
    unknown, left_out = list(_of_labels(features, inputs, train, dev)), "label"
    if len(features.labels) < FEW and len(inputs.others) >= PARTS:
        unknown, left_out = list(_of_others(features, inputs, train, dev)), "other"
    if not known or not unknown:
        return None
    reaches = REACHES if folds else REACHES[REACHES >= USUAL_REACH]
    kept, refused = 1 - _refused(known, reaches), _refused(unknown, reaches)
    gain = np.where(kept >= min(KEPT, kept.max()), kept + refused, 0)
    best = np.flatnonzero(gain >= gain.max() - 1e-9)
    place = best[len(best) // 2]
    return OperatingPoint(
        float(reaches[place]), len(known), float(kept[place]), by, len(unknown), float(refused[place]), left_out
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


def _of_others(features: Features, inputs: GuardInputs, train: Mask, dev: Mask) -> Iterator[Floats]:
    """How far the other sounds of each part lie from what is taught with those of the other parts."""
    for part in range(PARTS):
        guard = guard_of(features, inputs.without(slice(part, None, PARTS)), train, dev)
        yield from (guard.away(inputs.others[part::PARTS]) / np.float32(guard.near))[:, None]


def _of_players(features: Features, inputs: GuardInputs, folds: Sequence[NDArray[np.str_]]) -> Iterator[Floats]:
    """How far the recordings of each fold lie from what the others teach of their label."""
    for part in folds:
        train, dev, test = (part == name for name in ("train", "dev", "test"))
        taught = np.isin(features.targets, np.unique(features.targets[train]))
        yield from _ratios(features, inputs, guard_of(features, inputs, train, dev), test & taught)


def _of_labels(features: Features, inputs: GuardInputs, train: Mask, dev: Mask) -> Iterator[Floats]:
    """How far the recordings of each label lie from what the other labels teach."""
    for label in range(len(features.labels)):
        own = features.targets == label
        if (train & ~own).any() and (dev & ~own).any():
            yield from _ratios(features, inputs, guard_of(features, inputs, train & ~own, dev & ~own), own)


def _ratios(features: Features, inputs: GuardInputs, guard: OodDetector, part: Mask) -> Iterator[Floats]:
    """Of each recording in `part`, as recorded, where somebody plays."""
    part = part & features.recorded
    if features.played is not None:
        part &= features.played
    away = guard.away(inputs.segments[part]) / np.float32(guard.near)
    groups = features.groups[part]
    for group in np.unique(groups):
        yield away[groups == group]
