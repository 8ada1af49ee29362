"""Labels that the other recordings contradict: where to listen again before anything is learnt from them.

Confident learning (Northcutt, Jiang and Chuang 2021): each recording is named by a model that has not learnt from it,
and each label asks for as much confidence as those who carry it reach on average. Folds are by whole recordings. By
whole artists the model knows too little of each to be a witness (on mini-Nava it then agrees with three labels in
four, and its list is no better than chance); that is offered for a collection where all of an artist may be wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from persian_mir.backbones import Backbone
from persian_mir.csv_text import csv_text as table_text
from persian_mir.embeddings import EmbeddingCache
from persian_mir.grid import Grid
from persian_mir.i18n import _
from persian_mir.prediction import pooled
from persian_mir.progress import SILENT, Progress
from trainer.data import DataError, Dataset
from trainer.data.splits import grouped
from trainer.features.extraction import all_layers
from trainer.features.gather import gather
from trainer.features.segments import Features

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

COLUMNS = ("file", "start_s", "stop_s", "given", "suggested", "score")
FOLDS = 5
DOUBTFUL = 0.75  # agreement under which the list says little
STRENGTH = 0.05  # of the data against the prior (C of the logistic regression): a few wrong labels shall not be learnt
MOST_STEPS = 2000


@dataclass(frozen=True, slots=True)
class Suspect:
    """A stretch of a recording with its label and the one the others suggest. `score`: 0 agrees, 0.5 undecided, 1
    contradicts.
    """

    path: Path
    start_s: float
    stop_s: float
    given: str
    suggested: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """All stretches, the most suspect first. `contradicted` of them suggest another label than theirs; `agreement` is
    how often the others would have named it as it is: where that is low, the list knows little.
    """

    task: str
    by: str
    ranked: tuple[Suspect, ...]
    contradicted: int
    agreement: float


def find_suspects(
    dataset: Dataset,
    task: str,
    backbone: Backbone,
    grid: Grid = Grid(),  # noqa: B008, frozen
    by: Literal["recording", "artist"] = "recording",
    cache: EmbeddingCache | None = None,
    progress: Progress = SILENT,
) -> Found:
    """Rank the labels of `task` by how much the other recordings contradict them. DataError where there are fewer than
    two labels, or a label of one recording or artist only.
    """
    entries = [replace(one, split="", artist=dataset.key(one.path)) for one in dataset.entries if one.labels.get(task)]
    labels = dataset.labels(task)
    folds = grouped(dataset, task, by, 0, FOLDS, fewer=True).folds
    features = gather(entries, task, labels, all_layers(backbone, grid, cache), progress)
    rows = np.zeros((len(features.targets), len(labels)), np.float32)
    known = np.zeros(len(rows), np.bool_)
    for number, fold in enumerate(folds):
        progress.step(number / len(folds), _("comparing labels"))
        test = np.array([fold.get(key, "") == "test" for key in features.artists])[features.groups]
        learnt = sorted(set(features.targets[~test].tolist()))
        if test.any() and len(learnt) > 1:
            rows[np.ix_(test, learnt)] = _named(features, ~test, test)
            known |= test
    progress.step(1.0)
    if not known.any():
        raise DataError(_("There are too few recordings to compare labels by."), path=dataset.root)
    ranked, agreement = _ranked(features, rows, known)
    contradicted = sum(one.given != one.suggested for one in ranked)
    return Found(task, by, ranked, contradicted, agreement)


def _named(features: Features, train: NDArray[np.bool_], test: NDArray[np.bool_]) -> Floats:
    """What a logistic regression that learnt from `train` says of `test`: [segments, labels that it met]."""
    from sklearn.linear_model import LogisticRegression

    values = np.zeros((len(train), features.values.shape[2]), np.float32)
    for layer in range(features.values.shape[1]):  # layer by layer: there is no room for a second copy of all
        one = features.values[:, layer]
        std = one[train].std(axis=0)
        values += (one - one[train].mean(axis=0)) / np.where(std > 1e-6, std, 1)
    values /= features.values.shape[1]
    model = LogisticRegression(C=STRENGTH, max_iter=MOST_STEPS).fit(values[train], features.targets[train])
    return np.asarray(model.predict_proba(values[test]), dtype=np.float32)


def _ranked(features: Features, rows: Floats, known: NDArray[np.bool_]) -> tuple[tuple[Suspect, ...], float]:
    runs = [run for run in _runs(features) if known[run[0]]]
    whole = np.stack([pooled(rows[run], np.ones(len(run), np.int64)) for run in runs])
    given = np.array([features.targets[run[0]] for run in runs])
    scores, suggested = scored(whole, given)
    order = np.argsort(-scores, kind="stable")
    ranked = tuple(
        Suspect(
            features.paths[features.groups[runs[k][0]]],
            round(float(features.spans[runs[k][0], 0]), 3),
            round(float(features.spans[runs[k][-1], 1]), 3),
            features.labels[given[k]],
            features.labels[suggested[k]],
            round(float(scores[k]), 4),
        )
        for k in order
    )
    return ranked, float((whole.argmax(axis=1) == given).mean())


def scored(rows: Floats, given: Integers) -> tuple[NDArray[np.float64], Integers]:
    """Suspicion 0..1 of each item and the label suggested, from out-of-fold probabilities [items, classes].

    Every label is measured by the mean confidence of those that carry it (the thresholds of confident learning).
    """
    items, classes = np.arange(len(given)), rows.shape[1]
    own = rows[items, given]
    thresholds = np.array([own[given == k].mean() if (given == k).any() else 1.0 for k in range(classes)])
    above = rows.astype(np.float64) - thresholds
    suggested = above.argmax(axis=1)
    others = above.copy()
    others[items, given] = -np.inf
    margin = above[items, given] - others.max(axis=1)
    return np.asarray(np.clip((1 - margin) / 2, 0, 1)), np.asarray(suggested, dtype=np.int64)


def _runs(features: Features) -> list[NDArray[np.int64]]:
    """Places of consecutive segments of one recording that carry one label."""
    groups, targets, spans = features.groups, features.targets, features.spans
    broken = (groups[1:] != groups[:-1]) | (targets[1:] != targets[:-1]) | (spans[1:, 0] > spans[:-1, 1] + 0.01)
    broken |= spans[1:, 0] <= spans[:-1, 0]
    return np.split(np.arange(len(groups)), np.flatnonzero(broken) + 1)


def csv_text(rows: Sequence[Suspect]) -> str:
    """The list as CSV, with absolute paths."""
    cells = ((str(one.path.absolute()), *astuple(one)[1:]) for one in rows)
    return table_text(COLUMNS, cells)
