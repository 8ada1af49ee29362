"""What a probe said of every segment it was judged by, in a file that the window and other programs can read.

JSON: {"format": "persian-mir-judged", "version": 2, "task", "labels", "part", "files": [absolute paths],
"segments": [[place in files, start_s, stop_s, place of the true label, [a probability a label], strangeness], ...],
"judgements": {"official" | "grouped": `Evaluation.as_dict`}, "majority", "chance", "warning"}.
In version 1, which is read as well, segments have no strangeness (`probes.novelty.whole`), levels no sure figures.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from persian_mir.atomic_write import atomic_write
from persian_mir.checked_json import RecordError, read_json
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.labels import TASKS, is_label
from trainer.evaluation.evaluate import WRITTEN, Bin, ClassScore, Evaluation, Metrics

FORMAT, VERSION, OLDEST = "persian-mir-judged", 2, 1
PARTS = ("test", "dev")
SPLITS = ("official", "grouped")
SURE = ("coverage", "selective_accuracy")
MAX_BYTES = 256 << 20
MAX_NUMBER = 1e12
MAX_LABELS, MAX_FILES, MAX_SEGMENTS, MAX_TEXT = 10_000, 200_000, 2_000_000, 4096


class EvaluationFileError(PersianMirError):
    """A judged file that cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment: its recording (a place in `files`), seconds, its true label (a place in `labels`) and what the
    probe said, a probability a label, and how strange that made the recording.
    """

    file: int
    start_s: float
    stop_s: float
    truth: int
    probabilities: tuple[float, ...]
    strange: float = 0.0

    @property
    def named(self) -> int:
        """The place of the label that the probe gives it."""
        return max(range(len(self.probabilities)), key=self.probabilities.__getitem__)


@dataclass(frozen=True, slots=True)
class EvaluatedSegments:
    """The segments of one part (test or dev), the judgements that exist and the warning about them, if any."""

    task: str
    labels: tuple[str, ...]
    part: str
    files: tuple[Path, ...]
    segments: tuple[Segment, ...]
    evaluations: Mapping[str, Evaluation]
    majority: float
    chance: float
    warning: str = ""


def write_evaluation(path: Path, judged: EvaluatedSegments) -> None:
    """Write `path` whole or not at all. Raises EvaluationFileError when the disk refuses."""
    segments = [
        [one.file, one.start_s, one.stop_s, one.truth, list(one.probabilities), one.strange] for one in judged.segments
    ]
    document = {
        "format": FORMAT,
        "version": VERSION,
        "task": judged.task,
        "labels": list(judged.labels),
        "part": judged.part,
        "files": [str(file) for file in judged.files],
        "segments": segments,
        "judgements": {name: one.as_dict() for name, one in judged.evaluations.items()},
        "majority": judged.majority,
        "chance": judged.chance,
        "warning": judged.warning,
    }
    try:
        with atomic_write(path) as file:
            file.write(json.dumps(document, allow_nan=False).encode())
    except OSError as error:
        what = _("The judged segments could not be written: {reason}.").format(reason=error.strerror)
        raise EvaluationFileError(what, path=path, cure=_("Free some space, or choose another place.")) from error


def read_evaluation(path: Path) -> EvaluatedSegments:
    """Read and check a judged file. Raises EvaluationFileError that says what is wrong with it."""
    cure = _("Fit the probe again, which writes the file anew.")
    try:
        return _judged(read_json(path, lambda _value, _place: None, MAX_BYTES))
    except OSError as error:
        what = _("The judged segments cannot be read: {reason}.").format(reason=error.strerror)
        raise EvaluationFileError(what, path=path, cure=cure) from error
    except RecordError as error:
        what = _("This is no file of judged segments: {reason}.").format(reason=error.what.rstrip("."))
        raise EvaluationFileError(what, path=path, cure=cure) from error
    except (ValueError, TypeError, KeyError) as error:
        reason = _("{name} is missing").format(name=error) if isinstance(error, KeyError) else error
        what = _("This is no file of judged segments: {reason}.").format(reason=reason)
        raise EvaluationFileError(what, path=path, cure=cure) from error


def _judged(given: Any) -> EvaluatedSegments:
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise ValueError(_("it is another kind of file"))
    version = given.get("version")
    if type(version) is not int or not OLDEST <= version <= VERSION:
        raise ValueError(_("its version is not known to this program"))
    task = _among(given["task"], TASKS, "task")
    labels = tuple(_list(given["labels"], "labels", MAX_LABELS))
    if len(labels) < 2 or len(set(labels)) < len(labels):
        raise ValueError(_("its labels are too few, or one stands twice"))
    if not all(isinstance(label, str) and is_label(task, label) for label in labels):
        raise ValueError(_("one of its labels is not a valid id"))
    files = tuple(Path(_text(one, "files")) for one in _list(given["files"], "files", MAX_FILES))
    cells = 6 if version == VERSION else 5
    segments = tuple(_segment(one, len(files), len(labels), cells) for one in _list(given["segments"], "segments"))
    evaluations = given["judgements"]
    if not isinstance(evaluations, dict) or not set(evaluations) <= set(SPLITS):
        raise ValueError(_("its judgements are of another shape"))
    return EvaluatedSegments(
        task=task,
        labels=labels,
        part=_among(given["part"], PARTS, "part"),
        files=files,
        segments=segments,
        evaluations={name: _evaluation(one, labels) for name, one in evaluations.items()},
        majority=_share(given["majority"], "majority"),
        chance=_share(given["chance"], "chance"),
        warning=_text(given["warning"], "warning"),
    )


def _segment(given: Any, files: int, labels: int, cells: int) -> Segment:
    if not isinstance(given, list) or len(given) != cells:
        raise ValueError(_("one of its segments is of another shape"))
    start_s, stop_s = (_number(one, "segments") for one in given[1:3])
    if not 0 <= start_s < stop_s:
        raise ValueError(_("one of its segments ends before it begins"))
    file, truth = _place(given[0], files, "segments"), _place(given[3], labels, "segments")
    row = tuple(_share(one, "segments") for one in _list(given[4], "segments", labels))
    if len(row) != labels or not math.isclose(sum(row), 1, abs_tol=0.01):
        raise ValueError(_("one of its segments has not one probability a label, of sum 1"))
    return Segment(file, start_s, stop_s, truth, row, *(_number(one, "segments") for one in given[5:]))


def _evaluation(given: Any, labels: tuple[str, ...]) -> Evaluation:
    if not isinstance(given, dict) or tuple(_list(given["labels"], "labels", MAX_LABELS)) != labels:
        raise ValueError(_("its judgements are of another shape"))
    return Evaluation(labels, _level(given["segments"], labels), _level(given["recordings"], labels))


def _level(given: Any, labels: tuple[str, ...]) -> Metrics:
    if not isinstance(given, dict):
        raise TypeError(_("its judgements are of another shape"))
    known = {one.name for one in fields(Metrics)} - {"count", "classes", "confusion", "calibration", *SURE}
    written = {name: WRITTEN.get(name, name) for name in (*known, *SURE)}
    plain = {name: _share(given[written[name]], written[name]) for name in known}
    sure = {name: _share(given[written[name]], name) for name in SURE if given.get(written[name]) is not None}
    classes = tuple(
        ClassScore(
            _among(one["label"], labels, "label"),
            _count(one["count"]),
            *(_share(one[name], name) for name in ("precision", "recall", "f1")),
        )
        for one in _list(given["classes"], "classes", len(labels))
    )
    rows = _list(given["confusion"], "confusion", len(labels))
    confusion = tuple(tuple(_count(one) for one in _list(row, "confusion", len(labels))) for row in rows)
    if [len(row) for row in confusion] != [len(labels)] * len(labels) or len(classes) != len(labels):
        raise ValueError(_("its judgements are of another shape"))
    bins = tuple(
        Bin(_count(one["count"]), _share(one["probability"], "calibration"), _share(one["accuracy"], "calibration"))
        for one in _list(given["calibration"], "calibration", 100)
    )
    return Metrics(_count(given["count"]), classes=classes, confusion=confusion, calibration=bins, **plain, **sure)


def _list(given: Any, name: str, most: int = MAX_SEGMENTS) -> Sequence[Any]:
    if not isinstance(given, list) or len(given) > most:
        raise ValueError(_("its {name} are no list of at most {most}").format(name=name, most=most))
    return given


def _text(given: Any, name: str) -> str:
    if not isinstance(given, str) or len(given) > MAX_TEXT or "\0" in given:
        raise ValueError(_("its {name} are no text of a sensible length").format(name=name))
    return given


def _among(given: Any, known: Sequence[str], name: str) -> str:
    if not isinstance(given, str) or given not in known:
        raise ValueError(_("its {name} is not known").format(name=name))
    return given


def _number(given: Any, name: str) -> float:
    known = isinstance(given, int | float) and not isinstance(given, bool)
    if not known or not -MAX_NUMBER < given < MAX_NUMBER:
        raise ValueError(_("its {name} hold something that is no number").format(name=name))
    return float(given)


def _share(given: Any, name: str) -> float:
    value = _number(given, name)
    if not -1e-6 <= value <= 1 + 1e-6:
        raise ValueError(_("its {name} hold a share that is not from 0 to 1").format(name=name))
    return value


def _count(given: Any) -> int:
    return _place(given, 1 << 53, "judgements")


def _place(given: Any, below: int, name: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given < below:
        raise ValueError(_("its {name} hold a place that does not exist").format(name=name))
    return given
