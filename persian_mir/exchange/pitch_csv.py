"""A pitch track as CSV: `time_s,hz,confidence,cents`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from persian_mir.exchange.writing import write_whole
from persian_mir.modal.pitch import PitchTrack
from persian_mir.modal.profile import cents_of

COLUMNS = ("time_s", "hz", "confidence", "cents")


def write_pitch_csv(path: Path, track: PitchTrack, tonic_hz: float | None = None) -> None:
    """A row a frame. `cents` over the tonic, empty without one; `hz` and `cents` are empty where no pitch is known."""
    write_whole(path, pitch_csv(track, tonic_hz))


def pitch_csv(track: PitchTrack, tonic_hz: float | None = None) -> str:
    """The text of that file, lines ended by CR LF as RFC 4180 has it."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    heights = cents_of(track.hz)
    zero = None if tonic_hz is None else float(cents_of(np.array([tonic_hz]))[0])
    for k, (hz, confidence) in enumerate(zip(track.hz, track.confidence, strict=True)):
        pitched = hz > 0
        cents = f"{heights[k] - zero:.1f}" if pitched and zero is not None else ""
        time = track.start_s + k * track.hop_s
        rows.writerow([f"{time:.4f}", f"{hz:.3f}" if pitched else "", f"{confidence:.3f}", cents])
    return out.getvalue()
