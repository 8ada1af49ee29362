"""Faults of sounds that stand in a dataset more than once: copies, repeated rows, and labels that contradict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from persian_mir.i18n import _, quoted
from persian_mir.labels import TASKS
from trainer.data.audio_fingerprint import Sound
from trainer.data.dataset import SPLITS, Dataset
from trainer.data.dataset_issue import DatasetIssue
from trainer.data.rows import Rows


def copies(dataset: Dataset, by_path: Mapping[Path, Rows], sounds: Mapping[Path, Sound]) -> Iterator[DatasetIssue]:
    """Copies under several names, and recordings in several splits; the strictest split keeps its copy."""
    groups: dict[str, list[Path]] = defaultdict(list)
    for path in by_path:
        groups[sounds[path].digest if path in sounds else dataset.key(path)].append(path)
    for paths in groups.values():
        rows = Rows.of(entry for path in paths for entry in by_path[path]) if len(paths) > 1 else by_path[paths[0]]
        said = [entry for entry, _count in rows.counted()]
        given = {entry.split for entry in said}
        # all_train may contain dev by design: that is one finding of its own, told for all such recordings together.
        given |= {part for e in said for part in e.also if (e.split, part) != ("dev", "train")}
        keys = tuple(map(dataset.key, sorted(paths, key=lambda path: _strictness(by_path[path]))))
        names = ", ".join(keys)
        if len(paths) > 1 and (labels := _contradictions(rows)):
            what = _("These hold the same sound under several labels, {labels}; none of them is used: {names}")
            yield DatasetIssue("contradiction", keys, what.format(labels="; ".join(labels), names=names), keys)
        elif len(given) > 1:
            splits = ", ".join(part or _("no split") for part in (*SPLITS, "") if part in given)
            text = _("The same recording is in {splits}: {names}").format(splits=splits, names=names)
            yield DatasetIssue("overlap", keys, text, keys[1:])
        elif len(paths) > 1:
            yield DatasetIssue("duplicate", keys, _("These hold the same sound: {names}").format(names=names), keys[1:])


def repeated(dataset: Dataset, by_path: Mapping[Path, Rows]) -> Iterator[DatasetIssue]:
    """Rows about one stretch of a file: as good as one of them, or contradicting each other."""
    for path, rows in by_path.items():
        key = dataset.key(path)
        if said := _contradictions(rows):
            what = _("Rows about the same stretch of {name} give it several labels, {labels}; the last row counts.")
            yield DatasetIssue("contradiction", (key,), what.format(name=key, labels="; ".join(said)))
        elif len(rows) > 1 and len(rows.last_of_equal_times()) < len(rows):
            what = _("Several rows are about the same stretch of {name}; it counts once.")
            yield DatasetIssue("duplicate", (key,), what.format(name=key))


def _contradictions(rows: Rows) -> list[str]:
    """By task, the labels of stretches that lie over one another, where they differ."""
    numbers, which = np.unique(rows.which, return_inverse=True)
    said, found = [rows.said[number] for number in numbers], list[str]()
    if len(said) < 2:
        return found
    for task in TASKS:
        names = [one.labels.get(task) or one.written.get(task, "") for one in said]
        mine = np.flatnonzero(np.array([task in one.written for one in said])[which])
        if len({names[at] for at in np.unique(which[mine])}) < 2:
            continue
        labels: set[str] = set()
        order = mine[np.argsort(rows.starts[mine], kind="stable")]
        furthest, its = -np.inf, ""
        for at, start_s, stop_s in zip(which[order], rows.starts[order], rows.stops[order], strict=True):
            label = names[at]
            if start_s < furthest and label != its:
                labels |= {label, its}
            if stop_s >= furthest:
                furthest, its = stop_s, label
        if labels:
            found.append(f"{task}: {', '.join(map(quoted, sorted(labels)))}")
    return found


def _strictness(rows: Rows) -> int:
    return min(("test", "dev", "train", "").index(entry.split) for entry, _count in rows.counted())
