"""What a retraining reads and writes on the worker: how a probe was fitted, and what two probes are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from persian_mir.catalogue.corrections import Corrections, training_manifest
from persian_mir.csv_text import csv_text
from persian_mir.errors import PersianMirError
from persian_mir.progress import Progress
from persian_mir.whole_file import write_whole
from persian_mir_gui.training.state.runs import load_runs
from trainer.fitting.fit_options import SPLITS, FitOptions, recorded_options
from trainer.fitting.options import declared


@dataclass(frozen=True, slots=True)
class Before:
    """The probe that is in use: its file, how it was fitted, and on what (None: not known here). `unknown` are the
    options that nothing tells, in words; the usual is taken for them.
    """

    predictor: str
    probe: Path
    plan: FitOptions
    dataset: str
    data: Path | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """How many of `count` are named right, 0 to 1, with the 95 % interval."""

    right: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Worth:
    """What a probe is worth: over segments, over recordings, and of each label the share that is named right."""

    segments: Share
    recordings: Share
    classes: Mapping[str, tuple[float, int]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both probes on the same segments; `part`: `test`, or `dev` where there is no test part."""

    part: str
    before: Worth
    after: Worth


def look_up(predictor: str, path: Path, progress: Progress) -> Before:
    """How a probe was fitted, from the run that made it or else from the probe itself. Runs on the worker."""
    from persian_mir.probes.file import load_probe

    probe = load_probe(path)
    runs = load_runs(progress)
    mine = next((run for run in runs if _hash(run.probe) == probe.hash), None)
    if mine is not None:
        return Before(predictor, path, mine.plan, mine.data_name, mine.data if mine.data.exists() else None)
    options, unknown = recorded_options(probe)
    names = [one.title() for one in unknown]
    if options.split not in SPLITS and not Path(options.split).is_file():
        names.append(declared(FitOptions)["split"].title())
        options = replace(options, split="auto")
    return Before(predictor, path, options, str(probe.training.get("dataset", "")), None, tuple(names))


def predictor_of(path: Path, _progress: Progress) -> str:
    """The id that a probe will have as a predictor. Runs on the worker."""
    from persian_mir.probes.file import load_probe

    return f"probe:{load_probe(path).hash[:12]}"


def taught(store: Path, task: str, _progress: Progress) -> Path:
    """What people said of a task, as a manifest. Runs on the worker. Raises PersianMirError."""
    corrections = Corrections(store)
    corrections.refresh()
    return training_manifest(corrections, task)


@dataclass(frozen=True, slots=True)
class LockedEvaluation:
    """The part a new probe was judged by (empty: there is none), its worth there, and what the fit had to remark."""

    part: str
    after: Worth | None
    remarks: tuple[str, ...]


def lock(probe: Path, judged: Path, out: Path, _progress: Progress) -> LockedEvaluation:
    """Write the segments that a new probe was judged by as a manifest, for the old one. Runs on the worker."""
    from persian_mir.probes.file import load_probe
    from trainer.evaluation.evaluate import evaluate
    from trainer.evaluation.evaluation_file import read_evaluation

    new = load_probe(probe)
    said = new.training.get("remarks", ())
    remarks = tuple(str(one) for one in said) if isinstance(said, list | tuple) else ()
    if not judged.exists():
        return LockedEvaluation("", None, remarks)
    read = read_evaluation(judged)
    header = ("file", "start_s", "stop_s", read.task, "split")
    rows = (
        (str(read.files[one.file]), one.start_s, one.stop_s, read.labels[one.truth], "test") for one in read.segments
    )
    write_whole(out, csv_text(header, rows))
    probabilities = np.array([one.probabilities for one in read.segments], np.float32)
    targets = np.array([one.truth for one in read.segments], np.int64)
    groups = np.array([one.file for one in read.segments], np.int64)
    lengths = np.array([one.stop_s - one.start_s for one in read.segments])
    strange = np.array([one.strange for one in read.segments], np.float32)
    evaluation = evaluate(probabilities, targets, groups, read.labels, lengths, strange, new.sure_margin)
    return LockedEvaluation(read.part, worth(evaluation.as_dict()), remarks)


def worth(evaluation: Mapping[str, Any]) -> Worth:
    """Of a judgement as `trainer evaluate` tells it. Raises KeyError, TypeError or ValueError where it is not one."""

    def share(level: Mapping[str, Any]) -> Share:
        return Share(float(level["accuracy"]), float(level["low"]), float(level["high"]), int(level["count"]))

    classes = {
        str(one["label"]): (float(one["recall"]), int(one["count"]))
        for one in evaluation["segments"]["classes"]
        if int(one["count"])
    }
    return Worth(share(evaluation["segments"]), share(evaluation["recordings"]), classes)


def _hash(path: Path) -> str:
    from persian_mir.probes.file import load_probe

    try:
        return load_probe(path).hash
    except PersianMirError:
        return ""
