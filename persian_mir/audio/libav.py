"""Decoding by FFmpeg's libraries: MP3, AAC, WMA, the sound of videos, and whatever libsndfile refuses."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from persian_mir.audio.byte_spans import SplicedFile
from persian_mir.audio.decoder import Problem, Samples, Tags
from persian_mir.audio.layout import Layout
from persian_mir.audio.libav_track import LibavTrack, decode_errors
from persian_mir.progress import Progress

if TYPE_CHECKING:
    import av

log = logging.getLogger(__name__)

_TAGS = ("title", "artist", "album", "date", "genre", "track", "comment")
_SILENCE = 1 << 16  # samples of silence handed out at a time
_PADDING = 3 * 1152  # samples of a stated length that are not delivered: what encoders add at both ends
_ROUNDED_S = 0.05
_ROUGH_S, _ROUGH = 0.5, 0.005  # containers that hold several tracks state how long they last, not how long each does


class LibavStream:
    """The default sound track of a file, decoded from beginning to end; of joined files, one after the other."""

    def __init__(self, path: Path, layout: Layout) -> None:
        """Raises AudioError where FFmpeg knows no sound track in it."""
        self._path, self._layout = path, layout
        self._contents: Sequence[SplicedFile | None] = _contents(path, layout)
        self._track = LibavTrack(path, self._contents[0], layout)
        codec = self._track.codec
        self.name = f"PyAV {version('av')}"
        self.format = f"{self._track.format} {codec.name}"
        self.tags = _tags(self._track.container.metadata, self._track.stream.metadata)
        self.rate: int = codec.sample_rate
        self._convert: _Converter | None = None
        self._ended: list[LibavTrack] = []

    def stream(self, progress: Progress) -> Iterator[Samples]:
        """All samples, float32 `[channels, n]` at a time, at the rate and channels of the first of them."""
        yield from self._part(progress)
        for content in self._contents[1:]:
            self._track.close()
            self._ended.append(self._track)
            self._track = LibavTrack(self._path, content, self._layout)
            yield from self._part(progress)
        if self._convert is not None:
            yield from self._convert.rest()

    def found(self, frames: int) -> tuple[Problem, ...]:
        """What is wrong with the file, `frames` having been delivered."""
        tracks = [*self._ended, self._track]
        found: list[Problem] = []
        if any(track.holes for track in tracks):
            found.append(Problem("has holes"))
        if lost := sum(track.lost for track in tracks):
            found.append(Problem("silent holes", (lost / self.rate,)))
        broken = self._layout.cut or any(track.broken for track in tracks)
        have, promised = frames / self.rate, self._promised_s(frames, broken)
        if have < promised - self._slack_s(promised):
            found.append(Problem("ends early", (have, promised)))
        elif broken:
            found.append(Problem("ends early"))
        if not found and any(track.garbled for track in tracks):
            found.append(Problem("garbled"))
        if self._layout.unread:
            found.append(Problem("unread", (self._layout.unread,)))
        if self._track.names:
            found.append(Problem("other tracks", self._track.names))
        return tuple(found)

    def close(self) -> None:
        """Let the file go."""
        self._track.close()

    def _part(self, progress: Progress) -> Iterator[Samples]:
        """The samples of the track that is open."""
        try:
            for gap, frame in self._track.frames(progress):
                if self._convert is None:
                    self.rate = frame.sample_rate
                    self._convert = _Converter(frame)
                for at in range(0, gap, _SILENCE):
                    yield np.zeros((self._convert.channels, min(_SILENCE, gap - at)), np.float32)
                yield from self._convert(frame)
        except decode_errors() as error:  # a frame of an impossible form
            self._track.broken = True
            log.info("%s: %s", self._path, error)

    def _slack_s(self, promised: float) -> float:
        """How much less than `promised` may be delivered where nothing is missing."""
        layout = self._layout
        exact = layout.promised_s > 0 or layout.promised > layout.held
        return _ROUNDED_S + _PADDING / self.rate if exact else max(_ROUGH_S, _ROUGH * promised)

    def _promised_s(self, frames: int, broken: bool) -> float:
        """The length that the file states, in seconds; 0 where it states none, or only FFmpeg's guess is known."""
        layout = self._layout
        if layout.promised > layout.held > 0:
            return frames / self.rate * layout.promised / layout.held
        return layout.promised_s or self._track.stated_s(broken)


class _Converter:
    """Frames of any sample format, and of a form that may change on the way, to float32 in the form of the first."""

    def __init__(self, first: av.AudioFrame) -> None:
        self._layout, self._rate = first.layout, first.sample_rate
        self.channels = len(first.layout.channels)
        self._form: tuple[str, str, int] | None = None
        self._resampler: Any = None

    def __call__(self, frame: av.AudioFrame) -> Iterator[Samples]:
        from av import AudioResampler

        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if form != self._form:
            yield from self.rest()
            self._form, self._resampler = form, AudioResampler("flt", self._layout, self._rate)
        yield from self._arrays(frame)

    def rest(self) -> Iterator[Samples]:
        """What is still inside."""
        if self._resampler is not None:
            yield from self._arrays(None)

    def _arrays(self, frame: av.AudioFrame | None) -> Iterator[Samples]:
        for converted in self._resampler.resample(frame):
            if converted.samples:  # packed, since PyAV reads no planar frame of more than eight channels
                yield converted.to_ndarray().reshape(-1, len(converted.layout.channels)).T


def _contents(path: Path, layout: Layout) -> Sequence[SplicedFile | None]:
    """What is decoded one after the other in place of the file; None: the file itself."""
    if layout.parts:
        return [SplicedFile(path, [part]) for part in layout.parts]
    return [SplicedFile(path, layout.spans, layout.header) if layout.spliced else None]


def _tags(*sources: Any) -> Tags:
    tags: dict[str, str] = {}
    for source in sources:
        tags.update({key.lower(): value[:200] for key, value in source.items() if key.lower() in _TAGS})
    return MappingProxyType(tags)
