"""Classical features of sound, frame by frame, as the field names them.

MFCC: S. Davis and P. Mermelstein, 1980; deltas: S. Furui, 1986; spectral shape: G. Peeters, "A large set of audio
features", 2004; spectral contrast: D.-N. Jiang and others, 2002; onset strength: S. Boeck and G. Widmer, 2013
(without their vibrato filter).
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RATE = 22050  # Hz
FRAME = 1024  # samples, 46 ms
HOP = 441  # samples, 20 ms
MELS = 40
COEFFICIENTS = 20
FLOOR = 1e-8  # power under which a sound of RMS 1 counts as silent, -80 dB
_CONTRAST_EDGES = (0.0, 200.0, 400.0, 800.0, 1600.0, 3200.0, 6400.0, RATE / 2)  # Hz, octaves
_ROLLOFF = 0.85
_EXTREME = 0.2  # part of a band's bins that makes its peaks, and its valleys


def frames_of(sound: Floats) -> Floats:
    """Hann-windowed frames [frames, FRAME] of `sound` [n >= 1]; one that is too short is padded to one frame."""
    if len(sound) < FRAME:
        sound = np.pad(sound, (0, FRAME - len(sound)))
    return np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP] * np.hanning(FRAME)


def power_of(frames: Floats) -> Floats:
    """Power spectra [frames, FRAME // 2 + 1] in which a sound of RMS 1 has a mean total of about 1."""
    return np.asarray(np.abs(np.fft.rfft(frames)) ** 2 / (0.1875 * FRAME**2))


def mel_power(power: Floats) -> Floats:
    """Power in the mel bands, [frames, MELS]."""
    return power @ _mel_bands().T


def mfcc(mel: Floats) -> Floats:
    """Mel-frequency cepstral coefficients [frames, COEFFICIENTS]."""
    from scipy.fft import dct

    coefficients: Floats = dct(np.log10(mel + FLOOR), norm="ortho", axis=1)[:, :COEFFICIENTS]
    return coefficients


def delta(values: Floats) -> Floats:
    """Regression slope over five frames of `values` [frames, n], per frame."""
    padded = np.pad(values, ((2, 2), (0, 0)), mode="edge")
    return np.asarray((2 * (padded[4:] - padded[:-4]) + padded[3:-1] - padded[1:-3]) / 10)


def shape(frames: Floats, power: Floats) -> dict[str, Floats]:
    """Centroid, bandwidth (kHz), skewness, rolloff (kHz), flatness, flux, zero crossings; each [frames]."""
    khz = np.fft.rfftfreq(FRAME, 1000 / RATE)
    share = (power + FLOOR / len(khz)) / (power + FLOOR / len(khz)).sum(axis=1, keepdims=True)
    centroid = share @ khz
    away = khz - centroid[:, None]
    bandwidth = np.sqrt(np.sum(share * away**2, axis=1))
    rolloff = khz[np.argmax(np.cumsum(share, axis=1) >= _ROLLOFF, axis=1)]
    flatness = np.log10(share).mean(axis=1) - np.log10(share.mean(axis=1))
    magnitude = np.sqrt(share)
    flux = np.zeros(len(power))
    flux[1:] = np.linalg.norm(np.diff(magnitude, axis=0), axis=1)
    return {
        "centroid": centroid,
        "bandwidth": bandwidth,
        "skewness": np.sum(share * away**3, axis=1) / bandwidth**3,
        "rolloff": rolloff,
        "flatness": flatness,
        "flux": flux,
        "zero_crossings": np.mean(np.diff(np.signbit(frames), axis=1), axis=1),
    }


def contrast(power: Floats) -> Floats:
    """Peaks over valleys in octave bands, powers of ten, [frames, 7]."""
    hz = np.fft.rfftfreq(FRAME, 1 / RATE)
    columns = []
    for low, high in pairwise(_CONTRAST_EDGES):
        band = np.sort(power[:, (hz >= low) & (hz < high)], axis=1)
        few = max(1, round(_EXTREME * band.shape[1]))
        valley, peak = band[:, :few].mean(axis=1), band[:, -few:].mean(axis=1)
        columns.append(np.log10(peak + FLOOR) - np.log10(valley + FLOOR))
    return np.stack(columns, axis=1)


def onset_strength(mel: Floats) -> Floats:
    """Rise of the log mel spectrum since the frame before, averaged over bands, powers of ten, [frames]."""
    rise = np.zeros(len(mel))
    rise[1:] = np.maximum(np.diff(np.log10(mel + FLOOR), axis=0), 0).mean(axis=1)
    return rise


@cache
def _mel_bands() -> Floats:
    """Triangles [MELS, FRAME // 2 + 1] equally spaced on O'Shaughnessy's mel scale, 60 Hz to 10 kHz."""
    mel = np.linspace(np.log1p(60 / 700), np.log1p(10000 / 700), MELS + 2)
    edges = 700 * np.expm1(mel)[:, None]
    hz = np.fft.rfftfreq(FRAME, 1 / RATE)
    rising = (hz - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hz) / (edges[2:] - edges[1:-1])
    bands = np.clip(np.minimum(rising, falling), 0, None)
    # The lowest triangles are narrower than a bin: each keeps at least the bin nearest to its top.
    bands[np.arange(MELS), np.argmin(np.abs(hz - edges[1:-1]), axis=1)] += 0.05
    bands.setflags(write=False)
    return np.asarray(bands)
