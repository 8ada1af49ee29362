"""A pitch track as CSV, frame by frame or note by note."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from pathlib import Path

from persian_mir.modal.notes import find_notes, kinds, mend_octaves
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import OCTAVE_CENTS
from persian_mir.whole_file import write_whole

COLUMNS = ("time_s", "hz", "confidence", "cents", "kind")
NOTE_COLUMNS = ("start_s", "stop_s", "hz", "cents", "spread_cents")


def write_pitch_csv(path: Path, track: PitchTrack, tonic_hz: float | None = None) -> None:
    """A row a frame. `cents` over the tonic, empty without one; `hz` and `cents` are empty where no pitch is known.

    `kind`: note, glide, ornament or rest. Short octave errors of the detector are taken back.
    """
    write_whole(path, pitch_csv(track, tonic_hz))


def pitch_csv(track: PitchTrack, tonic_hz: float | None = None) -> str:
    """The text of that file, lines ended by CR LF as RFC 4180 has it."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    track = mend_octaves(track)
    above = _above(tonic_hz)
    frames = zip(track.hz.tolist(), track.confidence.tolist(), kinds(track).tolist(), strict=True)
    for k, (hz, confidence, kind) in enumerate(frames):
        time = track.start_s + k * track.hop_s
        rows.writerow([f"{time:.4f}", f"{hz:.3f}" if hz > 0 else "", f"{confidence:.3f}", above(hz), kind])
    return out.getvalue()


def write_notes_csv(path: Path, track: PitchTrack, tonic_hz: float | None = None) -> None:
    """A row a held note; `spread_cents` is half of the middle 68 % of its pitch, vibrato included."""
    write_whole(path, notes_csv(track, tonic_hz))


def notes_csv(track: PitchTrack, tonic_hz: float | None = None) -> str:
    """The text of that file."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(NOTE_COLUMNS)
    above = _above(tonic_hz)
    for note in find_notes(mend_octaves(track)):
        times = f"{note.start_s:.3f}", f"{note.stop_s:.3f}"
        rows.writerow([*times, f"{note.hz:.3f}", above(note.hz), f"{note.spread_cents:.1f}"])
    return out.getvalue()


def _above(tonic_hz: float | None) -> Callable[[float], str]:
    """Cents over the tonic as text; empty where there is no tonic or no pitch."""

    def text(hz: float) -> str:
        if tonic_hz is None or hz <= 0:
            return ""
        return f"{OCTAVE_CENTS * math.log2(hz / tonic_hz):.1f}"

    return text
