"""From several channels to one: the mean, unless they cancel, or some of them hold no music."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio.decoder import Problem, Samples

Floats = NDArray[np.float64]

FRAME_S = 2.0  # mains and their harmonics are then told from the notes between them
HEARD_HZ = 60.0, 8000.0  # where music is looked for: not in rumble, nor in hiss
MAINS_HZ = 50.0, 60.0
MAINS_WIDTH_HZ = 2.0
LEAST_SHARE = 1e-3  # -30 dB: with so little of the loudest channel's music one adds nothing but its noise
OPPOSED = -0.5  # correlation from which two channels lose more by being added than by being subtracted
FORGETTING = 0.9  # of what was heard of live sound, every frame


@dataclass(frozen=True, slots=True, eq=False)
class Mixdown:
    """How channels become one: `weights` and the constants to take from each, float32 [channels]; None: their mean."""

    weights: Samples | None = None
    offsets: Samples = field(default_factory=lambda: np.zeros(0, np.float32))
    problems: tuple[Problem, ...] = ()

    @property
    def is_mean(self) -> bool:
        """Whether all channels count alike, and nothing is taken from them."""
        return self.weights is None

    def mono(self, block: Samples) -> Samples:
        """float32 [channels, n] as [n]."""
        if self.weights is None:
            return np.asarray(block.mean(axis=0), np.float32)
        return np.asarray(self.weights @ (block - self.offsets[:, None]), np.float32)


PLAIN = Mixdown()


def find_mixdown(excerpts: Samples, levels: Samples, rate: int) -> Mixdown:
    """How the channels of `excerpts`, float32 [excerpts, channels, n] at `rate` Hz, are best mixed.

    `levels`: the highest of each channel, float32 [channels].
    """
    offsets = np.median(excerpts.mean(axis=2), axis=0)
    # One that is small beside the sound changes nothing of what is heard, nor of its level.
    offsets = np.where(np.abs(offsets) > np.maximum(0.3 * levels, 1e-3), offsets, 0.0)
    signs = _signs(cross_power(excerpts, rate)) if excerpts.shape[1] > 1 else np.ones(1)
    problems = tuple(_problems(signs, offsets))
    if not problems:
        return PLAIN
    weights = signs / max(np.abs(signs).sum(), 1.0)
    return Mixdown(weights.astype(np.float32), offsets.astype(np.float32), problems)


def cross_power(excerpts: Samples, rate: int) -> Floats:
    """The power that each two channels share where music may be and mains are not, float64 [channels, channels]."""
    count = excerpts.shape[2]
    hz = np.fft.rfftfreq(count, 1 / rate)
    heard = (hz >= HEARD_HZ[0]) & (hz <= HEARD_HZ[1])
    for mains in MAINS_HZ:
        heard &= np.abs((hz + mains / 2) % mains - mains / 2) > MAINS_WIDTH_HZ
    window, shared = np.hanning(count).astype(np.float32), np.zeros((excerpts.shape[1],) * 2)
    for excerpt in excerpts:  # one by one they stay in the processor's cache
        spectra = np.fft.rfft(excerpt * window)[:, heard]
        shared += (spectra @ spectra.conj().T).real
    return shared


def _signs(shared: Floats) -> Floats:
    """1 for a channel to be added, -1 for one to be subtracted, 0 for one that holds no music; float64 [channels]."""
    power = np.diag(shared)
    loudest = int(np.argmax(power))
    if power[loudest] <= 0:
        return np.ones(len(power))
    alive = power > LEAST_SHARE * power[loudest]
    correlation = shared[loudest] / np.sqrt(np.maximum(power, 1e-30) * power[loudest])
    return np.where(alive, np.where(correlation < OPPOSED, -1.0, 1.0), 0.0)


def _problems(signs: Floats, offsets: Floats) -> list[Problem]:
    found = []
    if (signs < 0).any():
        found.append(Problem("opposed phase"))
    if empty := [str(k + 1) for k in np.flatnonzero(signs == 0)]:
        found.append(Problem("empty channel", tuple(empty)))
    if offsets.any():
        found.append(Problem("offset", (float(np.abs(offsets).max()),)))
    return found


class LiveMixer:
    """The same for sound as it comes in, judged by its past alone. Feed it blocks of the same channels."""

    def __init__(self, rate: int) -> None:
        self._rate, self._frame = rate, max(1, round(FRAME_S * rate))
        self._waiting: list[Samples] = []
        self._shared: Floats | None = None
        self._signs: Floats | None = None

    def push(self, block: Samples) -> Samples:
        """float32 [channels, n] as [n]."""
        if len(block) > 1:
            self._hear(block)
        if self._signs is None or (self._signs == 1).all():
            return PLAIN.mono(block)
        return np.asarray((self._signs / np.abs(self._signs).sum()).astype(np.float32) @ block, np.float32)

    def _hear(self, block: Samples) -> None:
        self._waiting.append(block.copy())
        if sum(piece.shape[1] for piece in self._waiting) < self._frame:
            return
        shared = cross_power(np.concatenate(self._waiting, axis=1)[None], self._rate)
        self._waiting.clear()
        self._shared = shared if self._shared is None else FORGETTING * self._shared + shared
        self._signs = _signs(self._shared)
