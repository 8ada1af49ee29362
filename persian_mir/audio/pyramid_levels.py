"""The waveform's pyramid: lowest, highest and mean-square sample of every 256, 1024, 4096, … samples.

So any stretch of a recording of hours is painted from a few thousand numbers. It lies on the disk, mapped into
memory: one float32 array `[3, bins]`, the levels side by side, finest first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio.decoder import Samples
from persian_mir.audio.source import AudioSource
from persian_mir.recording import Recording

Columns = tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]

BASE = 256  # samples a bin of the finest level
STEP = 4  # bins of a level that one bin of the next holds
_COARSEST = 512  # a level of so few bins needs none above it
_BINS_A_COLUMN = 4  # at least: a column's edges then lie within a quarter of it


class Pyramid:
    """Minimum and maximum over the channels, root mean square of all of them, at every zoom.

    One thread may add samples while others read: what is not in yet reads as 0.
    """

    def __init__(self, recording: Recording, bins: NDArray[np.float32] | None = None) -> None:
        """`bins` `[3, total_bins(frames)]` is where the levels lie, or will lie; without it, in memory, empty."""
        self.recording = recording
        self._counts = level_counts(recording.frames)
        self._bins = np.zeros((3, sum(self._counts)), np.float32) if bins is None else bins
        starts = np.cumsum([0, *self._counts[:-1]])
        self._levels = [self._bins[:, s : s + n] for s, n in zip(starts, self._counts, strict=True)]
        self._ready = [0] * len(self._counts)  # bins in, a level
        self.ready_frames = 0

    @property
    def complete(self) -> bool:
        """Whether all of the recording is in."""
        return self.ready_frames >= self.recording.frames

    @property
    def bins(self) -> NDArray[np.float32]:
        """All levels, `[3, total_bins(frames)]`."""
        return self._bins

    def mark_complete(self) -> None:
        """Say that the bins given to the constructor hold everything."""
        self._ready = list(self._counts)
        self.ready_frames = self.recording.frames

    def add(self, samples: Samples) -> None:
        """The next samples `[channels, n]`; n is a multiple of 256 but for the last ones of the recording."""
        count = -(-samples.shape[1] // BASE)
        at = self._ready[0]
        self._levels[0][:, at : at + count] = _bins(samples)
        self._ready[0] = at + count
        last = self.ready_frames + samples.shape[1] >= self.recording.frames
        for finer in range(len(self._levels) - 1):
            self._lift(finer, last)
        self.ready_frames += samples.shape[1]  # last: a reader that sees it finds the bins

    def peaks(self, start: float, stop: float, columns: int) -> Columns:
        """Minima, maxima and rms, float32 `[columns]` each, of equal columns over samples `start` to `stop`.

        A column takes every bin it touches, so it may reach a quarter of its width, or 256 samples, beyond its
        edges. Columns outside the recording, or not in yet, are 0. For columns under 256 samples see
        `waveform_columns`.
        """
        width = max((stop - start) / max(1, columns), 1e-9)
        level = max(0, min(len(self._levels) - 1, int(np.log(max(1.0, width / BASE / _BINS_A_COLUMN)) / np.log(STEP))))
        bins, ready = self._levels[level], self._ready[level]
        edges = (start + width * np.arange(columns + 1)) / (BASE * STEP**level)
        low = np.floor(edges[:-1]).astype(np.int64)
        high = np.maximum(np.ceil(edges[1:]).astype(np.int64), low + 1)
        return _reduce(bins[:, :ready], low, high)

    def _lift(self, finer: int, last: bool) -> None:
        """Fill the level above `finer` as far as that one goes; its last, partial bin only at the `last` samples."""
        ready, at = self._ready[finer], self._ready[finer + 1]
        stop = -(-ready // STEP) if last else ready // STEP
        if stop <= at:
            return
        below = self._levels[finer][:, at * STEP : min(stop * STEP, ready)]
        firsts = np.arange(0, below.shape[1], STEP)
        above = self._levels[finer + 1][:, at:stop]
        above[0] = np.minimum.reduceat(below[0], firsts)
        above[1] = np.maximum.reduceat(below[1], firsts)
        above[2] = np.add.reduceat(below[2], firsts) / np.diff(np.append(firsts, below.shape[1]))
        self._ready[finer + 1] = stop


def level_counts(frames: int) -> list[int]:
    """Bins of each level, finest first."""
    counts = [-(-frames // BASE)]
    while counts[-1] > _COARSEST:
        counts.append(-(-counts[-1] // STEP))
    return counts


def total_bins(frames: int) -> int:
    """Bins of all levels together."""
    return sum(level_counts(frames))


def waveform_columns(source: AudioSource | None, pyramid: Pyramid, start: float, stop: float, columns: int) -> Columns:
    """As `Pyramid.peaks`, but from the samples of `source` themselves where columns are finer than the pyramid."""
    width = max((stop - start) / max(1, columns), 1e-9)
    if source is None or width >= BASE:
        return pyramid.peaks(start, stop, columns)
    edges = start + width * np.arange(columns + 1)
    low = np.floor(edges[:-1]).astype(np.int64)
    high = np.maximum(np.ceil(edges[1:]).astype(np.int64), low + 1)
    first = max(0, int(low[0]))
    samples = source.read(first, int(high[-1]) - first)
    per_sample = np.stack([samples.min(axis=0), samples.max(axis=0), np.square(samples).mean(axis=0)])
    return _reduce(per_sample, low - first, high - first)


def _bins(samples: Samples) -> NDArray[np.float32]:
    """`[3, ceil(n / 256)]`: minimum, maximum and mean square of every 256 samples of `[channels, n]`."""
    whole = samples.shape[1] // BASE * BASE
    parts = [samples[:, :whole].reshape(len(samples), -1, BASE)] if whole else []
    if whole < samples.shape[1]:
        parts.append(samples[:, None, whole:])
    return np.concatenate(
        [
            np.stack(
                [
                    part.min(axis=2).min(axis=0),
                    part.max(axis=2).max(axis=0),
                    np.einsum("cbn,cbn->b", part, part) / (part.shape[0] * part.shape[2]),
                ]
            )
            for part in parts
        ],
        axis=1,
    )


def _reduce(bins: NDArray[np.float32], low: NDArray[np.int64], high: NDArray[np.int64]) -> Columns:
    """Minimum, maximum and rms of bins `low` up to `high` (both ascending), 0 where there are none."""
    minima, maxima, rms = np.zeros((3, len(low)), np.float32)
    low, high = np.maximum(low, 0), np.minimum(high, bins.shape[1])
    some = np.flatnonzero(low < high)
    if some.size:
        low, high = low[some], high[some]
        first, last = int(low[0]), int(high[-1])
        near = np.concatenate([bins[:, first:last], np.zeros((3, 1), np.float32)], axis=1)  # reduceat ends before it
        pairs = np.column_stack([low, high]).ravel() - first
        minima[some] = np.minimum.reduceat(near[0], pairs)[::2]
        maxima[some] = np.maximum.reduceat(near[1], pairs)[::2]
        rms[some] = np.sqrt(np.add.reduceat(near[2], pairs)[::2] / (high - low))
    return minima, maxima, rms
