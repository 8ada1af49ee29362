"""Views of a recording: as it would sound from another room, microphone, tape or file. What a probe learns from several
of them is less the player's room and more the sound itself (data augmentation).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from persian_mir.audio.mono_source import MonoSource
from persian_mir.audio.resample import resample
from persian_mir.examples.room import Signal, room
from persian_mir.recording import Recording
from trainer.features.codecs import CODECS, available, coded
from trainer.features.segments import Floats

VERSION = 1  # of what a view does to a sound; another one is kept under another name
LOWEST_HZ, KNOBS = 62.5, 9  # of the equaliser: a knob an octave, up to 16 kHz


@dataclass(frozen=True, slots=True)
class View:
    """One way in which a recording might have come to us: all that its sound depends on, so that it is kept by it.

    `speed` of the tape; a room, `wetness` loud (0: none), that falls by `fall` nepers a second; `knobs_db` of an
    equaliser; noise `noise_db` under the sound, falling by `noise_slope` dB an octave; nothing above `below_hz`;
    `gain_db`, with full scale as the end; `codec` ("": none) at `kbit` kbit/s. `seed`: where chance begins.
    """

    seed: int
    speed: float
    wetness: float
    fall: float
    knobs_db: tuple[float, ...]
    noise_db: float
    noise_slope: float
    below_hz: int
    gain_db: float
    codec: str
    kbit: int

    @property
    def name(self) -> str:
        """By which what was heard of it is kept."""
        return f"{VERSION} {self}"

    def of(self, sound: Floats, rate: int, start: int) -> Floats:
        """Return what this view makes of `sound` [n] at `rate` Hz, which begins at sample `start`: [n / speed]."""
        heard = resample(sound, round(rate * self.speed), rate).astype(np.float64)
        if self.wetness:
            heard = room(heard, self.wetness, rate, np.random.default_rng(self.seed), self.fall)
        heard = self._filtered(heard, rate, np.random.default_rng([self.seed, start]))
        cut = (heard * 10 ** (self.gain_db / 20)).clip(-1, 1).astype(np.float32)
        return coded(cut, rate, self.codec, self.kbit) if self.codec else cut

    def _filtered(self, sound: Signal, rate: int, rng: np.random.Generator) -> Signal:
        """Through the equaliser, with noise, in its bandwidth."""
        hz = np.fft.rfftfreq(len(sound), 1 / rate)
        octaves = np.log2(np.maximum(hz, LOWEST_HZ) / LOWEST_HZ)
        curve = 10 ** (np.interp(octaves, np.arange(KNOBS), self.knobs_db) / 20)
        noise = (rng.standard_normal((len(hz), 2)) @ (1, 1j)) * 10 ** (-self.noise_slope * octaves / 20)
        music = np.fft.rfft(sound) * curve
        loud = np.sqrt(np.sum(np.abs(music) ** 2) / max(float(np.sum(np.abs(noise) ** 2)), 1e-12))
        both = music + loud * 10 ** (-self.noise_db / 20) * noise
        return np.asarray(np.fft.irfft(np.where(hz <= self.below_hz, both, 0), len(sound)))


def drawn(content_hash: str, number: int, seed: int) -> View:
    """Return view `number` of a recording: by the same arguments the same, where the same codecs are installed."""
    digest = hashlib.blake2b(f"{content_hash} {number} {seed}".encode(), digest_size=8).digest()
    rng = np.random.default_rng(own := int.from_bytes(digest))
    codec = str(rng.choice(["", *available()]))  # as often none as each of them

    def between(low: float, high: float) -> float:
        return round(float(rng.uniform(low, high)), 3)

    return View(
        seed=own,
        speed=between(0.96, 1.04),
        wetness=max(0.0, between(-0.3, 0.6)),
        fall=between(4, 30),  # 60 dB in 1.7 to 0.2 s
        knobs_db=tuple(np.round(rng.normal(0, 4, KNOBS), 1).tolist()),
        noise_db=between(15, 60),
        noise_slope=between(0, 6),
        below_hz=int(rng.choice([4000, 5500, 8000, 11_000, 24_000, 24_000])),
        gain_db=between(-20, 6),
        codec=codec,
        kbit=int(rng.choice(CODECS[codec].kbits)) if codec else 0,
    )


class ViewedSource:
    """An opened recording as a view has it."""

    def __init__(self, source: MonoSource, view: View) -> None:
        self._source, self._view = source, view
        known = source.recording
        self.recording: Recording = replace(known, content_hash=f"{known.content_hash} {view.name}", earlier_hashes=())

    def mono(self, start: int, frames: int) -> Floats:
        """What is heard of samples `start` up to `start + frames` of the recording."""
        return self._view.of(self._source.mono(start, frames), self.recording.rate, start)
