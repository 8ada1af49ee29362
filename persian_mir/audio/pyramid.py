"""The waveform's pyramid: lowest, highest and mean-square sample of every 256, 1024, 4096, … samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio.source import AudioSource
from persian_mir.progress import SILENT, Progress
from persian_mir.recording import Recording

Columns = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]

BASE = 256  # samples a bin of the lowest level
STEP = 4  # bins of a level that one bin of the next holds


class Pyramid:
    """Minimum and maximum over channels, root mean square of all of them, at every zoom."""

    recording: Recording
    ready_frames: int  # what lies before is final; grows while the pyramid is built

    @property
    def complete(self) -> bool:
        """Whether all of the recording is in."""
        return self.ready_frames >= self.recording.frames

    def peaks(self, start: float, stop: float, columns: int) -> Columns:
        """Minima, maxima and rms, float32 `[columns]` each, of equal columns over samples `start` to `stop`.

        Columns outside the recording, or not yet built, are 0. Columns narrower than 256 samples are as coarse as
        that: see `waveform_columns`.
        """
        raise NotImplementedError


def waveform_columns(
    source: AudioSource | None, pyramid: Pyramid, start: float, stop: float, columns: int
) -> Columns:
    """As `Pyramid.peaks`, but from the samples themselves where columns are finer than the pyramid."""
    raise NotImplementedError


def load_pyramid(recording: Recording) -> Pyramid | None:
    """The pyramid built earlier for this content, or None where there is none or it is damaged."""
    raise NotImplementedError


def build_pyramid(source: AudioSource, progress: Progress = SILENT) -> Pyramid:
    """Build (or load) the pyramid of `source`. Publishes it at once and again as it grows."""
    raise NotImplementedError
