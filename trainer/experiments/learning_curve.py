"""The learning curve: what few labelled recordings are worth, as an archivist lives it who labels n and waits for the
rest. Everything else is `fit` as it is: the same loop, the same standardisation over what is labelled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _
from persian_mir.prediction import pooled
from persian_mir.probes.probe import softmax
from persian_mir.progress import SILENT, Progress
from trainer.data import DataError, Dataset
from trainer.evaluation.bootstrap import LEVEL
from trainer.evaluation.curve_points import Curve, Point
from trainer.features.extraction import FeatureExtractor
from trainer.features.gather import gather
from trainer.features.segments import Features, scale_of
from trainer.fitting.loop import HeadConfig, Labelled, fit_head

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

DRAWS = 20
SIZES = (2, 4, 8, 16)


def learning_curve(
    dataset: Dataset,
    task: str,
    extractor: FeatureExtractor,
    sizes: Sequence[int] = SIZES,
    draws: int = DRAWS,
    config: HeadConfig = HeadConfig(epochs=100),  # noqa: B008, frozen
    progress: Progress = SILENT,
) -> Curve:
    """Label `sizes` recordings at a time, spread over the classes, and judge by the rest. Sizes with fewer recordings
    than classes, or that leave nothing to judge by, are left out and said so. `config` may not put layers side by side.
    Raises DataError and Cancelled.
    """
    entries = [replace(one, split="") for one in dataset.entries if one.labels.get(task)]
    labels = dataset.labels(task)
    features = gather(entries, task, labels, extractor, progress)
    truth = np.array([features.targets[features.groups == k][0] for k in range(len(features.hashes))])
    usable = [size for size in sorted(set(sizes)) if len(labels) <= size < len(truth)]
    if not usable:
        what = _("None of these sizes can be drawn: there are {count} recordings of {labels} labels.")
        cure = _("Take sizes from the number of labels up to one less than the recordings.")
        raise DataError(what.format(count=len(truth), labels=len(labels)), path=dataset.root, cure=cure)
    points = []
    for number, size in enumerate(usable):
        rows = []
        for draw in range(draws):
            progress.step((number + draw / draws) / len(usable), _("{size} labelled recordings").format(size=size))
            rows.append(_once(features, truth, size, replace(config, seed=draw)))
        points.append(_point(size, np.array(rows)))
    progress.step(1.0)
    notes = tuple(_notes(features, truth, set(sizes) - set(usable)))
    return Curve(task, dataset.name, extractor.backbone.key.id, labels, len(truth), tuple(points), notes)


def drawn(truth: NDArray[np.int64], size: int, seed: int) -> NDArray[np.int64]:
    """Places of `size` recordings: class by class in turn, until each is used up, in chance order."""
    rng = np.random.default_rng([seed, size])
    piles = [list(rng.permutation(np.flatnonzero(truth == label))) for label in rng.permutation(np.unique(truth))]
    chosen: list[int] = []
    while len(chosen) < size:
        for pile in piles:
            if pile and len(chosen) < size:
                chosen.append(int(pile.pop()))
    return np.array(chosen, dtype=np.int64)


def _once(features: Features, truth: NDArray[np.int64], size: int, config: HeadConfig) -> tuple[float, float, float]:
    """Segments, recordings and recordings of strangers named right when one draw is labelled."""
    labelled = drawn(truth, size, config.seed)
    train = np.isin(features.groups, labelled)
    values = features.values[train]
    scale = scale_of(values)
    fitted = fit_head(Labelled(scale.applied(values), features.targets[train]), len(features.labels), config)
    inputs = np.zeros((int((~train).sum()), values.shape[2]), np.float32)
    for layer, share in enumerate(fitted.layer_weights):  # layer by layer: there is no room for a second copy of all
        inputs += share * ((features.values[~train, layer] - scale.mean[layer]) / scale.std[layer])
    rows = softmax(fitted.head.logits(inputs))
    groups, targets = features.groups[~train], features.targets[~train]
    rest = np.unique(groups)
    whole = np.stack([pooled(rows[groups == k], np.ones(int((groups == k).sum()), np.int64)) for k in rest])
    right = whole.argmax(axis=1) == truth[rest]
    met = {features.artists[k] for k in labelled}
    known = all(features.artists)
    strange = np.array([known and features.artists[k] not in met for k in rest])
    outside = float(right[strange].mean()) if strange.any() else float("nan")
    return float((rows.argmax(axis=1) == targets).mean()), float(right.mean()), outside


def _point(size: int, rows: NDArray[np.float64]) -> Point:
    figures: list[float] = []
    for column in rows.T:
        seen = column[~np.isnan(column)]
        low, high = np.quantile(seen, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]) if len(seen) else (np.nan, np.nan)
        figures += [float(seen.mean()) if len(seen) else np.nan, float(low), float(high)]
    return Point(size, len(rows), *(round(value, 4) for value in figures))


def _notes(features: Features, truth: NDArray[np.int64], unusable: set[int]) -> list[str]:
    notes = []
    if unusable:
        text = _("Left out, since each label needs a recording and some must be left to judge by: {sizes}.")
        notes.append(text.format(sizes=", ".join(map(str, sorted(unusable)))))
    players = {k: {features.artists[i] for i in np.flatnonzero(truth == k)} for k in np.unique(truth).tolist()}
    single = [features.labels[k] for k, names in players.items() if len(names) == 1 and all(names)]
    if single:
        text = _(
            "One artist alone plays {labels}: these figures cannot tell the label from the musician, the instrument at "
            "hand, the room and the microphone."
        )
        notes.append(text.format(labels=", ".join(single)))
    elif not all(features.artists):
        notes.append(_("The artists are not known: recordings of the same artist may be on both sides."))
    return notes
