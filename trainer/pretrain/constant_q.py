"""A constant-Q spectrum of a whole clip by one Fourier transform, and a short one back for each bin.

Each bin's part of the clip's spectrum is weighted by a Hann window around its frequency and taken back at the frame
rate; its magnitude is the bin over time. 336 bins, 48 an octave (quarter tones halved) from C1, as in MERT.
"""

from __future__ import annotations

from functools import cache

import torch

BINS, AN_OCTAVE, LOWEST_HZ = 336, 48, 32.70


def constant_q(clips: torch.Tensor, rate: int, frames: int) -> torch.Tensor:
    """log(1 + magnitude), [clips, frames, BINS], of waveforms [clips, samples]; bins above half of `rate` are 0."""
    samples = clips.shape[1]
    places, weights = (one.to(clips.device) for one in _windows(samples, rate, frames))
    spectrum = torch.fft.rfft(clips.float())
    bands = spectrum[:, places] * weights
    magnitude = torch.fft.ifft(bands, dim=2).abs() * (2 * frames / samples**0.5)
    return torch.log1p(magnitude).transpose(1, 2)


@cache
def _windows(samples: int, rate: int, frames: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Places in the spectrum and weights, [BINS, frames]: each bin's band, laid where its phase turns to nothing."""
    widest = frames // 2
    ratio = 2 ** (1 / AN_OCTAVE) - 1
    places = torch.zeros(BINS, frames, dtype=torch.long)
    weights = torch.zeros(BINS, frames)
    for number in range(BINS):
        hz = LOWEST_HZ * 2 ** (number / AN_OCTAVE)
        centre, half = hz * samples / rate, max(min(hz * ratio * samples / rate, widest - 1), 1.0)
        near = torch.arange(int(centre - half), int(centre + half) + 1)
        near = near[(near >= 0) & (near <= samples // 2)]
        places[number, near % frames] = near
        weights[number, near % frames] = torch.cos((near - centre).clamp(-half, half) / half * torch.pi / 2) ** 2
    return places, weights
