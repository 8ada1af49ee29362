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

Floats = NDArray[np.float32]
BLOCK = 8192  # source frames decoded at a time, at most


@dataclass(frozen=True, slots=True)
class Plan:
    """Play `recording` from sample `at`, within `start` up to `stop`, where looping goes back to `start`."""

    recording: Recording
    at: int
    start: int
    stop: int

    def heard(self, played: float) -> int:
        """The source sample that comes `played` source samples after the first one, however often it looped."""
        sample = self.at + int(played)
        return sample if sample < self.stop else self.start + (sample - self.start) % (self.stop - self.start)


class Feed:
    """The samples of a plan, one after another, in the rate and the channels of the sound card.

    `looping` is asked whenever the end is near, so that it may be switched while playing.
    """

    def __init__(self, source: AudioSource, plan: Plan, rate: int, channels: int, looping: Callable[[], bool]) -> None:
        self._source, self._plan, self._looping = source, plan, looping
        self._channels = channels
        self._at = plan.at
        self._block = max(1, min(BLOCK, plan.recording.rate // 4))
        short = plan.stop - plan.start <= self._block
        self._short = source.read(plan.start, plan.stop - plan.start) if short else None
        self._resampler = _resampler(plan.recording.rate, rate, channels)
        self.most = 1024 + 2 * self._block * rate // plan.recording.rate  # frames that `next` may give
        self.ended = False

    def next(self) -> Floats:
        """The next frames, `[n, channels]`, at most about a block. After the last ones `ended` is true."""
        block = self._read()
        self.ended = self._at >= self._plan.stop
        frames = mixed(block, self._channels)
        if self._resampler is None:
            return frames
        return np.asarray(self._resampler.resample_chunk(frames, last=self.ended), np.float32)

    def _read(self) -> Floats:
        plan, at, looping = self._plan, self._at, self._looping()
        if looping and self._short is not None:  # the whole loop is shorter than a block
            places = (at - plan.start + np.arange(self._block)) % (plan.stop - plan.start)
            self._at = plan.start + (at - plan.start + self._block) % (plan.stop - plan.start)
            return np.asarray(self._short[:, places], np.float32)
        count = min(self._block, plan.stop - at)
        block = self._source.read(at, count)
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
