"""The pitch track of a recording: swift-f0, block by block, kept on disk."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.app_paths import cache_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.audio.hum import HumRemover
from persian_mir.cache_files import load_kept
from persian_mir.modal.level import LEVELLED, Leveller
from persian_mir.progress import SILENT, Progress

if TYPE_CHECKING:
    from persian_mir.audio import AudioSource

RATE = 16_000  # the only rate of swift-f0; it hears 46.9 to 2093.75 Hz, E6 of the ney (1318.5 Hz) well within
HOP_S = 256 / RATE
BLOCK_S = 20.0
THREADS = 2
_SLACK_S = 1.0  # a track may end a little before or behind its recording

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class PitchTrack:
    """`hz`, `confidence`: float32 [frames], frame k at `start_s + k * hop_s`. A frame sounds from confidence 0.5."""

    hz: NDArray[np.float32]
    confidence: NDArray[np.float32]
    hop_s: float = HOP_S
    start_s: float = 0.0

    def __post_init__(self) -> None:
        if self.hz.ndim != 1 or self.hz.shape != self.confidence.shape:
            raise ValueError(f"shapes {self.hz.shape} and {self.confidence.shape} are no pitch track")

    @property
    def stop_s(self) -> float:
        """Where the frame after the last would stand."""
        return self.start_s + len(self.hz) * self.hop_s

    def cut(self, start_s: float | None = None, stop_s: float | None = None) -> PitchTrack:
        """The frames from `start_s` up to, not including, `stop_s`; None leaves that end as it is."""
        first = 0 if start_s is None else self._frame(start_s)
        last = len(self.hz) if stop_s is None else self._frame(stop_s)
        start = self.start_s + first * self.hop_s
        return PitchTrack(self.hz[first:last], self.confidence[first:last], self.hop_s, start)

    def _frame(self, time_s: float) -> int:
        return min(max(round((time_s - self.start_s) / self.hop_s), 0), len(self.hz))


def pitch_version() -> str:
    """What a pitch track depends on besides the sound: swift-f0 with its model, and the level at which it hears."""
    return f"{version('swift-f0')}-{LEVELLED}"


def track_pitch(source: AudioSource, progress: Progress = SILENT) -> PitchTrack:
    """The whole recording's pitch track, from the cache where it is. Memory is bounded by `BLOCK_S`."""
    kept = load_track(source)
    return kept if kept is not None else join_tracks(list(stream_pitch(source, progress)))


def stream_pitch(source: AudioSource, progress: Progress = SILENT) -> Iterator[PitchTrack]:
    """Consecutive pieces of the pitch track as they become final; once all are drawn the track is in the cache."""
    from persian_mir.audio.resample import mono_blocks

    kept = load_track(source)
    if kept is not None:
        yield kept
        return
    stream, level = _detector().stream(), Leveller(RATE)
    hum = source.condition.hum
    remover = None if hum is None else HumRemover(hum, RATE)
    duration = source.recording.duration_s
    pieces: list[PitchTrack] = []
    for block in mono_blocks(source, RATE, BLOCK_S):
        sound = clean(block) if remover is None else remover.push(clean(block))
        pieces.append(_piece(stream.push(level.push(sound), RATE)))
        progress.step(min(1.0, pieces[-1].stop_s / max(duration, HOP_S)))
        yield pieces[-1]
    rest = level.push(np.zeros(0, np.float32) if remover is None else remover.flush())
    pieces += [_piece(stream.push(rest, RATE)), _piece(stream.push(level.flush(), RATE)), _piece(stream.flush())]
    yield join_tracks(pieces[-3:])
    _keep(source, join_tracks(pieces))


def detect_pitch(mono: NDArray[np.float32]) -> PitchTrack:
    """The pitch track of samples already at 16 kHz, float32 [samples], all at once."""
    stream, level = _detector().stream(), Leveller(RATE)
    sound = np.concatenate([level.push(clean(mono)), level.flush()])
    return join_tracks([_piece(stream.push(sound, RATE)), _piece(stream.flush())])


def clean(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The samples with what is no number silenced and what overflows clipped."""
    return np.clip(np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0), -8.0, 8.0)


def join_tracks(pieces: list[PitchTrack]) -> PitchTrack:
    """Consecutive pieces as one track."""
    if not pieces:
        return PitchTrack(np.zeros(0, np.float32), np.zeros(0, np.float32))
    hz = np.concatenate([piece.hz for piece in pieces])
    confidence = np.concatenate([piece.confidence for piece in pieces])
    return PitchTrack(hz, confidence, pieces[0].hop_s, pieces[0].start_s)


def _detector() -> Any:
    from swift_f0 import SwiftF0

    return SwiftF0(threads=THREADS, spin=False)


def _piece(result: Any) -> PitchTrack:
    start = float(result.timestamps[0]) if len(result.timestamps) else 0.0
    return PitchTrack(result.pitch_hz.astype(np.float32), result.confidence.astype(np.float32), HOP_S, start)


def _cached(content_hash: str, heard_otherwise: str) -> Path:
    return cache_dir() / "pitch" / f"{content_hash}-{pitch_version()}{heard_otherwise}.npz"


def load_track(source: AudioSource) -> PitchTrack | None:
    """The track in the cache, or None; a damaged one counts as absent."""
    read = partial(_read, duration_s=source.recording.duration_s)
    tracks = (load_kept(_cached(one, source.condition.heard_otherwise), read) for one in source.recording.hashes)
    return next((track for track in tracks if track is not None), None)


def _read(path: Path, duration_s: float) -> PitchTrack:
    """The track in a file of the cache. Raises ValueError, and much else, for one that is damaged."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        track = PitchTrack(kept["hz"].astype(np.float32), kept["confidence"].astype(np.float32))
    whole = abs(track.stop_s - duration_s) < _SLACK_S
    if not (whole and np.isfinite(track.hz).all() and np.isfinite(track.confidence).all()):
        raise ValueError("this is not the track of the whole recording")
    return track


def _keep(source: AudioSource, track: PitchTrack) -> None:
    path = _cached(source.recording.content_hash, source.condition.heard_otherwise)
    try:
        with atomic_write(path, durable=False) as file:
            np.savez_compressed(file, hz=track.hz, confidence=track.confidence)
    except OSError as error:
        _log.warning("the pitch track could not be kept: %s", error)
