"""One channel at the rate a model wants. soxr, high quality, on the CPU: the same numbers on every machine."""

from __future__ import annotations

from collections.abc import Iterator

from persian_mir.audio.decoder import Samples
from persian_mir.audio.source import AudioSource


def resample(mono: Samples, rate_in: int, rate_out: int) -> Samples:
    """`mono` `[n]` at `rate_in` Hz, brought to `rate_out` Hz as one whole."""
    import soxr

    if rate_in == rate_out or not mono.size:
        return mono
    resampled: Samples = soxr.resample(mono, rate_in, rate_out, quality="HQ")
    return resampled


def load_mono(source: AudioSource, start: int, stop: int, rate: int) -> Samples:
    """Samples `start` up to `stop` of `source`, mean of the channels, at `rate` Hz: float32 `[n]`.

    The window is resampled by itself, so its sound does not depend on what was read before.
    """
    return resample(source.read(start, stop - start).mean(axis=0), source.recording.rate, rate)


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
        mono = block.mean(axis=0)
        out: Samples = mono if rate == native else stream.resample_chunk(mono, last=done >= source.recording.frames)
        if out.size:
            yield out
