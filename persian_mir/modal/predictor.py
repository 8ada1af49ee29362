"""The modal reading as a predictor: labels a recording without any training."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.labels import label_ids
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import PitchTrack, join_tracks, pitch_version, stream_pitch
from persian_mir.modal.radif import load_radif
from persian_mir.modal.reading import ModalReading, read_mode
from persian_mir.modal.section_verdicts import task_sections
from persian_mir.modal.sections import read_recording
from persian_mir.prediction import MODAL_SURE_MARGIN, Prediction, pooled
from persian_mir.progress import SILENT, Progress
from persian_mir.provenance import Provenance

if TYPE_CHECKING:
    from persian_mir.audio import AudioSource

LEAST_WINDOW_S, WINDOW_S, MOST_WINDOW_S = 10.0, 30.0, 60.0  # longer is surer, and hears a change of mode later
CHUNK = 12  # cells read between two checkpoints, a minute of music


@dataclass(frozen=True, slots=True)
class ModalPredictor:
    """Cells of `hop_s` tile the recording; each is read from `window_s` seconds around it, 10 to 60.

    The overall verdict is the reading of the whole recording or of its sections, not pooled from the cells: length is
    most of what makes a reading right. In the published parts, which know no whole yet, it is pooled. `tonic_hz`: the
    shahed if the user knows it. Raises PersianMirError for a window outside these bounds.
    """

    window_s: float = WINDOW_S
    hop_s: float = 5.0
    parameters: Parameters = DEFAULT
    tonic_hz: float | None = None

    def __post_init__(self) -> None:
        if not LEAST_WINDOW_S <= self.window_s <= MOST_WINDOW_S:
            raise PersianMirError(
                _("The window of the modal reading must be between {least:.0f} and {most:.0f} seconds.").format(
                    least=LEAST_WINDOW_S, most=MOST_WINDOW_S
                )
            )

    @property
    def id(self) -> str:
        """`modal`."""
        return "modal"

    @property
    def name(self) -> str:
        """What its lane is called."""
        return _("Modal reading")

    @property
    def tasks(self) -> tuple[str, ...]:
        """Dastgah, and mode with the avaz told apart."""
        return ("dastgah", "mode")

    def predict(self, source: AudioSource, progress: Progress = SILENT) -> tuple[Prediction, ...]:
        """One prediction a task; the cells of a part are published as soon as the pitch around them is known."""
        rate, frames = source.recording.rate, source.recording.frames
        cells = self.cells(frames, rate)
        provenance = self.provenance()
        windows = self._windows(cells, rate)
        readings: list[ModalReading] = []
        track = join_tracks([])
        for track, known_s in _growing(source):
            while len(readings) < len(cells) and windows[len(readings)][1] <= known_s:
                done = len(readings)
                ready = [window for window in windows[done : done + CHUNK] if window[1] <= known_s]
                readings += [read_mode(track, *window, self.parameters, self.tonic_hz) for window in ready]
                for task in self.tasks:
                    part = cells[done : len(readings)]
                    progress.publish(_prediction(task, part, readings[done:], None, provenance))
                progress.step(len(readings) / len(cells))
        whole = read_recording(track, self.parameters, self.tonic_hz, progress.part(1.0, 0.0))
        predictions = (_prediction(task, cells, readings, whole, provenance) for task in self.tasks)
        return tuple(replace(one, sections=task_sections(whole, one.task, rate, frames)) for one in predictions)

    def cells(self, frames: int, rate: int) -> list[tuple[int, int]]:
        """First sample and the one after the last of each cell; they tile the recording, the last may be shorter."""
        hop = max(1, round(self.hop_s * rate))
        return [(start, min(start + hop, frames)) for start in range(0, frames, hop)]

    def _windows(self, cells: list[tuple[int, int]], rate: int) -> list[tuple[float, float]]:
        """Seconds from which each cell is read: `window_s` around its middle, moved inside the recording."""
        end = cells[-1][1] / rate if cells else 0.0
        windows = []
        for start, stop in cells:
            first = (start + stop) / 2 / rate - self.window_s / 2
            first = max(0.0, min(first, end - self.window_s))
            windows.append((first, min(first + self.window_s, end)))
        return windows

    def provenance(self) -> Provenance:
        """By what it labels."""
        windows: dict[str, object] = {"window_s": self.window_s, "hop_s": self.hop_s}
        if self.tonic_hz is not None:
            windows["tonic_hz"] = self.tonic_hz
        models = {"swift-f0": pitch_version(), "radif": load_radif().hash}
        return Provenance("modal", models, windows | self.parameters.as_dict())


def _growing(source: AudioSource) -> Iterator[tuple[PitchTrack, float]]:
    """The pitch track so far and up to where it is known, in seconds; at last all of it, and no bound."""
    pieces: list[PitchTrack] = []
    for piece in stream_pitch(source):
        pieces.append(piece)
        track = join_tracks(pieces)
        yield track, track.stop_s
    yield join_tracks(pieces), math.inf


def _prediction(
    task: str,
    cells: list[tuple[int, int]],
    readings: list[ModalReading],
    whole: ModalReading | None,
    provenance: Provenance,
) -> Prediction:
    """The cells' readings as a prediction; `overall` from the whole's reading, pooled where there is none."""
    labels = label_ids(task)
    bounds = np.array(cells, dtype=np.int64).reshape(-1, 2)
    starts, stops = bounds[:, 0].copy(), bounds[:, 1].copy()
    rows = np.array([reading.probabilities(task) for reading in readings], dtype=np.float32)
    rows = rows.reshape(-1, len(labels))
    overall = pooled(rows, stops - starts) if whole is None else whole.probabilities(task)
    reasons = tuple("" if reading.heard else reading.reason for reading in readings)
    reason = "" if whole is None or whole.heard else whole.reason
    return Prediction(
        task, labels, starts, stops, rows, overall, provenance, reasons, reason, sure_margin=MODAL_SURE_MARGIN
    )
