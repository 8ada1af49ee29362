"""The judged segments of a run: read on a worker, and looked up by the cell of a confusion matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QObject, Signal

from persian_mir.i18n import _
from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import message_of
from persian_mir_gui.playback.excerpts import Excerpt

if TYPE_CHECKING:
    from trainer.evaluation.evaluate import Metrics
    from trainer.evaluation.evaluation_file import EvaluatedSegments

Kind = Literal["segments", "recordings"]
KINDS: tuple[Kind, ...] = ("segments", "recordings")


@dataclass(frozen=True, slots=True)
class Case:
    """A segment or a recording that was judged: the label it carries, the one it was given, and how surely."""

    excerpt: Excerpt
    truth: str
    named: str
    probability: float


@dataclass(frozen=True, slots=True)
class JudgedRun:
    """A judged file, ready to be looked at. `cases` are the most surely named first.

    `synthetic`: the recordings were made by a computer. A file holds the segments of one split; `listed` names the
    splits whose figures are those of the segments.
    """

    path: Path
    judged: EvaluatedSegments
    cases: Mapping[Kind, tuple[Case, ...]]
    listed: frozenset[str]
    synthetic: bool

    def level(self, split: str, kind: Kind) -> Metrics:
        """The figures of a split over segments or recordings. KeyError for a split that the file does not hold."""
        evaluation = self.judged.evaluations[split]
        return evaluation.segments if kind == "segments" else evaluation.recordings

    def cell(self, kind: Kind, truth: str, named: str) -> tuple[Case, ...]:
        """What carries the label `truth` and was named `named`."""
        return tuple(case for case in self.cases[kind] if case.truth == truth and case.named == named)


def load(path: Path, progress: Progress) -> JudgedRun:
    """Runs on the worker. Raises PersianMirError with what is wrong with the file."""
    from trainer.evaluation.evaluation_file import read_evaluation

    judged = read_evaluation(path)
    progress.step(0.5)
    cases = {"segments": _segments(judged), "recordings": _recordings(judged)}
    ordered: dict[Kind, tuple[Case, ...]] = {kind: tuple(sorted(cases[kind], key=_surest)) for kind in KINDS}
    found = _confusion(judged, ordered["segments"])
    listed = frozenset(name for name, one in judged.evaluations.items() if one.segments.confusion == found)
    return JudgedRun(path, judged, ordered, listed, _synthetic(judged.files))


class EvaluatedSegmentsFile(QObject):
    """The file that is shown. `changed` comes when it was read, or when there is none any more."""

    changed = Signal()
    failed = Signal(object)  # Message

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._job: Job | None = None
        self.run: JudgedRun | None = None

    @property
    def reading(self) -> bool:
        """Whether a file is being read."""
        return self._job is not None

    def open(self, path: Path | None) -> None:
        """Read `path`, or show nothing."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self.run = None
        if path is not None and path.exists():
            job = self._job = self._runner.start(_("Reading the judged segments"), load, path)
            job.done.connect(partial(self._done, job))
            job.failed.connect(partial(self._failed, job))
        self.changed.emit()

    def _done(self, job: Job, run: JudgedRun) -> None:
        if job is self._job:
            self._job, self.run = None, run
            self.changed.emit()

    def _failed(self, job: Job, error: Exception) -> None:
        if job is self._job:
            self._job = None
            self.changed.emit()
            self.failed.emit(message_of(error))


def _segments(judged: EvaluatedSegments) -> list[Case]:
    cases = []
    for one in judged.segments:
        named = one.named
        excerpt = Excerpt(judged.files[one.file], one.start_s, one.stop_s)
        cases.append(Case(excerpt, judged.labels[one.truth], judged.labels[named], one.probabilities[named]))
    return cases


def _recordings(judged: EvaluatedSegments) -> list[Case]:
    """A recording with two labels counts once for each, as it does where it is judged."""
    from persian_mir.probes.ood_detector import whole

    owned: dict[tuple[int, int], list[int]] = {}
    for place, one in enumerate(judged.segments):
        owned.setdefault((one.file, one.truth), []).append(place)
    cases = []
    for (file, truth), places in owned.items():
        mine = [judged.segments[place] for place in places]
        rows = np.array([one.probabilities for one in mine], np.float32)
        lengths = np.array([one.stop_s - one.start_s for one in mine])
        together = whole(rows, lengths, np.array([one.strange for one in mine], np.float32))
        named = int(together.argmax())
        span = min(one.start_s for one in mine), max(one.stop_s for one in mine)
        excerpt = Excerpt(judged.files[file], *span)
        cases.append(Case(excerpt, judged.labels[truth], judged.labels[named], float(together[named])))
    return cases


def _surest(case: Case) -> tuple[float, str, float]:
    return -case.probability, str(case.excerpt.path), case.excerpt.start_s


def _confusion(judged: EvaluatedSegments, cases: tuple[Case, ...]) -> tuple[tuple[int, ...], ...]:
    place = {label: k for k, label in enumerate(judged.labels)}
    counts = np.zeros((len(place), len(place)), np.int64)
    for case in cases:
        counts[place[case.truth], place[case.named]] += 1
    return tuple(tuple(row) for row in counts.tolist())


def _synthetic(files: tuple[Path, ...]) -> bool:
    """Whether the recordings lie in a corpus that says so of itself."""
    from trainer.data.nava import MARK

    homes = {home for file in files for home in (file.parent, file.parent.parent)}
    return any((home / MARK).is_file() for home in homes)
