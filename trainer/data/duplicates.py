"""Faults of sounds that stand in a dataset more than once: copies, repeated rows, and labels that contradict."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from persian_mir.i18n import _, quoted
from persian_mir.labels import TASKS
from trainer.data.audio_fingerprint import Sound
from trainer.data.dataset import SPLITS, Dataset, Entry
from trainer.data.dataset_issue import Finding


def copies(
    dataset: Dataset, by_path: Mapping[Path, Sequence[Entry]], sounds: Mapping[Path, Sound]
) -> Iterator[Finding]:
    """Copies under several names, and recordings in several splits; the strictest split keeps its copy."""
    groups: dict[str, list[Path]] = defaultdict(list)
    for path in by_path:
        groups[sounds[path].digest if path in sounds else dataset.key(path)].append(path)
    for paths in groups.values():
        rows = [entry for path in paths for entry in by_path[path]]
        given = {entry.split for entry in rows}
        # all_train may contain dev by design: that is one finding of its own, told for all such recordings together.
        given |= {part for e in rows for part in e.also if (e.split, part) != ("dev", "train")}
        keys = tuple(map(dataset.key, sorted(paths, key=lambda path: _strictness(by_path[path]))))
        names = ", ".join(keys)
        if len(paths) > 1 and (said := _contradictions(rows)):
            what = _("These hold the same sound under several labels, {labels}; none of them is used: {names}")
            yield Finding("contradiction", keys, what.format(labels="; ".join(said), names=names), keys)
        elif len(given) > 1:
            splits = ", ".join(part or _("no split") for part in (*SPLITS, "") if part in given)
            text = _("The same recording is in {splits}: {names}").format(splits=splits, names=names)
            yield Finding("overlap", keys, text, keys[1:])
        elif len(paths) > 1:
            yield Finding("duplicate", keys, _("These hold the same sound: {names}").format(names=names), keys[1:])


def repeated(dataset: Dataset, by_path: Mapping[Path, Sequence[Entry]]) -> Iterator[Finding]:
    """Rows about one stretch of a file: as good as one of them, or contradicting each other."""
    for path, rows in by_path.items():
        key = dataset.key(path)
        if said := _contradictions(rows):
            what = _("Rows about the same stretch of {name} give it several labels, {labels}; the last row counts.")
            yield Finding("contradiction", (key,), what.format(name=key, labels="; ".join(said)))
        elif len({(row.start_s, row.stop_s) for row in rows}) < len(rows):
            what = _("Several rows are about the same stretch of {name}; it counts once.")
            yield Finding("duplicate", (key,), what.format(name=key))


def _contradictions(rows: Sequence[Entry]) -> list[str]:
    """By task, the labels of stretches that lie over one another, where they differ."""
    said = []
    for task in TASKS:
        mine = [row for row in rows if task in row.written]
        labels: set[str] = set()
        furthest, its = -math.inf, ""
        for row in sorted(mine, key=lambda row: row.start_s):
            label = row.labels.get(task) or row.written[task]
            if row.start_s < furthest and label != its:
                labels |= {label, its}
            if row.stop_s >= furthest:
                furthest, its = row.stop_s, label
        if labels:
            said.append(f"{task}: {', '.join(map(quoted, sorted(labels)))}")
    return said


def _strictness(rows: Sequence[Entry]) -> int:
    return min(("test", "dev", "train", "").index(entry.split) for entry in rows)
