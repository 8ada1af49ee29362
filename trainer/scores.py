"""What the answers of a fitted probe come to: short scores for its notes, judged segments for those who look closer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from persian_mir.prediction import pooled
from trainer.features import Features
from trainer.judge import Judgement
from trainer.judged import Judged, Segment
from trainer.parts import Parts

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Score:
    """How often a part of the data is named right: by segment and by whole recording."""

    segments: int
    segment_accuracy: float
    recordings: int
    recording_accuracy: float


def score(given: Floats, features: Features, part: Mask) -> Score:
    """Judge probabilities [segments, classes] on the segments of `part`."""
    rows, targets, owners = given[part], features.targets[part], features.owners[part]
    right = [
        pooled(rows[mine], np.ones(int(mine.sum()), dtype=np.int64)).argmax() == label
        for owner, label in sorted(set(zip(owners.tolist(), targets.tolist(), strict=True)))
        if (mine := (owners == owner) & (targets == label)).any()
    ]
    accuracy = float((rows.argmax(axis=1) == targets).mean())
    return Score(len(targets), round(accuracy, 4), len(right), round(float(np.mean(right)), 4))


def short(one: Judgement) -> dict[str, object]:
    """A judgement as a score."""
    segments, recordings = one.segments, one.recordings
    return asdict(Score(segments.count, round(segments.accuracy, 4), recordings.count, round(recordings.accuracy, 4)))


def judged_segments(
    task: str,
    features: Features,
    parts: Parts,
    given: Floats,
    judgements: Mapping[str, Judgement],
    warning: str,
) -> Judged | None:
    """The segments of the test part, else of dev, with what was said of each."""
    part = parts.test if parts.test.any() else parts.dev
    if not part.any():
        return None
    owners = sorted(set(features.owners[part].tolist()))
    place = {owner: k for k, owner in enumerate(owners)}
    segments = tuple(
        Segment(place[owner], start, stop, truth, tuple(row))
        for owner, (start, stop), truth, row in zip(
            features.owners[part].tolist(),
            features.spans[part].tolist(),
            features.targets[part].tolist(),
            given[part].tolist(),
            strict=True,
        )
    )
    level = next(iter(judgements.values())).segments
    files = tuple(features.paths[owner].absolute() for owner in owners)
    name = "test" if parts.test.any() else "dev"
    return Judged(task, features.labels, name, files, segments, judgements, level.majority, level.chance, warning)
