"""After AzarNet (arXiv 1812.07017): Dastgahs by a deep net over the short-time Fourier transform.

As published, as far as its abstract goes: the STFT in, a deep net, seven classes. The rest is our choice: 22,050 Hz,
10 s, 2048/512 with a Hann window, log(1 + |X|) up to 4 kHz, standardised by the training part; four convolutions 3 x 3
of 32, 64, 128 and 128 channels, each with batch normalisation, ReLU, max-pooling and dropout 0.25; the mean over
frequency; a bidirectional GRU of 64; the mean over time. Adam 1e-3, batches of 32, at most 60 epochs, ended after 6
without a lower loss of dev or, where there is none, of a fifth of the recordings, held out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from persian_mir.backbones.spectral import RATE
from trainer.baselines.baseline import Arrays, Baseline, Examples, Floats
from trainer.baselines.frames import hann_frames

if TYPE_CHECKING:
    from torch import nn

FRAME, HOP = 2048, 512
BINS = 4000 * FRAME // RATE  # 371, to 4 kHz
WINDOW_S = 10.0
FRAMES = (round(WINDOW_S * RATE) - FRAME) // HOP + 1
WIDTH = FRAMES * BINS
EPOCHS, PATIENCE = 60, 6


def describe(sound: Floats) -> Floats:
    """log(1 + |X|), float32 [frames * 371]; a shorter window is followed by zeros, a longer one cut."""
    spectra = np.abs(np.fft.rfft(hann_frames(sound, FRAME, HOP)))[:FRAMES, :BINS]
    filled = np.zeros((FRAMES, BINS), np.float32)
    filled[: len(spectra)] = np.log1p(spectra)
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
    """The net for so many labels, untrained; it reads rows [segments, frames * 371]."""
    from trainer.baselines.convolutional_nets import AzarNet

    return AzarNet(BINS, labels, mean, std)


BASELINE = Baseline("azarnet", RATE, WIDTH, WINDOW_S, describe, fit, logits)
