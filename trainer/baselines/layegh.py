"""After M. A. Layegh: the radif's modes by an SVM on three seconds of timbre, pitch and inharmonicity.

As published: inharmonicity, MFCC, pitch, mean and deviation of the spectral centroid; SVM; 3 s from each piece's
beginning. Our choices: every 3 s of a recording, so that it is judged as the others are; 13 MFCC with mean and
deviation; the median pitch in cents above A, octaves kept, and its deviation; inharmonicity as the mean distance of
up to ten partials from the multiples of the pitch; an RBF kernel whose cost is chosen within the training part.
"""

from __future__ import annotations

import numpy as np

from persian_mir.audio.resample import resample
from persian_mir.backbones.spectral import RATE
from persian_mir.modal.pitch import RATE as PITCH_RATE
from persian_mir.modal.profile import cents_of
from persian_mir.modal.trusted_evidence import sounding
from trainer.baselines.baseline import Arrays, Baseline, Examples, Floats
from trainer.baselines.frames import Reals, centroid, cepstrum, hann_frames
from trainer.baselines.pitch_profile import track_of
from trainer.baselines.support_vectors import fit_svm, svm_logits

COEFFICIENTS = 13
FRAME, HOP = 4096, 1024
PARTIALS = 10
REACH = 0.3  # of the pitch: how far a partial is looked for
COSTS = (1.0, 10.0, 100.0)
WIDTH = 2 * COEFFICIENTS + 5


def describe(sound: Floats) -> Floats:
    """MFCC means and deviations, pitch and its deviation (cents), centroid's mean and deviation (Hz), inharmonicity:
    float32 [31] of mono at 22,050 Hz.
    """
    coefficients = cepstrum(sound, COEFFICIENTS)
    spectra = np.abs(np.fft.rfft(hann_frames(sound, FRAME, HOP)))
    centroids = centroid(spectra, np.fft.rfftfreq(FRAME, 1 / RATE))
    hz = _pitches(sound, len(spectra))
    cents = cents_of(hz[hz > 0]) if (hz > 0).any() else np.zeros(1)
    pitch = [np.median(cents), cents.std(), centroids.mean(), centroids.std(), inharmonicity(spectra, hz)]
    return np.concatenate([coefficients.mean(axis=0), coefficients.std(axis=0), pitch]).astype(np.float32)


def inharmonicity(spectra: Reals, hz: Reals) -> float:
    """Mean over frames of the distance of partials from multiples of the pitch, in parts of the pitch and weighted by
    amplitude; `spectra` [frames, bins], `hz` [frames], 0 where none sounds. 0 where there is no pitch.
    """
    wide, found = RATE / FRAME, []
    for spectrum, pitch in zip(spectra, hz.tolist(), strict=True):
        if pitch <= 0:
            continue
        away, loud = [], []
        for k in range(1, PARTIALS + 1):
            low, high = round((k - REACH) * pitch / wide), round((k + REACH) * pitch / wide) + 1
            if high >= len(spectrum):
                break
            peak = low + int(np.argmax(spectrum[low:high]))
            away.append(abs(peak * wide - k * pitch) / pitch)
            loud.append(spectrum[peak])
        if sum(loud) > 0:
            found.append(float(np.average(away, weights=loud)))
    return float(np.mean(found)) if found else 0.0


def fit(examples: Examples) -> Arrays:
    """An RBF machine."""
    return fit_svm(examples, "rbf", COSTS)


def _pitches(sound: Floats, frames: int) -> Reals:
    """The pitch in the middle of each frame, float64 [frames]; 0 where none sounds."""
    track = track_of(resample(sound, RATE, PITCH_RATE))
    if not len(track.hz):
        return np.zeros(frames)
    middles = (np.arange(frames) * HOP + FRAME / 2) / RATE
    places = np.clip(np.rint((middles - track.start_s) / track.hop_s).astype(int), 0, len(track.hz) - 1)
    return np.asarray((track.hz * sounding(track))[places], np.float64)


BASELINE = Baseline("layegh", RATE, WIDTH, 3.0, describe, fit, svm_logits)
