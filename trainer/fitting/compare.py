"""The same probe fitted on several backbones, several times: what each is worth, and how far it is from the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from persian_mir.backbones import Backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.i18n import _
from persian_mir.progress import Progress
from trainer.data import DataError, Dataset
from trainer.evaluation.bootstrap import interval, resampled
from trainer.evaluation.evaluation_file import EvaluatedSegments
from trainer.features.segments import Skipped
from trainer.fitting.fit import fit_probe
from trainer.fitting.fit_options import FitOptions
from trainer.fitting.split_masks import chosen_split
from trainer.fitting.training_data import TrainingData

Rights = Mapping[tuple[int, str, float], bool]  # by seed, file and second: whether the segment was named right


@dataclass(frozen=True, slots=True)
class ProbeComparison:
    """Shares of segments named right, all seeds together and each; the interval of 95 % draws whole recordings.

    `gain`: by how much more than on the first backbone, on the same segments with the same seeds; None of the first.
    """

    backbone: str
    accuracy: float
    low: float
    high: float
    seeds: tuple[float, ...]
    gain: float | None = None
    gain_low: float | None = None
    gain_high: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`chance` and `majority_baseline`: what guessing and the commonest label reach; `recordings`: how many judged."""

    task: str
    rows: tuple[ProbeComparison, ...]
    chance: float
    majority_baseline: float
    recordings: int


def compare(
    dataset: Dataset,
    options: FitOptions,
    backbones: Sequence[Backbone],
    seeds: int,
    cache: EmbeddingCache | None,
    progress: Progress,
) -> Comparison:
    """Fit `options` with the seeds `options.seed` and those after it. Raises DataError and Cancelled."""
    found: list[Rights] = []
    judged = None
    for place, backbone in enumerate(backbones):
        rights: dict[tuple[int, str, float], bool] = {}
        for turn in range(seeds):
            done, share = (place * seeds + turn) / (len(backbones) * seeds), 1 / (len(backbones) * seeds)
            part = progress.part(done, share, backbone.key.id, lambda value: _skipped(value, progress))
            ours = replace(options, seed=options.seed + turn, others=0)  # what is none of the labels is not judged
            judged = _judged(dataset, ours, backbone, cache, part)
            for one in judged.segments:
                rights[turn, str(judged.files[one.file]), one.start_s] = one.named == one.truth
        found.append(rights)
    if judged is None:
        raise DataError(_("Nothing is to be compared."))
    rows = tuple(_row(one.key.id, rights, found[0]) for one, rights in zip(backbones, found, strict=True))
    recordings = len({path for _turn, path, _start in found[0]})
    return Comparison(options.task, rows, judged.chance, judged.majority, recordings)


def _judged(
    dataset: Dataset, options: FitOptions, backbone: Backbone, cache: EmbeddingCache | None, progress: Progress
) -> EvaluatedSegments:
    parted, splits = chosen_split(dataset, options.task, options.split, options.seed)
    data = TrainingData(parted.entries, parted.name, splits)
    judged = fit_probe(data, options, backbone, cache=cache, progress=progress).judged
    if judged is None:
        raise DataError(_("Nothing is kept apart to judge by."), cure=_("Add recordings, or a column `split`."))
    return judged


def _skipped(value: object, progress: Progress) -> None:
    """Of all that a fit tells, only what was left out matters here."""
    if isinstance(value, Skipped):
        progress.publish(value)


def _row(name: str, rights: Rights, first: Rights) -> ProbeComparison:
    right = np.array(list(rights.values()))
    turns = np.array([turn for turn, _path, _start in rights])
    low, high = interval(right, _groups(list(rights)))
    row = ProbeComparison(
        name, float(right.mean()), low, high, tuple(float(right[turns == turn].mean()) for turn in np.unique(turns))
    )
    if rights is first:
        return row
    both = [one for one in rights if one in first]
    gains = np.array([float(rights[one]) - float(first[one]) for one in both])
    gain_low, gain_high = resampled(gains, _groups(both))
    return replace(row, gain=float(gains.mean()), gain_low=gain_low, gain_high=gain_high)


def _groups(segments: Sequence[tuple[int, str, float]]) -> Any:
    """The recording of each, int64 [segments]."""
    return np.unique([path for _turn, path, _start in segments], return_inverse=True)[1].astype(np.int64)
