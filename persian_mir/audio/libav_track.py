"""One sound track, frame by frame, as FFmpeg's libraries decode it; and what they complain of on the way."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from persian_mir.audio.byte_spans import SplicedFile
from persian_mir.audio.checks import check_form, not_sound
from persian_mir.audio.layout import Layout
from persian_mir.progress import Progress

if TYPE_CHECKING:
    import av

log = logging.getLogger(__name__)

# Containers of sound and video only: a playlist would open further files, or addresses.
_FORMATS = (
    "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,eac3,flac,flv,loas,matroska,mov,mp3,mpeg,mpegts,mpc,mpc8,ogg,oma,rm,"
    "tak,tta,voc,w64,wav,wv"
)
_UNTIMED = ("mp3", "aac", "loas", "ac3", "eac3", "amr")  # their times are counted from what could be decoded
_MOST_BAD = 100  # undecodable packets in a row that are given up on
_JITTER_S = 0.02  # times in a file are rounded, often to milliseconds
_CLOCK = re.compile(r"(\d{1,4}):(\d\d):(\d\d(?:\.\d+)?)")
_DENSEST = 20  # lost sound is at most so much longer than what was found: more is a number that was damaged


class LibavTrack:
    """The default sound track of a file. Raises AudioError where FFmpeg knows none in it."""

    def __init__(self, path: Path, content: SplicedFile | None, layout: Layout) -> None:
        """`content`, if there is any, is read in place of the file at `path`, of which `layout` tells."""
        import av

        _listen()
        self._path, self._content, self._layout = path, content, layout
        self._size = max(1, path.stat().st_size)
        options = {"format_whitelist": _FORMATS, "protocol_whitelist": "file"}
        source = content or f"file:{path.absolute()}"
        try:
            self.container = av.open(source, metadata_errors="replace", options=options)
        except (av.FFmpegError, ValueError, OSError) as error:
            if content is not None:
                content.close()
            raise not_sound(path) from error
        tracks = [track for track in self.container.streams.audio if track.codec_context is not None]
        if not tracks:
            self.close()
            raise not_sound(path)
        self.stream = next((track for track in tracks if track.disposition & track.disposition.default), tracks[0])
        self.names = tuple(_track_name(track) for track in (self.stream, *tracks) if len(tracks) > 1)
        self.names = self.names[:1] + tuple(name for name in self.names[1:] if name != self.names[0])
        self.codec = self.stream.codec_context
        self.codec.thread_type = "NONE"  # complaints are heard on the thread that decodes
        self.format = self.container.format.name.split(",")[0]
        self._numbered = self.format == "flac"  # its frames say which they are
        check_form(path, self.codec.sample_rate, self.codec.channels)
        self.broken = False  # it ended where it should not
        self.lost = 0  # samples for which silence stands
        self.holes = False  # something was lost, and nobody knows how much
        self.garbled = False
        self._bad = 0  # packets that could not be decoded since the last good one
        self._doubt = False  # something was wrong since the last good frame
        self._real = 0

    def frames(self, progress: Progress) -> Iterator[tuple[int, av.AudioFrame]]:
        """The frames that can be decoded, each with the number of samples that are missing before it."""
        at, first = 0, 0.0 if self._numbered else None
        for packet in self._packets(progress):
            for frame in self._decoded(packet):
                check_form(self._path, frame.sample_rate, len(frame.layout.channels))
                place = self._place(frame)
                if first is None and place is not None:  # what is lost at the beginning is lost, too
                    first = min(0.0, place) if self._doubt or self._layout.damaged else place
                gap: int | None = None if self._numbered else 0
                if place is not None and first is not None:
                    gap = self._gap(round((place - first) * frame.sample_rate) - at, frame)
                if gap is None:
                    self._doubt = True
                    continue
                self.lost += gap
                self._real += frame.samples
                at += gap + frame.samples
                self._bad, self._doubt = 0, False
                yield gap, frame
        self.broken = self._doubt

    def indexed_s(self) -> float:
        """The length by the index of the track, in seconds; 0 where there is none.

        In ASF it is that of the header: FFmpeg estimates it from the size of the file where tags have changed that.
        """
        if self.format == "asf":
            return math.floor(self._layout.promised_s * 1000 + 0.001) / 1000
        known = self.stream.duration and self.stream.time_base and self.format not in _UNTIMED
        return float(self.stream.duration * self.stream.time_base) if known else 0.0

    def stated_s(self, broken: bool) -> float:
        """The length by the container, in seconds; 0 where that would be estimated.

        The length of a video is that of its pictures, and says little unless it is `broken`.
        """
        if self.format in (*_UNTIMED, "mpegts", "mpeg", "ogg"):
            return 0.0
        if indexed := self.indexed_s():
            return indexed
        if told := _CLOCK.fullmatch(self.stream.metadata.get("DURATION", "")):  # in Matroska
            return int(told[1]) * 3600 + int(told[2]) * 60 + float(told[3])
        alone = len(self.container.streams) == 1
        return self.container.duration / 1e6 if (alone or broken) and self.container.duration else 0.0

    def close(self) -> None:
        """Let the file go."""
        self.container.close()
        if self._content is not None:
            self._content.close()

    def _place(self, frame: av.AudioFrame) -> float | None:
        """The time of `frame` in seconds, where the file states one."""
        timed = frame.pts is not None and frame.time_base is not None and self.format not in _UNTIMED
        return float(frame.pts * frame.time_base) if timed else None

    def _gap(self, missing: int, frame: av.AudioFrame) -> int | None:
        """The samples to stand for what is lost before `frame`, by its time; None where its time is impossible.

        FLAC numbers its frames. What other files say of time is believed only where something was wrong as well:
        pauses of a recorder, and joined files, have gaps too.
        """
        if missing == 0 or not (self._numbered or self._doubt or self._layout.damaged):
            self.garbled = self.garbled or self._doubt
            return 0
        reach = max(self._size, _DENSEST * self._real) - self.lost
        impossible = missing < 0 or missing > reach or 0 < self._layout.most_frames < self._real + self.lost + missing
        if self._numbered:
            return None if impossible else missing
        if abs(missing) <= _JITTER_S * frame.sample_rate:
            self.garbled = self.garbled or self._doubt
            return 0
        self.holes = self.holes or bool(impossible)
        return 0 if impossible else missing

    def _decoded(self, packet: Any) -> list[av.AudioFrame]:
        """What `packet` (None: the end) holds; nothing where it cannot be decoded."""
        try:
            frames: list[av.AudioFrame] = self._heard(lambda: self.codec.decode(packet))
        except decode_errors() as error:
            self._bad += 1
            self._doubt = True
            log.info("%s: %s", self._path, error)
            return []
        if self._doubt and frames and self.format in _UNTIMED:
            self.holes = True
        return frames

    def _packets(self, progress: Progress) -> Iterator[Any]:
        packets = self.container.demux(self.stream)
        while self._bad <= _MOST_BAD:
            try:
                packet = self._heard(lambda: next(packets, None))
            except decode_errors() as error:  # the container ends here
                log.info("%s: %s", self._path, error)
                self._doubt = True
                yield None  # what the decoder still holds
                return
            if packet is None:
                return
            self._doubt = self._doubt or packet.is_corrupt
            if packet.pos:
                progress.step(min(1.0, packet.pos / self._size))
            yield packet

    def _heard(self, work: Callable[[], Any]) -> Any:
        """What `work` returns; an error that the libraries only write to their log raises a doubt."""
        from av.logging import Capture

        with Capture() as told:
            result = work()
        if told:
            log.info("%s: %s", self._path, told[0][2].strip())
            self._doubt = True
        return result


def decode_errors() -> tuple[type[Exception], ...]:
    """What PyAV raises for damaged content."""
    import av

    return (av.FFmpegError, OSError, ValueError)


def _listen() -> None:
    """Have errors handed to `Capture`, each of them, and none written to the terminal."""
    import av.logging

    logging.getLogger("libav").setLevel(logging.CRITICAL + 1)
    av.logging.set_level(av.logging.ERROR)
    av.logging.set_skip_repeated(False)


def _track_name(track: Any) -> str:
    """`2 (fas, Commentary)`."""
    said = (track.metadata.get("language", ""), track.metadata.get("title", track.metadata.get("handler_name", "")))
    known = ", ".join(word[:60] for word in said if word and word != "und" and word != "SoundHandler")
    return f"{track.index} ({known})" if known else str(track.index)
