"""The mel spectrum as torchaudio's MelSpectrogram and AmplitudeToDB give it, which is not needed for it.

Their defaults: a periodic Hann window, frames centred and the ends mirrored, power; triangles of height 1 on HTK's mel
scale from 0 Hz to half the rate; decibels of at least 1e-10. This file imports torch at once.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from numpy.typing import NDArray

_LEAST = 1e-10  # power


def log_mel(waveforms: torch.Tensor, rate: int, size: int, hop: int, mels: int) -> torch.Tensor:
    """Decibels in mel bands of [windows, samples] at `rate` Hz: [windows, mels, samples // hop + 1], always float32.

    `size` is the length of a frame in samples, `hop` from one to the next.
    """
    with torch.autocast(waveforms.device.type, enabled=False):
        window = torch.hann_window(size, device=waveforms.device)
        spectrum = torch.stft(
            waveforms.float(), size, hop, window=window, center=True, pad_mode="reflect", return_complex=True
        )
        bands = torch.from_numpy(mel_bands(rate, size, mels)).to(waveforms.device)
        return 10 * torch.log10((bands @ spectrum.abs().square()).clamp_min(_LEAST))


@cache
def mel_bands(rate: int, size: int, mels: int) -> NDArray[np.float32]:
    """Triangles [mels, size // 2 + 1]."""
    hz = np.linspace(0, rate // 2, size // 2 + 1)
    edges = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + rate // 2 / 700), mels + 2) / 2595) - 1)
    rising = (hz - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - hz) / np.diff(edges)[1:, None]
    return np.maximum(np.minimum(rising, falling), 0).astype(np.float32)
