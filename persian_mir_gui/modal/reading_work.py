"""Reading pitch and mode: what is asked for, what is known, and the work itself, done on a worker."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.prediction import Prediction
from persian_mir.progress import Progress

if TYPE_CHECKING:
    from persian_mir.modal.pitch import PitchTrack
    from persian_mir.modal.reading import ModalReading

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ReadingRequest:
    """What is to be read: the part of a recording from `span[0]` to `span[1]` seconds beside the whole."""

    path: Path
    tonic_hz: float | None
    span: Span | None
    selected: bool = False  # whether the span is the user's


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What was read. `tonic_hz` is the user's, None where the reading's own stands."""

    track: PitchTrack | None = None
    whole: ModalReading | None = None
    here: ModalReading | None = None
    asked: ReadingRequest | None = None

    @property
    def tonic_hz(self) -> float | None:
        """The tonic set by hand that these readings follow."""
        return self.asked.tonic_hz if self.asked else None

    @property
    def span(self) -> Span | None:
        """What `here` is read from, in seconds."""
        return self.asked.span if self.asked and self.here is not None else None

    @property
    def selected(self) -> bool:
        """Whether `here` is the selection."""
        return self.span is not None and self.asked is not None and self.asked.selected


NOTHING = Known()


def read(asked: ReadingRequest, known: Known, progress: Progress) -> Known:
    """Runs on the worker: what was asked for, as far as `known` does not hold it already."""
    from persian_mir.modal.reading import read_stretch
    from persian_mir.modal.sections import read_recording

    track = known.track or kept_track(asked.path)
    if track is None:
        return NOTHING
    whole = known.whole if known.asked and known.tonic_hz == asked.tonic_hz else None
    if whole is None:
        whole = read_recording(track, tonic_hz=asked.tonic_hz)
    progress.step(0.5)
    here = None if asked.span is None else read_stretch(track, *asked.span, whole, asked.tonic_hz)
    return replace(known, track=track, whole=whole, here=here, asked=asked)


def retell(path: Path, window_s: float, tonic_hz: float | None, progress: Progress) -> tuple[Prediction, ...]:
    """Runs on the worker: what the modal reading says from another tonic. The pitch comes from the cache."""
    from persian_mir.audio import open_audio
    from persian_mir.modal.predictor import ModalPredictor

    with open_audio(path) as source:
        return ModalPredictor(window_s, tonic_hz=tonic_hz).predict(source, progress)


def kept_track(path: Path) -> PitchTrack | None:
    """Runs on the worker: the track in the cache, or None."""
    from persian_mir.audio import open_audio
    from persian_mir.modal.pitch import load_track

    with open_audio(path) as source:
        return load_track(source)


def make_track(path: Path, progress: Progress) -> None:
    """Runs on the worker: computes the track and leaves it in the cache."""
    from persian_mir.audio import open_audio
    from persian_mir.modal.pitch import track_pitch

    with open_audio(path, progress) as source:
        track_pitch(source, progress)
