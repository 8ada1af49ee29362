"""A decoder that turns out to be damaged while it is read: another one takes its place."""

from __future__ import annotations

from collections.abc import Callable

from persian_mir.audio.decoded import DecodedFile
from persian_mir.audio.decoder import Decoder, Problem, Samples
from persian_mir.errors import AudioError


class MendedDecoder:
    """Reads from a decoder as long as it is whole, which nobody knows before all of it was read.

    At the first damaged place of a FLAC file the whole file, decoded around its holes, takes over: same samples, same
    places. Where what was decoded before is damaged on the disk, it is decoded again.
    """

    def __init__(self, first: Decoder, mend: Callable[[], DecodedFile | None]) -> None:
        """`mend` decodes the file anew; it may raise AudioError."""
        self._decoder = first
        self._mend: Callable[[], DecodedFile | None] | None = mend
        self.rate, self.channels, self.frames = first.rate, first.channels, first.frames
        self.format, self.name, self.tags = first.format, first.name, first.tags
        self.problems: tuple[Problem, ...] = first.problems
        self.reads_file: bool = first.reads_file

    def read(self, start: int, frames: int) -> Samples:
        """See Decoder."""
        try:
            samples = self._decoder.read(start, frames)
            if samples.shape[1] == frames or self._mend is None:
                return samples
        except AudioError:
            if self._mend is None:
                raise
        mend, self._mend = self._mend, None
        mended = mend()
        if mended is not None:
            self._decoder.close()
            self._decoder, self.problems = mended, mended.problems
            self.reads_file = mended.reads_file
        return self._decoder.read(start, frames)

    def close(self) -> None:
        """See Decoder."""
        self._decoder.close()
