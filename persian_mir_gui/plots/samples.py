"""The samples of a short stretch, read off the GUI thread, for zooms finer than the pyramid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from persian_mir.progress import Progress

LONGEST = 1 << 20  # samples a channel; the pyramid serves longer stretches
SHORTEST = 1 << 14  # read at least this much: neighbours cost nothing and will be looked at next

Columns = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """`samples`: float32 [channels, n], the recording's samples from `start` on."""

    path: Path
    start: int
    samples: NDArray[np.float32]

    @property
    def stop(self) -> int:
        """The sample after the last."""
        return int(self.start + self.samples.shape[1])

    def columns(self, edges: NDArray[np.float64]) -> Columns:
        """Minima and maxima over channels and rms of all of them between consecutive `edges` (positions, ascending).

        A column narrower than a sample shows the sample it begins in; one beyond the stretch its nearest.
        """
        count = self.samples.shape[1]
        bounds = np.clip(np.floor(edges).astype(np.int64) - self.start, 0, count - 1)
        first = bounds[:-1]
        part = self.samples[:, first[0] : bounds[-1] + 1]
        cuts = first - first[0]
        minima = np.minimum.reduceat(part.min(axis=0), cuts)
        maxima = np.maximum.reduceat(part.max(axis=0), cuts)
        widths = np.maximum(np.diff(np.append(cuts, part.shape[1])), 1)
        squares = np.add.reduceat(np.square(part).mean(axis=0, dtype=np.float32), cuts)
        repeated = np.append(np.diff(cuts) == 0, False)  # reduceat gives one sample where a column is empty
        return minima, maxima, np.sqrt(squares / np.where(repeated, 1, widths)).astype(np.float32)


def read_stretch(path: Path, start: int, frames: int, _progress: Progress) -> Stretch:
    """The work of the job: opens the recording anew, since a source serves one thread."""
    from persian_mir.audio import open_audio  # decoders are loaded on the worker

    with open_audio(path) as source:
        return Stretch(path, start, source.read(start, frames))


class SampleReader(QObject):
    """Keeps the stretch looked at last; fetches another when asked for one that it does not hold."""

    arrived = Signal()

    def __init__(self, start_job: Callable[..., Any], parent: QObject) -> None:
        super().__init__(parent)
        self._start_job = start_job
        self._held: Stretch | None = None
        self._wanted: tuple[Path, int, int] | None = None
        self._reading: tuple[Path, int, int] | None = None
        self._failed: Path | None = None  # the session has told the user; asking again would not help

    def stretch(self, path: Path, start: int, stop: int, frames: int) -> Stretch | None:
        """The samples from `start` to `stop`, and more around; None while they are being read."""
        held = self._held
        if held is not None and held.path == path and held.start <= start and stop <= held.stop:
            return held
        if stop - start <= LONGEST and path != self._failed:
            margin = max(SHORTEST, stop - start) // 2
            first = max(start - margin, 0)
            wanted = (path, first, min(stop + margin, frames) - first)
            self._wanted = None if wanted == self._reading else wanted
            self._next()
        return None

    def _next(self) -> None:
        if self._reading is not None or self._wanted is None:
            return
        self._reading, self._wanted = self._wanted, None
        job = self._start_job("", read_stretch, *self._reading)
        job.done.connect(self._keep)
        job.failed.connect(partial(self._give_up, self._reading[0]))
        job.finished.connect(self._finish)

    def _keep(self, stretch: object) -> None:
        if isinstance(stretch, Stretch) and stretch.samples.shape[1]:
            self._held = stretch

    def _give_up(self, path: Path, _error: object) -> None:
        self._failed = path

    def _finish(self) -> None:
        self._reading = None
        self.arrived.emit()  # the view asks again, perhaps for another stretch by now
        self._next()
