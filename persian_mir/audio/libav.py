"""Decoding by FFmpeg's libraries: MP3, AAC, WMA, the sound of videos, and whatever libsndfile refuses."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from persian_mir.audio.checks import not_sound
from persian_mir.audio.decoder import Problem, Samples, Tags
from persian_mir.progress import Progress

if TYPE_CHECKING:
    import av

log = logging.getLogger(__name__)

# Containers of sound and video only: a playlist would open further files, or addresses.
_FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,eac3,flac,flv,loas,matroska,mov,mp3,mpeg,mpegts,mpc,mpc8,ogg,oma,rm,"
    "tak,tta,voc,w64,wav,wv"
)
_XING_WITHIN = 1 << 20  # bytes in which an MP3 states its length, if at all: after the tags with their pictures
_MOST_BAD = 100  # undecodable packets in a row that are given up on
_LONGEST_HOLE_S = 60  # in a file that does not say how long it is: more is a number that was damaged
_TAGS = ("title", "artist", "album", "date", "genre", "track", "comment")


class LibavStream:
    """The first sound track of a file, decoded from beginning to end."""

    def __init__(self, path: Path) -> None:
        """Raises AudioError where FFmpeg knows no sound track in it."""
        import av

        self._path = path
        self._size = max(1, path.stat().st_size)
        options = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
        try:
            self._container = av.open(f"file:{path.absolute()}", metadata_errors="replace", options=options)
        except (av.FFmpegError, ValueError, OSError) as error:
            raise not_sound(path) from error
        tracks = [track for track in self._container.streams.audio if track.codec_context is not None]
        if not tracks:
            self.close()
            raise not_sound(path)
        self._track = tracks[0]
        self.name = f"PyAV {version('av')}"
        self.format = f"{self._container.format.name.split(',')[0]} {self._track.codec_context.name}"
        self.tags = _tags(self._container.metadata, self._track.metadata)
        self.rate = self._track.codec_context.sample_rate
        self._bad = 0  # packets that could not be decoded since the last good one
        self._holes = False
        # FLAC numbers its frames, so that what follows a hole stays in its place.
        self._numbered = bool(self._container.format.name == "flac")

    def stream(self, progress: Progress) -> Iterator[Samples]:
        """All samples, float32 `[channels, n]` at a time, at the rate and channels of the first of them."""
        convert: _Converter | None = None
        at = 0
        try:
            for frame in self._frames(progress):
                if convert is None:
                    self.rate = frame.sample_rate
                    convert = _Converter(frame)
                gap = self._gap(frame, at)
                if gap is None:
                    continue
                if gap:
                    yield np.zeros((len(frame.layout.channels), gap), np.float32)
                at += gap + frame.samples
                yield from convert(frame)
            if convert is not None:
                yield from convert.rest()
        except _decode_errors() as error:  # a frame of an impossible form
            self._bad += 1
            log.info("%s: %s", self._path, error)

    def found(self, frames: int) -> tuple[Problem, ...]:
        """What is wrong with the file, `frames` having been delivered."""
        found: list[Problem] = []
        if self._holes:
            found.append("silent holes" if self._numbered else "has holes")
        duration = self._container.duration
        short = duration and self._states_length() and frames / self.rate < 0.98 * duration / 1e6 - 0.5
        if short or self._bad:
            found.append("ends early")
        return tuple(found)

    def close(self) -> None:
        """Let the file go."""
        self._container.close()

    def _gap(self, frame: av.AudioFrame, at: int) -> int | None:
        """Missing samples before `frame`, when `at` samples were delivered; None where nobody knows its place."""
        if not self._numbered:
            return 0
        if frame.pts is None or frame.time_base is None:
            self._holes = True
            return None
        place: int = round(frame.pts * frame.time_base * self.rate)
        if not at <= place <= self._limit(at):
            self._holes = True
            return None
        self._holes = self._holes or place > at
        return place - at

    def _limit(self, at: int) -> int:
        """Where the sound ends as the file says; a recorder that crashed did not write it."""
        duration = self._container.duration
        limit: int = round(duration / 1e6 * self.rate) if duration else at + _LONGEST_HOLE_S * self.rate
        return limit

    def _frames(self, progress: Progress) -> Iterator[av.AudioFrame]:
        for packet in self._packets(progress):
            try:
                frames = self._track.codec_context.decode(packet)
            except _decode_errors() as error:
                self._bad += 1
                log.info("%s: %s", self._path, error)
                if self._bad > _MOST_BAD:
                    return
                continue
            if frames:
                self._holes, self._bad = self._holes or self._bad > 0, 0
            yield from frames

    def _packets(self, progress: Progress) -> Iterator[Any]:
        packets = self._container.demux(self._track)
        while True:
            try:
                packet = next(packets, None)
            except _decode_errors() as error:  # the container ends here
                log.info("%s: %s", self._path, error)
                self._bad += 1
                yield None  # what the decoder still holds
                return
            if packet is None:
                return
            if packet.pos:
                progress.step(min(1.0, packet.pos / self._size))
            yield packet

    def _states_length(self) -> bool:
        """Whether the duration is written in the file: for a bare MP3 it is only estimated."""
        if self._container.format.name in ("mp3", "aac", "loas"):
            with self._path.open("rb") as file:
                head = file.read(_XING_WITHIN)
            return b"Xing" in head or b"Info" in head
        return True


def _decode_errors() -> tuple[type[Exception], ...]:
    import av

    return (av.FFmpegError, OSError, ValueError)


class _Converter:
    """Frames of any sample format, and of a form that may change on the way, to float32 in the form of the first."""

    def __init__(self, first: av.AudioFrame) -> None:
        self._layout, self._rate = first.layout, first.sample_rate
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


def _tags(*sources: Any) -> Tags:
    tags: dict[str, str] = {}
    for source in sources:
        tags.update({key.lower(): value[:200] for key, value in source.items() if key.lower() in _TAGS})
    return MappingProxyType(tags)
