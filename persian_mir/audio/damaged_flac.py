"""A FLAC file that turns out to be damaged while it is read."""

from __future__ import annotations

from collections.abc import Callable

from persian_mir.audio.decoded import DecodedFile
from persian_mir.audio.decoder import Decoder, Problem, Samples
from persian_mir.audio.sndfile import SndfileDecoder
from persian_mir.errors import AudioError


class MendedFlac:
    """Reads by seeking as long as the file is whole, which nobody knows before all of it was decoded.

    At the first damaged place the whole file, decoded around its holes, takes over: same samples, same places.
    """

    def __init__(self, direct: SndfileDecoder, mend: Callable[[], DecodedFile | None]) -> None:
        """`mend` decodes the file anew; it may raise AudioError."""
        self._decoder: Decoder = direct
        self._mend: Callable[[], DecodedFile | None] | None = mend
        self.rate, self.channels, self.frames = direct.rate, direct.channels, direct.frames
        self.format, self.name, self.tags = direct.format, direct.name, direct.tags
        self.problems: tuple[Problem, ...] = direct.problems

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
        return self._decoder.read(start, frames)

    def close(self) -> None:
        """See Decoder."""
        self._decoder.close()
