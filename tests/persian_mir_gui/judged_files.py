"""A judged file with known confusions, for the tests of several folders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from trainer.evaluation.evaluate import evaluate, leak_warning
from trainer.evaluation.evaluation_file import EvaluatedSegments, Segment, write_evaluation

LABELS = ("shour", "mahour", "segah")
RATE = 8000
SECONDS = 6.0
TRUTHS = (0, 0, 1, 1, 2, 2)  # of each recording
NAMED = ((0, 0), (0, 1), (1, 1), (2, 2), (2, 2), (0, 2))  # of the two segments of each
SURE = (0.9, 0.6)


def probabilities(named: int, sure: float) -> tuple[float, ...]:
    return tuple(sure if place == named else (1 - sure) / 2 for place in range(3))


def make_judged(folder: Path, sound: bool = True) -> Path:
    """`folder`/probe.judged.json: official figures of these segments, and grouped ones of other, worse ones."""
    files = tuple(folder / f"{k}.wav" for k in range(len(TRUTHS)))
    segments, groups = [], []
    for file, (truth, pair) in enumerate(zip(TRUTHS, NAMED, strict=True)):
        if sound:
            samples = np.random.default_rng(file).uniform(-0.5, 0.5, round(SECONDS * RATE))
            soundfile.write(files[file], samples, RATE, subtype="FLOAT")
        for half, named in enumerate(pair):
            row = probabilities(named, SURE[half])
            segments.append(Segment(file, 3.0 * half, 3.0 * half + 3.0, truth, row))
            groups.append(file)
    targets = np.array([one.truth for one in segments])
    official = evaluate(
        np.array([one.probabilities for one in segments], np.float32), targets, np.array(groups), LABELS
    )
    wrong = np.array([probabilities((one.truth + 1) % 3, 0.5) for one in segments], np.float32)
    grouped = evaluate(wrong, targets, np.array(groups), LABELS)
    both = {"official": official, "grouped": grouped}
    warning = leak_warning(official, grouped)
    level = official.segments
    path = folder / "probe.judged.json"
    write_evaluation(
        path,
        EvaluatedSegments(
            "dastgah", LABELS, "test", files, tuple(segments), both, level.majority_baseline, level.chance, warning
        ),
    )
    return path
