"""A score and its place in the recording, and the work that makes them, done on a worker."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.modal.names import A_STEP, STEP_CENTS, NoteName
from persian_mir.modal.profile import A4_HZ, OCTAVE_CENTS
from persian_mir.progress import Progress
from persian_mir.transcription.left_out import AlignedNote
from persian_mir.transcription.score import Score
from persian_mir_gui.playback.voice import Voice
from persian_mir_gui.plots.written_note import WrittenNote

if TYPE_CHECKING:
    from persian_mir.modal.pitch import PitchTrack
    from persian_mir.modal.reading import ModalReading

SAME_S = 0.02  # two places nearer than this are one
PAGE_UNITS = 4000  # height of a page at most: each is drawn when it is seen
HEARD_S = 120.0  # of a score, at most, that are played at once
LAST_RINGS_S = 1.5
INSTRUMENT = "setar"  # that plays a score without a recording
RATE = 48_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The recording that a score is of: what is known of it, and the stretch in seconds, None for the whole."""

    path: Path
    title: str
    track: PitchTrack | None
    reading: ModalReading | None
    tonic_hz: float | None
    span: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A score; its notes in the recording `path`, in order of time, each by its place among all that sound; without a
    recording, when they are to sound.

    `agreement`: of a score from a file, see `Alignment`, as `left_out`. `above_cents`: how far the recording lies above
    what is written.
    """

    score: Score
    path: Path | None = None
    times: tuple[AlignedNote, ...] = ()
    agreement: float | None = None
    above_cents: float = 0.0
    left_out: tuple[AlignedNote, ...] = ()

    @property
    def count(self) -> int:
        """How many notes sound."""
        return sum(1 for _note in self.score.notes())

    def at(self, seconds: float) -> int | None:
        """The place of the note that sounds then, None in a rest."""
        before = bisect_right(self.times, seconds, key=lambda one: one.start_s)
        if before and seconds < self.times[before - 1].stop_s:
            return self.times[before - 1].place
        return None

    def start_of(self, place: int, near_s: float) -> float | None:
        """When a note begins in the recording; of several times the nearest; of one left out, when it would."""
        starts = [one.start_s for one in (*self.times, *self.left_out) if one.place == place]
        return min(starts, key=lambda start: abs(start - near_s), default=None)

    def beside(self, seconds: float, by: int) -> float | None:
        """When the next note begins (`by` 1) or the one before (-1); None beyond the ends."""
        starts = [one.start_s for one in self.times]
        later = bisect_right(starts, seconds + SAME_S) if by > 0 else bisect_left(starts, seconds - SAME_S) - 1
        return starts[later] if 0 <= later < len(starts) else None

    def over_pitch(self) -> list[WrittenNote]:
        """The notes where they are played, or would have been, as high as the recording."""
        notes = list(self.score.notes())

        def written(one: AlignedNote, name: NoteName, played: bool) -> WrittenNote:
            cents = (name.step - A_STEP) * STEP_CENTS + self.above_cents + one.octaves * OCTAVE_CENTS
            return WrittenNote(one.place, one.start_s, one.stop_s, cents, name, played)

        both = ((self.times, True), (self.left_out, False))
        told = ((one, notes[one.place].name, played) for ones, played in both for one in ones)
        return [written(one, name, played) for one, name, played in told if name is not None]

    def voice(self, rate: int, share: float) -> Voice:
        """The notes that are played, as high and when they are, to be heard beside a recording at `rate`."""
        notes = [one for one in self.over_pitch() if one.played]
        ends = np.array([(one.start_s, one.stop_s) for one in notes]).reshape(-1, 2)
        starts, stops = np.round(ends * rate).astype(np.int64).T
        hz = A4_HZ * 2 ** (np.array([one.cents for one in notes]) / OCTAVE_CENTS)
        return Voice(starts, stops, hz, rate, share)


def write_down(asked: Asked, progress: Progress) -> Draft:
    """Hear the recording, or what is known of it, and write its notes."""
    from persian_mir.modal.sections import read_recording
    from persian_mir.transcription.transcribe import score_of

    track, onsets = _hear(asked, progress)
    reading = asked.reading or read_recording(track, tonic_hz=asked.tonic_hz)
    score = score_of(track.cut(*(asked.span or (None, None))), onsets, reading, asked.title)
    return Draft(score, asked.path, as_written(score), None, score.offset_cents)


def as_written(score: Score) -> tuple[AlignedNote, ...]:
    """When each note is to sound, in order of time."""
    notes = (AlignedNote(place, note.start_s, note.stop_s) for place, note in enumerate(score.notes()))
    return tuple(sorted(notes, key=lambda one: one.start_s))


def lay_over(file: Path, asked: Asked | None, progress: Progress) -> Draft:
    """Read a score and find its notes in the recording, where there is one. Raises PersianMirError."""
    from persian_mir.transcription.align import align
    from persian_mir.transcription.formats import read_score

    score = read_score(file)
    main = [place for place, note in enumerate(score.notes()) if not note.grace]  # what `align` counts
    if not main:
        raise PersianMirError(_("There is no note in this score."), path=file, cure=_("Choose another file."))
    if asked is None:
        return Draft(score, times=as_written(score), above_cents=score.offset_cents)
    track, onsets = _hear(asked, progress)
    found = align(score, track.cut(*(asked.span or (None, None))), onsets)
    times, left_out = (
        tuple(replace(one, place=main[one.place]) for one in ones) for ones in (found.notes, found.left_out)
    )
    return Draft(score, asked.path, times, found.agreement, found.above_cents, left_out)


def _hear(asked: Asked, progress: Progress) -> tuple[PitchTrack, NDArray[np.float64]]:
    from persian_mir.audio import open_audio
    from persian_mir.modal.pitch import track_pitch
    from persian_mir.transcription.onsets import find_onsets

    with open_audio(asked.path) as source:
        track = asked.track or track_pitch(source, progress.part(0.0, 0.7))
        progress.step(0.7)
        return track, find_onsets(source)


def draw(score: Score, width: int, _progress: Progress) -> tuple[str, ...]:
    """Pages of SVG, `width` units wide. Raises PersianMirError without verovio."""
    from persian_mir.transcription.engrave import engrave

    return engrave(score, width, PAGE_UNITS)


def write_file(score: Score, format_id: str, path: Path, _progress: Progress) -> None:
    """Write the score for other programs. Raises PersianMirError."""
    from persian_mir.transcription.formats import score_format
    from persian_mir.whole_file import whole_file

    with whole_file(path) as file:
        file.write(score_format(format_id).written(score))


def play(draft: Draft, first: int, _progress: Progress) -> NDArray[np.float32]:
    """The score from note `first` on, by the synthesiser's `INSTRUMENT`: float32 [samples] at `RATE`."""
    from persian_mir.examples.performance import Note
    from persian_mir.examples.synthesise import perform

    written = list(draft.score.notes())[first:]
    begin = written[0].start_s
    within = [note for note in written if note.start_s < begin + HEARD_S]
    height = 2 ** (draft.above_cents / OCTAVE_CENTS)
    notes = [
        Note(
            note.start_s - begin,
            max(note.stop_s, note.start_s + SAME_S) - begin,
            note.name.hz * height,
            0.0,
            1,
            "riz" if note.tremolo else "plain",
        )
        for note in within
        if note.name is not None
    ]
    seconds = max(note.stop_s for note in notes) + LAST_RINGS_S
    return perform(notes, INSTRUMENT, round(seconds * RATE), RATE, np.random.default_rng(0))
