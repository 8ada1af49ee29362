"""BiLGNet (arXiv 2203.15335): Dastgahs by recurrent layers over MFCC of 20 s.

As published, by the authors' code: 22,050 Hz, 24 MFCC (2048/512) of 20 s, raw values; bidirectional LSTM of 128, 64 and
32, then bidirectional GRU of 16, 32, 64 and 128, the last of which returns a vector, batch normalisation after each;
16 units with ReLU, dropout 0.6; Adam 1e-3, batches of 32, 250 epochs, the rate times 0.7 after 7 epochs without a
better accuracy on dev, the best epoch kept. Its split was random segments, which the protocol `published` shows. Our
choices: the best epoch is that of the least loss; where there is no dev, a fifth is held out (there: a twentieth).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from persian_mir.backbones.spectral import RATE
from trainer.baselines.baseline import Arrays, Baseline, Examples, Floats
from trainer.baselines.frames import mel_decibels, mel_frames

if TYPE_CHECKING:
    from torch import nn

MELS, COEFFICIENTS = 128, 24
WINDOW_S = 20.0
FRAMES = mel_frames(WINDOW_S)
WIDTH = FRAMES * COEFFICIENTS
EPOCHS = 250


def describe(sound: Floats) -> Floats:
    """MFCC of each frame, float32 [862 * 24]; a shorter window is followed by zeros, a longer one cut."""
    from scipy.fft import dct

    rows: NDArray[np.float64] = dct(mel_decibels(sound, MELS), norm="ortho", axis=1)[:FRAMES, :COEFFICIENTS]
    filled = np.zeros((FRAMES, COEFFICIENTS), np.float32)
    filled[: len(rows)] = rows
    return filled.reshape(-1)


def fit(examples: Examples) -> Arrays:
    """Fit the net."""
    from trainer.baselines.neural import Training, fit_net

    return fit_net(build, examples, Training(EPOCHS))


def logits(arrays: Arrays, rows: Floats) -> Floats:
    """What the net says."""
    from trainer.baselines.neural import net_logits

    return net_logits(build(len(arrays["last.bias"])), arrays, rows)


def build(labels: int) -> nn.Module:
    """The net for so many labels, untrained; it reads rows [segments, frames * 24]."""
    from trainer.baselines.bilgnet_net import BiLGNet

    return BiLGNet(COEFFICIENTS, labels)


BASELINE = Baseline("bilgnet", RATE, WIDTH, WINDOW_S, describe, fit, logits)
