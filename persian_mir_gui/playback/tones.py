"""Single notes, scales and a drone to listen to: synthesised, and played beside the recording."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from persian_mir.progress import Progress
from persian_mir_gui.core.jobs import Job, JobRunner
from persian_mir_gui.core.messages import Messages
from persian_mir_gui.core.settings import Settings
from persian_mir_gui.playback.sound import Output, Sound

Floats = NDArray[np.float32]

RATE = 48_000
NOTE_S, RING_S = 0.55, 1.6  # from one note of a scale to the next; how long a string rings
ATTACK_S, RELEASE_S = 0.006, 0.05
FADE_S = 0.6  # how softly a drone begins
BLOCK = 2048
LOUDNESS = 0.25
PARTIALS = 8
SHORTEST_WAIT_S = 0.01


class Tones(QObject):
    """Plays one thing at a time, on a thread of its own; asking for what is playing stops it."""

    playing_changed = Signal()
    heard = Signal(object)  # how many seconds of what is playing, as a float

    def __init__(self, sound: Sound, settings: Settings, messages: Messages, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = JobRunner(parent)
        self._sound, self._settings, self._messages = sound, settings, messages
        self._job: Job | None = None
        self._playing = ""

    @property
    def playing(self) -> str:
        """The name of what is heard, as it was given to `play`; `drone` for one; empty in silence."""
        return self._playing

    def play(self, name: str, frequencies: Sequence[float]) -> None:
        """Plucked notes one after the other. If `name` is what is playing, other than single degrees: silence."""
        if name == self._playing and name != "degree":
            self.stop()
        elif frequencies:
            self._start(name, scale_blocks(frequencies))

    def drone(self, hz: float) -> None:
        """A held note until `stop`; if it is playing already: silence."""
        if self._playing == "drone":
            self.stop()
        else:
            self._start("drone", drone_blocks(hz))

    def sound(self, name: str, samples: Floats) -> None:
        """Sound made elsewhere, float32 [samples] at `RATE`, once."""
        self._start(name, pieces(samples))

    def stop(self) -> None:
        """Fall silent."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._now("")

    def _start(self, name: str, blocks: Iterator[Floats]) -> None:
        if self._job is not None:
            self._job.cancel()
        job = self.runner.start("", play_blocks, self._sound, blocks, float(self._settings.get("volume")))
        self._job = job
        job.published.connect(self.heard)
        job.failed.connect(self._messages.error)
        job.finished.connect(partial(self._ended, job))
        self._now(name)

    def _ended(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self._now("")

    def _now(self, name: str) -> None:
        if name != self._playing:
            self._playing = name
            self.playing_changed.emit()


def play_blocks(sound: Sound, blocks: Iterator[Floats], volume: float, progress: Progress) -> None:
    """Runs on the worker until all is heard, or Cancelled; publishes how many seconds are. Raises SoundError."""
    output = sound.open(RATE)
    try:
        started = False
        for block in blocks:
            samples = np.repeat(resampled(block, output.rate)[:, None], output.channels, axis=1)
            while output.ring.written - output.played() > output.rate / 5:  # little ahead: it must stop at once
                if not started:
                    output.start(volume)
                    started = True
                _tell(output, progress)
                if output.gone.is_set():
                    return
                time.sleep(SHORTEST_WAIT_S)
            output.ring.write(samples)
        if not started:
            output.start(volume)
        output.ring.ended = True
        while not output.complete() and not output.gone.is_set():
            _tell(output, progress)
            time.sleep(SHORTEST_WAIT_S)
        _tell(output, progress)
    finally:
        output.volume = 0.0  # fade over one delivery: no click
        time.sleep(RELEASE_S)
        output.close()


def _tell(output: Output, progress: Progress) -> None:
    progress.step(0.0)
    progress.publish(output.played() / output.rate)


def resampled(block: Floats, rate: int) -> Floats:
    """Most cards take 48 kHz; another rate shifts nothing, by linear interpolation, which these soft tones bear."""
    if rate == RATE:
        return block
    count = round(len(block) * rate / RATE)
    at = np.arange(count) * (len(block) - 1) / max(count - 1, 1)
    return np.interp(at, np.arange(len(block)), block).astype(np.float32)


def string(hz: float, times: NDArray[np.float64], decay_s: float, rate: int) -> NDArray[np.float64]:
    """What a string sounds `times` seconds after it was plucked, at most 1 loud; nothing above 0.45 rate.

    Partial k has amplitude 1/k**1.5 and dies away in `decay_s` / k: high partials first.
    """
    wave = np.zeros(len(times))
    for k in range(1, PARTIALS + 1):
        if k * hz < 0.45 * rate:
            wave += k**-1.5 * np.exp(-times * k / decay_s) * np.sin(2 * np.pi * k * hz * times)
    wave /= sum(k**-1.5 for k in range(1, PARTIALS + 1))
    return wave


def plucked(hz: float, seconds: float = RING_S, rate: int = RATE) -> Floats:
    """A string plucked once, float32 [samples]."""
    times = np.arange(round(seconds * rate)) / rate
    wave = string(hz, times, 0.6, rate)
    wave *= np.minimum(1.0, times / ATTACK_S) * np.minimum(1.0, (times[-1] - times) / RELEASE_S)
    return np.asarray(wave, dtype=np.float32)


def scale_blocks(frequencies: Sequence[float], rate: int = RATE) -> Iterator[Floats]:
    """Plucked notes, `NOTE_S` apart, each ringing into the next."""
    step = round(NOTE_S * rate)
    ring = round(RING_S * rate)
    whole = np.zeros(step * (len(frequencies) - 1) + ring, np.float32)
    for k, hz in enumerate(frequencies):
        whole[k * step : k * step + ring] += plucked(hz, RING_S, rate)
    whole *= LOUDNESS / max(float(np.abs(whole).max()), 1e-9)
    return pieces(whole)


def pieces(samples: Floats) -> Iterator[Floats]:
    """The same in blocks."""
    return (samples[at : at + BLOCK] for at in range(0, len(samples), BLOCK))


def drone_blocks(hz: float, rate: int = RATE) -> Iterator[Floats]:
    """A held note without end: four soft partials, swelling in; phase runs on from block to block."""
    at = 0
    while True:
        times = (at + np.arange(BLOCK)) / rate
        wave = sum(k**-2.0 * np.sin(2 * np.pi * k * ((hz * times) % 1.0)) for k in range(1, 5) if k * hz < 0.45 * rate)
        soft = np.minimum(1.0, times / FADE_S)
        yield np.asarray(LOUDNESS / 1.43 * soft * wave, dtype=np.float32)
        at += BLOCK
