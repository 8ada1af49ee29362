"""The pitch track of a recording: swift-f0, block by block, kept on disk."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persian_mir.app_paths import cache_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.audio.hum import HumRemover, find_hum
from persian_mir.cache_files import load_kept
from persian_mir.modal.level import LEVELLED, Leveller
from persian_mir.modal.pitch_stream import HOP, Frames, PitchStream
from persian_mir.modal.pitch_stream import RATE as RATE
from persian_mir.progress import SILENT, Progress

if TYPE_CHECKING:
    from persian_mir.audio import AudioSource

HOP_S = HOP / RATE
BLOCK_S = 20.0
EXCERPT_S = 2.0  # in all of which hum is
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
        return round(min(max((time_s - self.start_s) / self.hop_s, 0.0), float(len(self.hz))))


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
    pieces: list[PitchTrack] = []
    for piece in _pieces(source, mono_blocks(source, RATE, BLOCK_S)):
        pieces.append(piece)
        progress.step(min(1.0, piece.stop_s / max(source.recording.duration_s, HOP_S)))
        yield piece
    _keep(source, join_tracks(pieces))


def _pieces(source: AudioSource, blocks: Iterable[NDArray[np.float32]]) -> Iterator[PitchTrack]:
    """The track of blocks at 16 kHz: the next is decoded while the one before is heard."""
    hum, level, start_s = source.condition.hum, Leveller(RATE), 0.0
    remover = None if hum is None else HumRemover(hum, RATE)
    waiting: list[Future[Frames]] = []
    with closing(PitchStream()) as stream:
        for block in blocks:
            sound = clean(block) if remover is None else remover.push(clean(block))
            begun = stream.push(level.push(sound))
            if waiting:
                yield (piece := _joined(waiting, start_s))
                start_s = piece.stop_s
            waiting = begun
        rest = level.push(np.zeros(0, np.float32) if remover is None else remover.flush())
        waiting += stream.push(np.concatenate([rest, level.flush()]))
        yield _joined(waiting + stream.flush(), start_s)


def detect_pitch(mono: NDArray[np.float32]) -> PitchTrack:
    """The pitch track of samples already at 16 kHz, float32 [samples], all at once."""
    level = Leveller(RATE)
    with closing(PitchStream()) as stream:
        begun = stream.push(np.concatenate([level.push(_without_hum(clean(mono))), level.flush()]))
        return _joined(begun + stream.flush())


def _without_hum(mono: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same as of a file, whose condition tells whether it hums."""
    excerpt = round(EXCERPT_S * RATE)
    hum = find_hum(mono[: len(mono) // excerpt * excerpt].reshape(-1, excerpt), RATE)
    if hum is None:
        return mono
    remover = HumRemover(hum, RATE)
    return np.concatenate([remover.push(mono), remover.flush()])


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


def _joined(windows: Sequence[Future[Frames]], start_s: float = 0.0) -> PitchTrack:
    """Consecutive windows, once they are heard."""
    heard = [window.result() for window in windows] or [(np.zeros(0, np.float32),) * 2]
    hz, confidence = (np.concatenate(arrays) for arrays in zip(*heard, strict=True))
    return PitchTrack(hz, confidence, HOP_S, start_s)


def _cached(content_hash: str, heard_otherwise: str) -> Path:
    return cache_dir() / "pitch" / f"{content_hash}-{pitch_version()}{heard_otherwise}.npz"


def load_track(source: AudioSource) -> PitchTrack | None:
    """The track in the cache, or None; a damaged one counts as absent."""
    read = partial(_read, duration_s=source.recording.duration_s)
    tracks = (load_kept(_cached(one, source.condition.heard_otherwise), read) for one in source.recording.hashes)
    return next((track for track in tracks if track is not None), None)


def heard_recordings() -> set[str]:
    """Return the content hashes of the recordings whose track is in the cache."""
    return {path.name.split("-")[0] for path in (cache_dir() / "pitch").glob(f"*-{pitch_version()}*.npz")}


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
