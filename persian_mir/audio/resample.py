"""One channel at the rate a model wants: soxr, high quality, on the CPU; torchaudio where torch computes on a GPU.

Below 0.9 of the lower rate's Nyquist frequency the two differ by at most 0.0005 of the sound's root mean square, a
hundredth of a second from either end; above it their filters fall off differently.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from persian_mir.audio.decoder import Samples
from persian_mir.audio.mono_source import MonoSource
from persian_mir.audio.source import AudioSource

log = logging.getLogger(__name__)


def resample(mono: Samples, rate_in: int, rate_out: int, device: str = "cpu") -> Samples:
    """`mono` `[n]` at `rate_in` Hz, brought to `rate_out` Hz as one whole; for a model that computes on `device`."""
    if rate_in == rate_out or not mono.size:
        return mono
    if device != "cpu" and torchaudio_resample() is not None:
        return resample_by_torch(mono, rate_in, rate_out, device)
    import soxr

    resampled: Samples = soxr.resample(mono, rate_in, rate_out, quality="HQ")
    return resampled


def resample_by_torch(mono: Samples, rate_in: int, rate_out: int, device: str) -> Samples:
    """The same by torchaudio, on any device, with a filter nearly as steep as soxr's."""
    import numpy as np
    import torch

    by_torchaudio = torchaudio_resample()
    if by_torchaudio is None:
        raise ValueError("torchaudio cannot be used here")
    sound = torch.from_numpy(np.array(mono, np.float32, order="C")).to(device)
    resampled = by_torchaudio(
        sound, rate_in, rate_out, lowpass_filter_width=128, rolloff=0.96,
        resampling_method="sinc_interp_kaiser", beta=14.77,
    )  # fmt: skip
    return np.asarray(resampled.cpu().numpy(), np.float32)


@cache
def torchaudio_resample() -> Callable[..., Any] | None:
    """torchaudio's own function; None where it is absent or cannot be imported, as beside another build of torch."""
    try:
        from torchaudio.functional import resample as found
    except ModuleNotFoundError:
        return None
    except Exception as error:  # noqa: BLE001 - its libraries raise whatever they like
        log.info("torchaudio cannot be used, soxr resamples: %s", error)
        return None
    by_torchaudio: Callable[..., Any] = found
    return by_torchaudio


def load_mono(source: MonoSource, start: int, stop: int, rate: int, device: str = "cpu") -> Samples:
    """Samples `start` up to `stop` of `source` as one channel at `rate` Hz: float32 `[n]`.

    The window is resampled by itself, so its sound does not depend on what was read before.
    """
    return resample(source.mono(start, stop - start), source.recording.rate, rate, device)


def mono_blocks(source: AudioSource, rate: int, block_s: float = 10.0) -> Iterator[Samples]:
    """The whole recording as mono at `rate` Hz, a block of about `block_s` seconds at a time.

    Joined, the blocks are what resampling the whole recording at once gives.
    """
    import soxr

    native = source.recording.rate
    stream = soxr.ResampleStream(native, rate, 1, dtype="float32", quality="HQ")
    frames, done = max(1, round(block_s * native)), 0
    for block in source.blocks(frames=frames):
        done += block.shape[1]
        mono = source.condition.mixdown.mono(block)
        out: Samples = mono if rate == native else stream.resample_chunk(mono, last=done >= source.recording.frames)
        if out.size:
            yield out
