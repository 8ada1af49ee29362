"""After PMG-Net: genres of Persian music by a convolutional net over a mel spectrogram.

As published: a convolutional net on five genres of 500 tracks; its architecture could not be read. All of it is our
choice: 22,050 Hz, 5 s, 128 mel bands (2048/512) in dB, standardised by the training part; the four convolutions that
stand for AzarNet's, the mean over time and frequency, one linear layer. Adam 1e-3, batches of 32, at most 60 epochs,
ended after 6 without a lower loss of dev or, where there is none, of a fifth of the recordings, held out. Genre is no
task of this program, so it is fitted to the tasks that are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from persian_mir.backbones.spectral import RATE
from trainer.baselines.baseline import Arrays, Baseline, Examples, Floats
from trainer.baselines.frames import mel_decibels, mel_frames

if TYPE_CHECKING:
    from torch import nn

MELS = 128
WINDOW_S = 5.0
FRAMES = mel_frames(WINDOW_S)
WIDTH = FRAMES * MELS
EPOCHS, PATIENCE = 60, 6


def describe(sound: Floats) -> Floats:
    """Mel bands in dB under the loudest, float32 [216 * 128]; a shorter window is followed by silence."""
    decibels = mel_decibels(sound, MELS)[:FRAMES]
    filled = np.full((FRAMES, MELS), decibels.min() - decibels.max(), np.float32)
    filled[: len(decibels)] = decibels - decibels.max()
    return filled.reshape(-1)


def fit(examples: Examples) -> Arrays:
    """Fit the net on standardised spectra."""
    from trainer.baselines.neural import Training, fit_standardised

    return fit_standardised(build, examples, Training(EPOCHS, patience=PATIENCE))


def logits(arrays: Arrays, rows: Floats) -> Floats:
    """What the net says."""
    from trainer.baselines.neural import net_logits

    return net_logits(build(len(arrays["last.bias"])), arrays, rows)


def build(labels: int, mean: float = 0.0, std: float = 1.0) -> nn.Module:
    """The net for so many labels, untrained; it reads rows [segments, frames * 128]."""
    from trainer.baselines.convolutional_nets import PmgNet

    return PmgNet(MELS, labels, mean, std)


BASELINE = Baseline("pmg-net", RATE, WIDTH, WINDOW_S, describe, fit, logits)
