"""Which frames are hidden, and what is laid over a clip; by the chance of one clip, whoever computes it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

LEAST_SPANS = 2
PIECES, PIECE_S = 3, (0.5, 1.0)  # of other clips, at most, and how long they are


def hidden_frames(frames: int, share: float, span: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """bool [frames]: spans that would hide `share` of them if none overlapped, at least two; never all."""
    span = min(span, max(frames // 4, 1))
    count = max(int(share * frames / span + rng.random()), LEAST_SPANS)
    starts = rng.choice(frames - span + 1, min(count, frames - span), replace=False)
    hidden = np.zeros(frames, bool)
    for start in starts:
        hidden[start : start + span] = True
    if hidden.all():
        hidden[int(rng.integers(frames))] = False
    return hidden


def mixed(clips: Samples, number: int, likely: float, rate: int, rng: np.random.Generator) -> Samples:
    """Clip `number` of `clips` [clips, samples], now and then with one to three pieces of the others laid over it."""
    sound: Samples = clips[number].copy()
    if len(clips) < 2 or rng.random() >= likely:
        return sound
    for _piece in range(int(rng.integers(1, PIECES + 1))):
        other = clips[(number + int(rng.integers(1, len(clips)))) % len(clips)]
        length = min(round(rng.uniform(*PIECE_S) * rate), len(sound))
        start, place = (int(rng.integers(len(sound) - length + 1)) for _end in range(2))
        sound[place : place + length] += other[start : start + length]
    return sound
