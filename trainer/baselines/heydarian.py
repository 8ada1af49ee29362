"""After P. Heydarian: modes by class means of a folded spectral average, with the Manhattan distance.

As published: frames with 75 % overlap, a spectral average or chroma of 12 to 53 tones, class means as templates,
Manhattan preferred to correlation, silence suppressed, the tonic aligned. Our choices: 48 tones; 8 kHz, Hann of 8192
samples; 130 to 2000 Hz; frames 40 dB under the loudest dropped. Tonic detection is replaced: training vectors are
turned to each other within a class, the query freely, so that no theory enters.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from persian_mir.labels import MODAL_TASKS
from persian_mir.modal.profile import A4_HZ
from trainer.baselines.baseline import Arrays, Baseline, Examples, Floats
from trainer.baselines.frames import hann_frames
from trainer.baselines.rotation import aligned_means, distances, manhattan

RATE, FRAME, HOP = 8000, 8192, 2048
TONES = 48
LOW_HZ, HIGH_HZ = 130.0, 2000.0
SILENT = 0.01  # of the loudest frame's amplitude, 40 dB
SHARPNESS = 10.0  # of a distance of 0 to 2 as a logit, before the temperature is chosen


def describe(sound: Floats) -> Floats:
    """The folded spectral average, float32 [48] of sum 1, tone k centred 25 k cents above A; zeros for silence."""
    spectra = np.abs(np.fft.rfft(hann_frames(sound, FRAME, HOP)))
    loudness = np.sqrt((spectra**2).sum(axis=1))
    heard = spectra[loudness > SILENT * max(float(loudness.max()), 1e-9)]
    tones = heard.sum(axis=0) @ _folding()
    return np.asarray(tones / max(float(tones.sum()), 1e-12), np.float32)


def fit(examples: Examples) -> Arrays:
    """The mean of each class."""
    return {"means": aligned_means(examples, manhattan)}


def logits(arrays: Arrays, rows: Floats) -> Floats:
    """By the nearest mean."""
    return np.asarray(-SHARPNESS * distances(rows, arrays["means"], manhattan), np.float32)


@cache
def _folding() -> NDArray[np.float64]:
    """1 where a bin of the spectrum belongs to a tone: float64 [4097, 48]."""
    hz = np.fft.rfftfreq(FRAME, 1 / RATE)
    inside = np.flatnonzero((hz >= LOW_HZ) & (hz <= HIGH_HZ))
    folding = np.zeros((len(hz), TONES))
    folding[inside, np.rint(TONES * np.log2(hz[inside] / A4_HZ)).astype(int) % TONES] = 1
    return folding


BASELINE = Baseline("heydarian", RATE, TONES, 30.0, describe, fit, logits, MODAL_TASKS)
