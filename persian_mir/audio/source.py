"""A recording opened for reading: the one way by which sound enters the program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from persian_mir.audio.decoder import Decoder, Samples
from persian_mir.progress import SILENT, Progress
from persian_mir.recording import Recording

BLOCK_FRAMES = 65536


class AudioSource:
    """Samples of one recording by position. One source serves one thread; opening another is cheap.

    `problems` are translated sentences about what is wrong with a file that could be opened all the same.
    """

    recording: Recording
    non_finite: int  # samples that were NaN or infinite so far, and became 0

    def __init__(self, recording: Recording, decoder: Decoder) -> None:
        self.recording = recording
        self.non_finite = 0
        self._decoder = decoder

    @property
    def problems(self) -> tuple[str, ...]:
        """What the user should know about this file."""
        return self._decoder.problems

    def read(self, start: int, frames: int) -> Samples:
        """Samples `start` up to `start + frames`, clipped to the recording, as `[channels, n]`, finite."""
        start, stop = max(0, start), min(start + frames, self.recording.frames)
        if stop <= start:
            return np.zeros((self.recording.channels, 0), np.float32)
        return self._decoder.read(start, stop - start)

    def blocks(self, start: int = 0, stop: int | None = None, frames: int = BLOCK_FRAMES) -> Iterator[Samples]:
        """The samples from `start` up to `stop` (the end) in order, `[channels, n]` at a time."""
        stop = self.recording.frames if stop is None else min(stop, self.recording.frames)
        for at in range(max(0, start), stop, frames):
            yield self.read(at, min(frames, stop - at))

    def close(self) -> None:
        """Let the file go. May be called twice."""
        self._decoder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_audio(path: Path | str, progress: Progress = SILENT) -> AudioSource:
    """Open a recording of any known kind, told by its content. Raises AudioError with the cure."""
    raise NotImplementedError
