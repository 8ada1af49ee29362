"""The modal reading of sound as it comes in: level, pitch now, growing profile, modes ranked twice a second.

The pitch is that of `persian_mir.modal.pitch`, frame by frame the same numbers as of the finished recording. Memory is
bounded: the frames of the last ten minutes, and one profile of everything.
"""

from __future__ import annotations

from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio.live_hum import SPOILT_S, LiveHum
from persian_mir.modal.degrees import around, scale_degrees
from persian_mir.modal.fine_pitch import LENGTH, fine_hz
from persian_mir.modal.level import Leveller
from persian_mir.modal.names import NoteName, note_name, spell
from persian_mir.modal.parameters import DEFAULT, Parameters
from persian_mir.modal.pitch import HOP_S, RATE, PitchTrack, clean
from persian_mir.modal.profile import BINS, OCTAVE_CENTS, Floats, fold_octaves
from persian_mir.modal.reading import ModalReading, read_mode
from persian_mir.modal.trusted_evidence import sounding

KEPT_S = 600.0
TRACE_S = 20.0  # of pitch that a state holds
WINDOW_S = 120.0  # what the ranking is read from: long enough to be right, short enough to follow the next piece
RANKING_S = 0.5  # with the 0.16 s that swift-f0 looks ahead, a ranking is never older than 0.7 s
FIRST_ANSWER_S = 10.0  # of pitch heard; before that a ranking is mostly chance
PITCH_FRAMES = 3  # the pitch shown is their median: 48 ms, so that one stray frame does not flicker
DEGREE_REACH_CENTS = 60.0
SILENCE_DB = -120.0


@dataclass(frozen=True, slots=True)
class PitchNow:
    """What sounds: `cents` off the nearest degree of the leading mode, or off the nearest quarter tone without one.

    `fine_hz`: the same to a cent, where the note has sounded alone for half a second (`fine_pitch`).
    """

    hz: float
    name: NoteName
    cents: float
    of_mode: bool
    fine_hz: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LiveState:
    """After a block. `level_db`, `peak_db`: of that block, dBFS, -120 for silence. `pitch`: None where none sounds.

    `heard_s`: seconds with a pitch. `profile`: float64 [240], share of that time a pitch class, bin k centred 5 k cents
    above A (zeros at first). `reading`: of the last two minutes up to `read_s`, None before the first answer.
    `trace`: the pitch of the last 20 seconds.
    """

    seconds: float
    level_db: float
    peak_db: float
    pitch: PitchNow | None
    heard_s: float
    profile: Floats
    reading: ModalReading | None
    read_s: float
    trace: PitchTrack


class LiveReader:
    """Feed it blocks of one channel at `rate` Hz, from one thread. ValueError for a rate below 1 Hz.

    `elsewhere` ranks the modes, so that the pitch need not wait for it; without it that is done while feeding.
    """

    def __init__(self, rate: int, parameters: Parameters = DEFAULT, elsewhere: Executor | None = None) -> None:
        import soxr
        from swift_f0 import SwiftF0

        if rate < 1:
            raise ValueError(f"a rate of {rate} Hz")
        self.rate, self._elsewhere = rate, elsewhere
        self._parameters = replace(parameters, ends_doubt=1.0)  # the music goes on
        self._detector: Any = SwiftF0(threads=1, spin=False)
        self._stream: Any = self._detector.stream()
        self._hum, self._level = LiveHum(RATE), Leveller(RATE)
        self._spoilt = True  # what was heard so far, if hum is found
        # The same resampler as of files (persian_mir.audio.resample), so that the numbers are the same.
        self._to_16k: Any = None if rate == RATE else soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="HQ")
        self._frames = _Frames(round(KEPT_S / HOP_S))
        self._recent: NDArray[np.float32] = np.zeros(0, np.float32)
        self._samples = 0
        self._counts: Floats = np.zeros(BINS)
        self._reading: ModalReading | None = None
        self._read_s = self._asked_s = 0.0
        self._ranking: Future[ModalReading] | None = None

    @property
    def heard_s(self) -> float:
        """Seconds with a pitch so far."""
        return float(self._counts.sum()) * HOP_S

    def feed(self, block: NDArray[np.float32]) -> LiveState:
        """Take float32 [samples] in and say what is known now."""
        self._samples += len(block)
        level, peak = _levels(block)
        sound = clean(block)
        if self._to_16k is not None:
            sound = self._to_16k.resample_chunk(sound)
        self._recent = np.concatenate([self._recent, sound])[-LENGTH:]
        self._take(self._stream.push(self._level.push(self._hum.push(sound)), RATE))
        self._forget_hum()
        self._rank()
        share = self._counts / max(self._counts.sum(), 1.0)
        seconds = self._samples / self.rate
        now, trace = self._now(), self._frames.last(TRACE_S)
        return LiveState(seconds, level, peak, now, self.heard_s, share, self._reading, self._read_s, trace)

    def finish(self) -> None:
        """The last frames, which waited for what follows. Nothing can be fed afterwards."""
        if self._to_16k is not None:
            last = self._to_16k.resample_chunk(np.zeros(0, np.float32), last=True)
            self._take(self._stream.push(self._level.push(self._hum.push(last)), RATE))
        self._take(self._stream.push(self._level.flush(), RATE))
        self._take(self._stream.flush())

    def track(self, last_s: float = KEPT_S) -> PitchTrack:
        """The pitch of the last seconds, ten minutes at most."""
        return self._frames.last(last_s)

    def read(self, last_s: float = KEPT_S) -> ModalReading:
        """The modal reading of the last seconds, ten minutes at most."""
        return read_mode(self.track(last_s), parameters=self._parameters)

    def _rank(self) -> None:
        if self._ranking is not None:
            if not self._ranking.done():
                return
            self._reading, self._read_s, self._ranking = self._ranking.result(), self._asked_s, None
        if self._frames.stop_s - self._asked_s < RANKING_S or self.heard_s < FIRST_ANSWER_S:
            return
        self._asked_s = self._frames.stop_s
        if self._elsewhere is None:
            self._reading, self._read_s = self.read(WINDOW_S), self._asked_s
        else:
            self._ranking = self._elsewhere.submit(read_mode, self.track(WINDOW_S), parameters=self._parameters)

    def _forget_hum(self) -> None:
        """What was heard before hum was found may have been the hum: it does not count."""
        if self._hum.found and self._spoilt:
            self._spoilt = False
            self._counts -= self._folded(self._frames.silence(SPOILT_S))

    def _take(self, result: Any) -> None:
        if len(result.pitch_hz):
            hz, confidence = result.pitch_hz.astype(np.float32), result.confidence.astype(np.float32)
            self._frames.add(hz, confidence)
            self._counts += self._folded(PitchTrack(hz, confidence))

    def _folded(self, track: PitchTrack) -> Floats:
        return fold_octaves(track, sounding(track, self._parameters))

    def _now(self) -> PitchNow | None:
        newest = self._frames.last(PITCH_FRAMES * HOP_S)
        sounding = newest.hz[newest.confidence >= self._parameters.voiced]
        if len(sounding) <= PITCH_FRAMES // 2:
            return None
        now = pitch_now(float(np.median(sounding)), self._reading)
        return replace(now, fine_hz=fine_hz(self._recent, now.hz, RATE))


def pitch_now(hz: float, reading: ModalReading | None) -> PitchNow:
    """A frequency as a note of the reading's first mode, or as the nearest quarter tone where it is none of them."""
    if reading is None or reading.tonic_hz is None:
        return _quarter_tone(hz, 0.0)
    scale = scale_degrees(reading.modes[0][0])
    spelling = spell(reading.tonic_hz, [(degree.step, degree.letters) for degree in scale])
    above = OCTAVE_CENTS * np.log2(hz / reading.tonic_hz)
    near = min(scale, key=lambda degree: abs(around(above - degree.farhat_cents)))
    off = around(above - near.farhat_cents)
    if abs(off) > DEGREE_REACH_CENTS:
        return _quarter_tone(hz, spelling.offset_cents)
    octaves = round((above - near.farhat_cents) / OCTAVE_CENTS)
    return PitchNow(hz, spelling.note(near.step + 24 * octaves, near.letters), float(off), True)


def _quarter_tone(hz: float, offset_cents: float) -> PitchNow:
    steps = (OCTAVE_CENTS * np.log2(hz / 440.0) - offset_cents) / 50.0
    return PitchNow(hz, note_name(hz, offset_cents), float(steps - round(steps)) * 50.0, False)


def _levels(block: NDArray[np.float32]) -> tuple[float, float]:
    """Root mean square and peak, dBFS."""
    if not len(block):
        return SILENCE_DB, SILENCE_DB
    sound = clean(block).astype(np.float64)
    return _db(float(np.sqrt(np.mean(sound**2)))), _db(float(np.abs(sound).max()))


def _db(amplitude: float) -> float:
    return max(SILENCE_DB, float(20 * np.log10(max(amplitude, 1e-9))))


class _Frames:
    """The last `most` frames of a pitch track that never ends, and when they were."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values = np.zeros((2, 2 * most), np.float32)
        self._count = 0  # in `_values`
        self._total = 0  # ever

    @property
    def stop_s(self) -> float:
        return self._total * HOP_S

    def add(self, hz: NDArray[np.float32], confidence: NDArray[np.float32]) -> None:
        new = np.stack([hz, confidence])[:, -self._most :]
        if self._count + new.shape[1] > self._values.shape[1]:
            kept = self._values[:, max(0, self._count - self._most) : self._count].copy()
            self._count = kept.shape[1]
            self._values[:, : self._count] = kept
        self._values[:, self._count : self._count + new.shape[1]] = new
        self._count += new.shape[1]
        self._total += len(hz)

    def silence(self, seconds: float) -> PitchTrack:
        """Take the confidence of the last seconds away; what they were."""
        found = self.last(seconds)
        self._values[1, self._count - len(found.hz) : self._count] = 0.0
        return found

    def last(self, seconds: float) -> PitchTrack:
        frames = min(round(seconds / HOP_S), self._count, self._most)
        hz, confidence = self._values[:, self._count - frames : self._count].copy()
        return PitchTrack(hz, confidence, HOP_S, (self._total - frames) * HOP_S)
