"""Decoding by libsndfile: WAV with all its kin, FLAC, AIFF, Ogg."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from persian_mir.audio.byte_spans import SplicedFile
from persian_mir.audio.checks import broke_off, check_form
from persian_mir.audio.decoder import Problem, Samples, Tags
from persian_mir.audio.layout import Layout
from persian_mir.errors import AudioError
from persian_mir.paths import plain_path
from persian_mir.progress import Progress

BLOCK_FRAMES = 65536

# Kinds whose samples do not depend on where reading began. libsndfile 1.2.2 misses the place now and then when it
# seeks in Vorbis, so all other kinds are decoded from the beginning (measured: 7 of 240 seeks, whole packets off).
_EXACT = frozenset({"PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"})
_MOST_FRAMES = 1 << 48  # more is a header that does not know


class SndfileDecoder:
    """A file of uncompressed or losslessly compressed sound, read by seeking."""

    reads_file = True

    def __init__(self, path: Path, layout: Layout) -> None:
        """Raises AudioError, or soundfile.LibsndfileError where libsndfile does not know the content."""
        import soundfile

        self._path = path
        self._spliced = SplicedFile(path, layout.spans, layout.header) if layout.spliced else None
        given = self._spliced or plain_path(path)
        self._file: Any = soundfile.SoundFile(given)
        self._error: type[Exception] = soundfile.LibsndfileError
        self.rate: int = self._file.samplerate
        self.channels: int = self._file.channels
        self.frames: int = self._file.frames
        self.format = f"{self._file.format} {self._file.subtype}"
        self.name = f"libsndfile {soundfile.__libsndfile_version__}"
        self.tags = _tags(self._file)
        check_form(path, self.rate, self.channels)
        self.problems = _problems(layout, self.frames / self.rate)
        self._at = 0

    def seeks_exactly(self) -> bool:
        """Whether ranges may be read by seeking: the kind allows it, and the end is where the header says."""
        if self._file.subtype not in _EXACT or not 0 < self.frames < _MOST_FRAMES:
            return False
        try:
            return bool(self.read(self.frames - 1, 1).shape[1] == 1)
        except AudioError:
            return False

    def read(self, start: int, frames: int) -> Samples:
        """See Decoder."""
        try:
            if start != self._at:
                self._file.seek(start)
            samples: Samples = self._file.read(frames, dtype="float32", always_2d=True).T
        except (self._error, OSError) as error:
            self._at = -1
            raise broke_off(self._path) from error
        self._at = start + samples.shape[1]
        return np.ascontiguousarray(samples)

    def stream(self, progress: Progress) -> Iterator[Samples]:
        """Everything from the beginning, in one go, `[channels, n]` at a time, as far as it can be decoded."""
        try:
            self._file.seek(0)
            self._at = 0
            while (samples := self.read(self._at, BLOCK_FRAMES)).shape[1]:
                progress.step(min(1.0, self._at / max(1, self.frames)))
                yield samples
        except (AudioError, self._error):
            return

    def found(self, frames: int) -> tuple[Problem, ...]:
        """What is wrong with the file, `frames` having been delivered."""
        if any(problem.kind == "ends early" for problem in self.problems) or not frames < self.frames < _MOST_FRAMES:
            return self.problems
        return (*self.problems, Problem("ends early", (frames / self.rate, self.frames / self.rate)))

    def close(self) -> None:
        """See Decoder."""
        self._file.close()
        if self._spliced is not None:
            self._spliced.close()


def _problems(layout: Layout, seconds: float) -> tuple[Problem, ...]:
    """What the layout says of a file that holds `seconds` of sound."""
    found = []
    if layout.promised > layout.held > 0:
        found.append(Problem("ends early", (seconds, seconds * layout.promised / layout.held)))
    elif layout.cut:
        found.append(Problem("ends early"))
    if layout.unread:
        found.append(Problem("unread", (layout.unread,)))
    return tuple(found)


def _tags(file: Any) -> Tags:
    return MappingProxyType({key: str(value)[:200] for key, value in file.copy_metadata().items()})
