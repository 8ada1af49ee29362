"""After S. M. H. Mousavi (PCMIR): instruments by statistics of frames, chosen by fuzzy entropy, and a multi-layer net.

As published: mono, frames of 50 ms side by side; the deviation of the entropy of energy (10 parts), of the 80 %
roll-off, the centroid and the flux; variance over squared mean of the zero-crossing rate and of the energy; means of
13 MFCC, roll-off, centroid and zero-crossing rate; features chosen by fuzzy entropy. Our choices: P. Luukka's fuzzy
entropy (2011), of which the half with the largest goes, measured on the training part alone; hidden layers of 64 and
32, stopped early where every label has enough segments for that.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from persian_mir.backbones.spectral import RATE
from persian_mir.probes.probe import Head
from trainer.baselines.baseline import Arrays, Baseline, Examples, Floats
from trainer.baselines.frames import Reals, centroid, cepstrum, cut
from trainer.baselines.heads import head_arrays, head_logits

FRAME = round(0.05 * RATE)
PARTS = 10  # of a frame, over which its energy's entropy is taken
ROLLOFF = 0.8
COEFFICIENTS = 13
WIDTH = 6 + COEFFICIENTS + 3
HIDDEN = (64, 32)
ENOUGH = 20  # segments of each label, from which the net is stopped early by a tenth of them
TINY = 1e-12


def describe(sound: Floats) -> Floats:
    """The 22 statistics of a window of mono at 22,050 Hz, float32 [22]."""
    frames = cut(sound, FRAME, FRAME)
    spectra = np.abs(np.fft.rfft(frames * np.hanning(FRAME)))
    hz = np.fft.rfftfreq(FRAME, 1 / RATE)
    crossing = np.mean(np.diff(np.signbit(frames), axis=1), axis=1)
    energy = np.mean(frames**2, axis=1)
    rolloff = hz[np.argmax(np.cumsum(spectra, axis=1) >= ROLLOFF * spectra.sum(axis=1, keepdims=True), axis=1)]
    middles = centroid(spectra, hz)
    spread = [_energy_entropy(frames).std(), rolloff.std(), middles.std(), _flux(spectra).std()]
    unsteady = [one.var() / max(float(one.mean()) ** 2, TINY) for one in (crossing, energy)]
    means = [rolloff.mean(), middles.mean(), crossing.mean()]
    return np.array([*spread, *unsteady, *cepstrum(sound, COEFFICIENTS).mean(axis=0), *means], np.float32)


def fuzzy_entropy(rows: Reals, targets: NDArray[np.int64]) -> Reals:
    """Luukka's entropy of each feature, float64 [width]: `rows` [segments, width] of 0 to 1 compared with the mean of
    each class. A feature that tells the classes apart is near 1 or 0 to each of them, so its entropy is small.
    """
    total = np.zeros(rows.shape[1])
    for label in np.unique(targets):
        alike = np.clip(1 - np.abs(rows - rows[targets == label].mean(axis=0)), TINY, 1 - TINY)
        total -= (alike * np.log(alike) + (1 - alike) * np.log(1 - alike)).sum(axis=0)
    return total


def fit(examples: Examples) -> Arrays:
    """Choose the features, then fit the net on them, standardised."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    rows = examples.rows.astype(np.float64)
    low, wide = rows.min(axis=0), np.ptp(rows, axis=0)
    entropy = fuzzy_entropy((rows - low) / np.where(wide > 0, wide, 1), examples.targets)
    entropy[wide <= 0] = np.inf  # what never changes is all alike, and tells nothing
    chosen = np.sort(np.argsort(entropy, kind="stable")[: WIDTH // 2])
    mean, std = rows[:, chosen].mean(axis=0), rows[:, chosen].std(axis=0)
    std = np.where(std > TINY, std, 1)
    early = bool(np.bincount(examples.targets).min() >= ENOUGH)
    net = MLPClassifier(HIDDEN, alpha=1e-3, early_stopping=early, max_iter=500, random_state=examples.effort.seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it has had its passes; how good it is, dev and test tell
        net.fit((rows[:, chosen] - mean) / std, examples.targets)
    layers = list(zip(net.coefs_, net.intercepts_, strict=True))
    if len(examples.labels) == 2:  # scikit-learn gives the second label's odds alone
        weights, bias = layers[-1]
        layers[-1] = np.column_stack([np.zeros_like(weights), weights]), np.concatenate([[0.0], bias])
    head = Head(
        tuple(_floats(weights.T) for weights, _bias in layers), tuple(_floats(bias) for _weights, bias in layers)
    )
    return {"chosen": _floats(chosen), "mean": _floats(mean), "std": _floats(std), **head_arrays(head)}


def logits(arrays: Arrays, rows: Floats) -> Floats:
    """What the net says, float32 [segments, labels]."""
    return head_logits(arrays, rows[:, arrays["chosen"].astype(np.int64)])


def _floats(values: NDArray[Any]) -> Floats:
    return np.ascontiguousarray(values, np.float32)


def _energy_entropy(frames: Reals) -> Reals:
    """In bits, of how the energy of each frame lies over its parts: [frames]."""
    whole = frames[:, : frames.shape[1] // PARTS * PARTS]
    energy = (whole.reshape(len(frames), PARTS, -1) ** 2).sum(axis=2)
    shares = energy / np.maximum(energy.sum(axis=1, keepdims=True), TINY)
    return np.asarray(-(shares * np.log2(shares + TINY)).sum(axis=1))


def _flux(spectra: Reals) -> Reals:
    """Squared change of the normalised spectrum from frame to frame: [frames - 1], one 0 for a single frame."""
    shares = spectra / np.maximum(spectra.sum(axis=1, keepdims=True), TINY)
    return np.asarray((np.diff(shares, axis=0) ** 2).sum(axis=1)) if len(shares) > 1 else np.zeros(1)


BASELINE = Baseline("mousavi", RATE, WIDTH, 5.0, describe, fit, logits)
