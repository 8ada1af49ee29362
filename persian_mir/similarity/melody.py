"""The melody of a passage as a vector: how long each pitch class sounds, and what follows what a moment later.

The pitch-class distribution and the time-delayed melody surface (S. Gulati and others, ISMIR 2016) are those of the
modal reading, in 20 cents around the octave. The surface is kept as [interval, pitch class now], so that a transposed
melody is the same vector turned by some steps. Neither alone finds more of the same mode (`benchmarks/similarity.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from persian_mir.grid import Grid
from persian_mir.modal.match import along_diagonal
from persian_mir.modal.parameters import DEFAULT
from persian_mir.modal.pitch import PitchTrack, pitch_version, track_pitch
from persian_mir.modal.profile import BINS, SURFACE_BINS, fold_octaves, pairs, shaped_surface, smoothing
from persian_mir.modal.radif import load_radif
from persian_mir.modal.trusted_evidence import sounding
from persian_mir.progress import SILENT, Progress
from persian_mir.similarity.features import Passages
from persian_mir.similarity.space import Floats, Space, unit

if TYPE_CHECKING:
    from persian_mir.audio import AudioSource

GRID = Grid(30.0, 15.0, "overlap")  # as much as a window of the modal reading
INTERVALS = 20  # of 60 cents each, in which a surface is kept
PROFILE_WEIGHT = 0.5  # of the likeness, the rest is the surface's; 0.25 to 0.75 find the same
WIDTH = (1 + INTERVALS) * SURFACE_BINS
LAYOUT = 1  # raised when the vector changes


class MelodyFeatures:
    """Describes passages by their melody; needs no model. See `features.Features`."""

    @property
    def space(self) -> Space:
        """One of 60 transpositions, by 20 cents."""
        return Space(f"melody-{LAYOUT} {pitch_version()}", WIDTH, SURFACE_BINS)

    def passages(self, source: AudioSource, progress: Progress = SILENT) -> Passages:
        """Return those of the whole recording in which a pitch sounds long enough."""
        recording = source.recording
        track = track_pitch(source, progress)
        windows = GRID.windows(recording.frames, recording.rate)
        starts, stops = (np.array([getattr(one, end) for one in windows], np.int64) for end in ("start", "stop"))
        rate = recording.rate
        vectors = [melody_vector(track.cut(one.start / rate, one.stop / rate)) for one in windows]
        kept = [k for k, vector in enumerate(vectors) if vector is not None]
        found = [vector for vector in vectors if vector is not None]
        return Passages(starts[kept], stops[kept], np.stack(found) if found else np.zeros((0, WIDTH), np.float32))

    def passage(self, source: AudioSource, start: int, stop: int, progress: Progress = SILENT) -> Floats | None:
        """Return the vector of samples `start` up to `stop`; None where too little pitch sounds."""
        rate = source.recording.rate
        return melody_vector(track_pitch(source, progress).cut(start / rate, stop / rate))


def melody_vector(track: PitchTrack) -> Floats | None:
    """Return float32 [WIDTH] of norm 1; None with less pitch than the modal reading asks for."""
    weights = sounding(track)
    if weights.sum() * track.hop_s < DEFAULT.least_voiced_s:
        return None
    spread = DEFAULT.track_spread_cents
    profile = np.sqrt(_EVERY_FOURTH @ (smoothing(BINS, BINS, spread) @ fold_octaves(track, weights)))
    surface = shaped_surface(pairs(track, weights, load_radif().delays_s).sum(axis=0), spread) ** 2
    wide = SURFACE_BINS // INTERVALS  # each interval is centred on its 60 cents
    by_interval = np.roll(along_diagonal(surface), wide // 2, axis=0).reshape(INTERVALS, wide, SURFACE_BINS).sum(axis=1)
    parts = unit(profile[None]), unit(np.sqrt(by_interval).reshape(1, -1))
    shares = np.sqrt([PROFILE_WEIGHT, 1 - PROFILE_WEIGHT]).astype(np.float32)
    return np.concatenate([share * part[0] for share, part in zip(shares, parts, strict=True)])


_EVERY_FOURTH = np.eye(BINS)[:: BINS // SURFACE_BINS]
