"""The condition that a recording is in, told by excerpts from all of it: how to mix it, mains hum, clipping, level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from persian_mir.audio.channels import FRAME_S, PLAIN, Mixdown, find_mixdown
from persian_mir.audio.decoder import Problem, Samples
from persian_mir.audio.hum import VERSION as HUM_VERSION
from persian_mir.audio.hum import Hum, find_hum
from persian_mir.errors import AudioError
from persian_mir.recording import Recording

Read = Callable[[int, int], Samples]  # first sample and how many: float32 [channels, n]

EXCERPTS = 16  # of 2 s each, evenly spaced
QUIET_DB = -45.0  # root mean square of the loudest excerpt, below which people are told
CLIPPED = 1e-3  # share of samples that stay at the highest value of their channel
LEAST_PEAK = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """`hum`: what the pitch model must not hear. `problems` are remarks on all of it, the mixdown's included."""

    mixdown: Mixdown = PLAIN
    hum: Hum | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def heard_otherwise(self) -> str:
        """Empty where the pitch model hears the plain mean of the channels; else a word for the names of caches."""
        mixed = "" if self.mixdown.weights is None else "-mixed"
        return mixed if self.hum is None else f"{mixed}-unhummed{HUM_VERSION}"


def examine(recording: Recording, read: Read) -> Condition:
    """Listen to excerpts of a recording. One that cannot be read is in the plain condition: reading it will tell."""
    try:
        excerpts = take_excerpts(recording, read)
    except AudioError:
        return Condition()
    levels = excerpts.std(axis=2)
    mixdown = find_mixdown(excerpts, levels.max(axis=0), recording.rate)
    hum = find_hum(np.stack([mixdown.mono(excerpt) for excerpt in excerpts]), recording.rate)
    problems = [*mixdown.problems]
    if hum is not None:
        problems.append(Problem("hum", (hum.hz,)))
    if is_clipped(excerpts):
        problems.append(Problem("clipped"))
    level = float(levels.max())
    if 0 < level < 10 ** (QUIET_DB / 20):
        problems.append(Problem("quiet", (20 * float(np.log10(level)),)))
    return Condition(mixdown, hum, tuple(problems))


def mixdown_of(recording: Recording, read: Read) -> Mixdown:
    """How its channels are mixed, and no more of what `examine` finds."""
    try:
        excerpts = take_excerpts(recording, read)
    except AudioError:
        return PLAIN
    return find_mixdown(excerpts, excerpts.std(axis=2).max(axis=0), recording.rate)


def take_excerpts(recording: Recording, read: Read) -> Samples:
    """float32 [excerpts, channels, n]; fewer, but at least one, of a recording too short for all."""
    length = min(recording.frames, round(FRAME_S * recording.rate))
    count = max(1, min(EXCERPTS, recording.frames // max(length, 1)))
    starts = np.linspace(0, recording.frames - length, count).round().astype(np.int64)
    return np.stack([read(int(start), length) for start in starts])


def is_clipped(excerpts: Samples) -> bool:
    """Whether many samples of one channel are one of three alike at its highest value."""
    top = np.maximum(excerpts.max(axis=(0, 2)), -excerpts.min(axis=(0, 2)))[:, None]
    least = np.maximum(0.999 * top, LEAST_PEAK)
    at_top = ((excerpts >= least) | (excerpts <= -least))[:, :, 1:-1]
    if not at_top.size or at_top.mean(axis=(0, 2)).max() <= CLIPPED:
        return False
    alike = np.diff(excerpts, axis=2) == 0
    stays = at_top & alike[:, :, 1:] & alike[:, :, :-1]
    return bool(stays.mean(axis=(0, 2)).max() > CLIPPED)
