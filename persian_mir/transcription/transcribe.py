"""A recording in, its score out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persian_mir.exchange.scales import measured_scale
from persian_mir.modal.pitch import PitchTrack, track_pitch
from persian_mir.modal.reading import ModalReading
from persian_mir.modal.sections import read_recording
from persian_mir.progress import SILENT, Progress
from persian_mir.transcription.onsets import find_onsets
from persian_mir.transcription.parts import parts_of
from persian_mir.transcription.played_notes import played_notes
from persian_mir.transcription.score import Score
from persian_mir.transcription.write_score import Heard, write_score

if TYPE_CHECKING:
    from persian_mir.audio import AudioSource


def transcribe(
    source: AudioSource,
    title: str,
    ends_s: tuple[float | None, float | None] = (None, None),
    tonic_hz: float | None = None,
    progress: Progress = SILENT,
) -> Score:
    """The score of a recording of one line, or of a stretch of it, spelled as the mode that is heard in the whole.

    `tonic_hz`: the shahed if the user knows it. Where no mode is heard, notes are the nearest quarter tones.
    """
    track = track_pitch(source, progress)
    reading = read_recording(track, tonic_hz=tonic_hz)
    return score_of(track.cut(*ends_s), find_onsets(source), reading, title)


def score_of(track: PitchTrack, onsets_s: NDArray[np.float64], reading: ModalReading, title: str) -> Score:
    """The score of a stretch of pitch, as that mode is spelled, with the scale of all that was read.

    It is divided where the reading finds another section, or another gusheh for long.
    """
    within = onsets_s[(onsets_s >= track.start_s) & (onsets_s < track.stop_s)]
    known = reading.heard and reading.tonic_hz is not None
    heard = Heard(reading.modes[0][0], reading.tonic_hz or 0.0) if known else None
    parts = parts_of(reading) if known else ()
    score = write_score(played_notes(track, within), title, heard, parts)
    return replace(score, scale=measured_scale(reading.degrees) if known else ())
