"""Where notes are struck anew: rises of the spectrum, which a pitch track alone does not show where a note repeats.

After S. Böck and G. Widmer, "Maximum filter vibrato suppression for onset detection" (DAFx 2013): a rise counts only
over the loudest of the neighbouring bins shortly before, so that vibrato and glides are none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persian_mir.modal.level import Leveller
from persian_mir.modal.pitch import BLOCK_S, RATE, clean

if TYPE_CHECKING:
    from persian_mir.audio import AudioSource

HOP, WINDOW = 128, 512  # samples at 16 kHz: 8 and 32 ms
LAG = 2  # hops that a rise is measured over
COMPRESSION = 100.0  # of magnitudes before their logarithm
# On synthesised setar, tar and santoor 99 % of the strokes and nothing else at any limit from 0.05 to 0.2.
LEAST_RISE = 0.1  # over the mean of its surroundings
NEAR, AROUND = 4, 12  # hops to either side: within which the highest is taken, over which the mean is

Floats = NDArray[np.float32]


def find_onsets(source: AudioSource) -> NDArray[np.float64]:
    """Seconds at which something is struck, ascending. Memory is bounded by blocks."""
    from persian_mir.audio.resample import mono_blocks

    return onsets_of(mono_blocks(source, RATE, BLOCK_S))


def onsets_of(blocks: Iterable[Floats]) -> NDArray[np.float64]:
    """The same of consecutive pieces of one channel at 16 kHz."""
    from scipy.ndimage import maximum_filter1d, uniform_filter1d

    rises = np.concatenate([np.zeros(0), *_rises(blocks)])
    highest = maximum_filter1d(rises, 2 * NEAR + 1, mode="nearest") if len(rises) else rises
    mean = uniform_filter1d(rises, 2 * AROUND + 1, mode="nearest") if len(rises) else rises
    struck = np.flatnonzero((rises == highest) & (rises > mean + LEAST_RISE))
    return struck.astype(np.float64) * (HOP / RATE)


def _rises(blocks: Iterable[Floats]) -> Iterable[NDArray[np.float64]]:
    """Mean rise of the bins, hop by hop; hop k lies at k * HOP samples."""
    from scipy.ndimage import maximum_filter1d

    level = Leveller(RATE)
    waiting = np.zeros(WINDOW // 2, np.float32)
    before = np.zeros((LAG, WINDOW // 2 + 1))
    for block in (*blocks, None):
        sound = np.zeros(WINDOW // 2, np.float32) if block is None else level.push(clean(block))
        waiting = np.concatenate([waiting, sound])
        hops = max(0, (len(waiting) - WINDOW) // HOP + 1)
        if not hops:
            continue
        frames = np.lib.stride_tricks.sliding_window_view(waiting, WINDOW)[: hops * HOP : HOP]
        waiting = waiting[hops * HOP :]
        loud = np.log1p(COMPRESSION * np.abs(np.fft.rfft(frames * np.hanning(WINDOW), axis=1)))
        both = np.concatenate([before, loud])
        before = both[-LAG:]
        yield np.maximum(both[LAG:] - maximum_filter1d(both[:-LAG], 3, axis=1), 0.0).mean(axis=1)
