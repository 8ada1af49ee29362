"""A map of embeddings as a file for the window: points that know which stretch of which recording they are.

JSON {"format": "persian-mir-map", "version": 1, "method", "backbone", "layer", "dataset", "synthetic",
"files": [absolute paths], "points": [[place in files, start_s, stop_s, x, y], ...], "of": how many segments there are,
"labels": {task: [a label id a file, or ""]}}.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _
from persian_mir.labels import TASKS, ordered
from persian_mir.progress import SILENT, Progress
from trainer.data import DataError, Dataset, Entry
from trainer.experiments.projection import MOST, project, thinned
from trainer.experiments.weighted_progress import WeightedProgress, Work
from trainer.features.extraction import FeatureExtractor
from trainer.features.gather import gather
from trainer.features.segments import Features, Integers


def point_map(
    dataset: Dataset,
    task: str,
    extractor: FeatureExtractor,
    method: str,
    progress: Progress = SILENT,
    most: int = MOST,
) -> dict[str, Any]:
    """The document of a map of all segments that carry a label of `task`, at most `most` of them, evenly chosen, on the
    first layer of `extractor`.

    Raises DataError where there are none, and Cancelled from `progress`.
    """
    entries = [replace(one, split="") for one in dataset.entries if one.labels.get(task)]
    if not entries:
        what = _("The data hold no labels of the task {task}.").format(task=task)
        raise DataError(what, path=dataset.root, cure=_("Choose another task, or other data."))
    labels = ordered(task, (one.labels[task] for one in entries))
    hearing, drawing = Work("reading", 0.05 * len(entries)), Work("map", 10.0 if method == "tsne" else 0.1)
    weighted = WeightedProgress(progress, (hearing, drawing))
    weighted.begin(hearing, "")
    features = gather(entries, task, labels, extractor, weighted)
    chosen = thinned(len(features.values), most)
    weighted.begin(drawing, _("drawing the map"))
    places = np.round(project(features.values[chosen, 0], method, progress=weighted), 4)
    return {
        "format": "persian-mir-map",
        "version": 1,
        "method": method,
        "backbone": extractor.backbone.key.id,
        "layer": extractor.layers[0],
        "dataset": dataset.name,
        "synthetic": dataset.synthetic,
        "files": [str(path.absolute()) for path in features.paths],
        "points": _points(features, chosen, places),
        "of": len(features.values),
        "labels": _labels(dataset.entries, features.paths),
    }


def _points(features: Features, chosen: Integers, places: NDArray[np.float64]) -> list[list[float]]:
    """The `chosen` segments, and where each lies in the plane."""
    groups, spans = features.groups[chosen].tolist(), np.round(features.spans[chosen], 3).tolist()
    return [[group, *span, *place] for group, span, place in zip(groups, spans, places.tolist(), strict=True)]


def _labels(entries: Sequence[Entry], files: Sequence[Path]) -> Mapping[str, list[str]]:
    """By task, the label of each file; empty where it has none or, stretch by stretch, several."""
    found: dict[tuple[Path, str], set[str]] = defaultdict(set)
    for entry in entries:
        for task in TASKS:
            label = entry.labels.get(task) or (entry.artist if task == "artist" else "")
            if label:
                found[entry.path, task].add(label)
    every = {
        task: [next(iter(found[file, task])) if len(found[file, task]) == 1 else "" for file in files] for task in TASKS
    }
    return {task: row for task, row in every.items() if any(row)}
