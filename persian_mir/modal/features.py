"""The modal reading as numbers that a probe can learn from: one row a segment, read from its surroundings."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persian_mir.labels import label_ids
from persian_mir.modal.parameters import DEFAULT
from persian_mir.modal.pitch import pitch_version, track_pitch
from persian_mir.modal.profile import BINS
from persian_mir.modal.radif import load_radif
from persian_mir.modal.reading import ModalReading, read_mode
from persian_mir.progress import SILENT, Progress

if TYPE_CHECKING:
    from persian_mir.audio import AudioSource

Floats = NDArray[np.float32]

CONTEXT_S = 30.0  # read for one segment, around its middle and within the recording
STEPS = 24  # of the octave in the profile: quarter tones above the shahed
FLOOR = 1e-4  # of a mode's probability, before its logarithm is taken
LAYOUT = 1  # raised when the columns change


def width() -> int:
    """Columns: log-probability of each mode, whether a mode is heard, and the profile."""
    return len(label_ids("mode")) + 1 + STEPS


def features_version() -> str:
    """BLAKE2b-64 of what the numbers depend on: two probes of one version read the same."""
    parts = [LAYOUT, CONTEXT_S, pitch_version(), load_radif().hash, DEFAULT.as_dict()]
    return hashlib.blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=8).hexdigest()


def modal_features(
    source: AudioSource, starts: NDArray[np.int64], stops: NDArray[np.int64], progress: Progress = SILENT
) -> Floats:
    """float32 [segments, `width()`] of segments `starts` up to `stops`, in samples of the recording.

    The mode's log-probabilities are relative to all modes being equally likely; the profile holds square roots of
    shares of time, from the shahed upwards. `progress.step` may raise Cancelled. Raises AudioError.
    """
    recording = source.recording
    track = track_pitch(source, progress)
    end = recording.frames / recording.rate
    rows = []
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        middle = (start + stop) / 2 / recording.rate
        first = max(0.0, min(middle - CONTEXT_S / 2, end - CONTEXT_S))
        rows.append(_row(read_mode(track, first, min(first + CONTEXT_S, end))))
        progress.step(len(rows) / len(starts))
    return np.stack(rows) if rows else np.zeros((0, width()), np.float32)


def _row(reading: ModalReading) -> Floats:
    modes = reading.probabilities("mode")
    odds = np.log(np.maximum(modes, FLOOR) * len(modes))
    wide = BINS // STEPS
    # Each step is centred on its quarter tone: half of the bins below it, half above.
    shares = np.roll(reading.profile, wide // 2).reshape(STEPS, wide).sum(axis=1)
    return np.concatenate([odds, [float(reading.heard)], np.sqrt(np.maximum(shares, 0))]).astype(np.float32)
