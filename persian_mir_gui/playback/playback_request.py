"""What is to be played, and the samples of it in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio import AudioSource
from persian_mir.errors import AudioError
from persian_mir.i18n import _
from persian_mir.recording import Recording
from persian_mir_gui.playback.tempo import Tempo
from persian_mir_gui.playback.voice import Voice

Floats = NDArray[np.float32]
BLOCK = 8192  # source frames decoded at a time, at most


@dataclass(frozen=True, slots=True)
class Plan:
    """Play `recording` from sample `at` up to `stop`, where looping goes back to `start`, unless it never `repeats`.

    `at` may lie before `start`: a loop is run into.
    """

    recording: Recording
    at: int
    start: int
    stop: int
    repeats: bool = True

    def heard(self, played: float) -> int:
        """The source sample that comes `played` source samples after the first one, however often it looped."""
        sample = self.at + int(played)
        return sample if sample < self.stop else self.start + (sample - self.start) % (self.stop - self.start)

    def laps(self, played: float) -> int:
        """How often the end was passed by then."""
        return max(0, (self.at + int(played) - self.start) // (self.stop - self.start))


@dataclass(frozen=True, slots=True)
class Pace:
    """From the card's frame `frame` on, `progress` source samples after the plan's first one, so many times as fast."""

    frame: int
    progress: float
    speed: float

    def reached(self, frame: float, ratio: float) -> float:
        """Source samples after the plan's first one. `ratio`: source samples a frame at full speed."""
        return self.progress + (frame - self.frame) * ratio * self.speed


class Feed:
    """The samples of a plan, one after another, in the rate and the channels of the sound card, at a speed.

    `looping` is asked whenever the end is near, so that it may be switched while playing. `after`: frames, [n,
    channels], that would have come next from another feed; this one takes over from it without a click. `voice`: notes
    that sound with the recording.
    """

    def __init__(
        self,
        source: AudioSource,
        plan: Plan,
        rate: int,
        channels: int,
        looping: Callable[[], bool],
        speed: float = 1.0,
        after: Floats | None = None,
        voice: Voice | None = None,
    ) -> None:
        self._source, self._plan, self._looping, self.voice = source, plan, looping, voice
        self._channels, self.speed = channels, speed
        self._at = plan.at
        self._after, self._blended = after, 0
        # So that a block is as long, when it is heard, at any speed below 1.
        self._block = max(1, round(min(BLOCK, plan.recording.rate // 4) * min(1.0, speed)))
        self._tempo = None if speed == 1.0 else self._begun(Tempo(plan.recording.rate, channels, speed))
        short = plan.stop - plan.start <= self._block
        self._short = self._sound(plan.start, plan.stop - plan.start) if short else None
        self._resampler = _resampler(plan.recording.rate, rate, channels)
        # Frames that `next` may give.
        self.most = 1024 + round(2 * self._block / speed * rate / plan.recording.rate)
        self._ready = np.zeros((0, channels), np.float32)  # the filter gives nothing for a while, then much
        self._last = False  # whether all has been read
        self.ended = False

    def next(self) -> Floats:
        """The next frames, `[n, channels]`, at most about a block. After the last ones `ended` is true."""
        if not len(self._ready):
            self._ready = self._made()
        frames, self._ready = self._ready[: self.most], self._ready[self.most :]
        self.ended = self._last and not len(self._ready)
        return frames if self._after is None else self._blend(frames, self._after)

    def _made(self) -> Floats:
        block = self._read()
        self._last = self._at >= self._plan.stop
        frames = mixed(block, self._channels)
        if self._tempo is not None:
            frames = self._tempo.stretch(frames, self._last)
        if self._resampler is not None:
            frames = np.asarray(self._resampler.resample_chunk(frames, last=self._last), np.float32)
        return frames

    def _begun(self, tempo: Tempo) -> Tempo:
        """What sounded just before, where it did; silence where playing begins."""
        before = np.zeros((tempo.lead, self._channels), np.float32)
        count = min(tempo.lead, self._plan.at)
        if self._after is not None and count:
            before[-count:] = mixed(self._sound(self._plan.at - count, count), self._channels)
        tempo.begin(before)
        return tempo

    def _blend(self, frames: Floats, after: Floats) -> Floats:
        count = min(len(frames), len(after) - self._blended)
        old = after[self._blended : self._blended + count]
        weight = ((self._blended + np.arange(count, dtype=np.float32)) / max(1, len(after)))[:, None]
        self._blended += count
        return np.concatenate([old + weight * (frames[:count] - old), frames[count:]])

    def _sound(self, at: int, count: int) -> Floats:
        block = self._source.read(at, count)
        return block if self.voice is None else self.voice.beside(block, at)

    def _read(self) -> Floats:
        plan, at = self._plan, self._at
        looping = plan.repeats and self._looping()
        if looping and self._short is not None and at >= plan.start:  # the whole loop is shorter than a block
            places = (at - plan.start + np.arange(self._block)) % (plan.stop - plan.start)
            self._at = plan.start + (at - plan.start + self._block) % (plan.stop - plan.start)
            return np.asarray(self._short[:, places], np.float32)
        count = min(self._block, plan.stop - at)
        block = self._sound(at, count)
        if block.shape[1] < count:
            what = _("The recording cannot be read any further.")
            raise AudioError(what, path=plan.recording.path, cure=_("Close it and open it again."))
        self._at = at + count
        if self._at >= plan.stop and looping:
            self._at = plan.start
        return block


def mixed(block: Floats, channels: int) -> Floats:
    """`[channels of the recording, n]` as `[n, channels]` of the sound card (one or two).

    Mono goes to both sides. Of more than two channels the first two keep their sides and the others go to both, half
    as loud; the sum is scaled so that it cannot clip.
    """
    count = len(block)
    if count > 2:
        rest = 0.5 * block[2:].sum(axis=0)
        block = (block[:2] + rest) / np.float32(1 + 0.5 * (count - 2))
    if channels == 1:
        return np.ascontiguousarray(block.mean(axis=0, keepdims=True).T, np.float32)
    return np.ascontiguousarray(np.broadcast_to(block, (2, block.shape[1])).T, np.float32)


def _resampler(rate_in: int, rate_out: int, channels: int) -> Any:
    if rate_in == rate_out:
        return None
    import soxr

    return soxr.ResampleStream(rate_in, rate_out, channels, dtype="float32", quality="HQ")
