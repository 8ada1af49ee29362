"""How far a poorer recording moves what a backbone hears: strange to the guard should be a sound, not its recording."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from persian_mir.audio import open_audio
from persian_mir.embeddings import Embedding, bounds, embedding_key
from persian_mir.errors import AudioError, ModelError
from persian_mir.grid import Window
from persian_mir.i18n import _
from persian_mir.progress import Progress
from trainer.features.extraction import FeatureExtractor
from trainer.features.segments import Features, Floats, Mask

if TYPE_CHECKING:
    from persian_mir.audio.source import AudioSource

BELOW_DB = 40.0  # of the hiss under the loudness of the segment: a good cassette
NARROW_HZ = 16_000  # the sampling rate of much that was digitised for the archive's own use
MOST_SEGMENTS = 64  # segments; with 32 the guard was 5 points stricter towards noise, with all of them no different


def with_hiss(sound: Floats, _rate: int) -> Floats:
    """With white noise, `BELOW_DB` under its loudness."""
    loudness = float(np.sqrt(np.mean(sound.astype(np.float64) ** 2)))
    noise = np.random.default_rng(0).standard_normal(len(sound), np.float32)
    return sound + np.float32(loudness * 10 ** (-BELOW_DB / 20)) * noise


def narrowed(sound: Floats, rate: int) -> Floats:
    """As a file of `NARROW_HZ` would hold it: nothing above half of that."""
    from persian_mir.audio.resample import resample

    back = resample(resample(sound, rate, NARROW_HZ), NARROW_HZ, rate)[: len(sound)]
    return np.pad(back, (0, len(sound) - len(back)))


def degradations(rate: int) -> dict[str, Callable[[Floats, int], Floats]]:
    """What can happen to a sound that a backbone hears at `rate` Hz, by a name that tells how much of it."""
    ways: dict[str, Callable[[Floats, int], Floats]] = {f"hiss {BELOW_DB:g} dB": with_hiss}
    return ways | {f"narrow {NARROW_HZ} Hz": narrowed} if rate > NARROW_HZ else ways


def measured_shifts(features: Features, part: Mask, extractor: FeatureExtractor, progress: Progress) -> Floats:
    """By how much each of the `degradations` moves some segments of `part`: float32 [moved, layers, width], before they
    are standardised. Empty where no sound can be read any more. Raises Cancelled.
    """
    shifts: list[Floats] = []
    chosen = _drawn(features, part)
    for number, place in enumerate(chosen):
        progress.step(number / len(chosen), _("hearing some segments as poorer recordings"))
        group = int(features.groups[place])
        try:
            with open_audio(features.paths[group]) as source:
                start, stop = np.rint(features.spans[place] * source.recording.rate).astype(np.int64)
                degraded = _degraded(source, int(start), int(stop), extractor)
        except (AudioError, ModelError):  # it could be read a moment ago; the others are enough
            continue
        shifts += [values - features.values[place] for values in degraded]
    return np.stack(shifts) if shifts else np.zeros((0, *features.values.shape[1:]), np.float32)


def _drawn(features: Features, part: Mask) -> Sequence[int]:
    """Places of up to `MOST_SEGMENTS` segments, by chance, but mostly the same ones when some recordings are added."""

    def lot(place: int) -> str:
        name = f"{features.hashes[features.groups[place]]} {features.spans[place, 0]:.3f}"
        return hashlib.blake2b(name.encode(), digest_size=8).hexdigest()

    return sorted(np.flatnonzero(part).tolist(), key=lot)[:MOST_SEGMENTS]


def _degraded(source: AudioSource, start: int, stop: int, extractor: FeatureExtractor) -> list[Floats]:
    """What the backbone hears of samples `start` up to `stop` in each poorer way: float32 [layers, width]."""
    from persian_mir.audio.resample import load_mono

    backbone, cache = extractor.backbone, extractor.cache
    plain = embedding_key(source.recording, backbone, extractor.grid, extractor.layers)
    degraded: list[Floats] = []
    for name, way in degradations(backbone.key.rate).items():
        key = replace(plain, content_hash=f"{plain.content_hash} {start}-{stop} {name}")
        if cache is not None and (cached := cache.get(key)) is not None:
            degraded.append(np.asarray(cached.values[0]))
            continue
        sound = way(load_mono(source, start, stop, backbone.key.rate), backbone.key.rate)
        values = backbone.embed(sound[None], extractor.layers)
        if cache is not None:
            cache.put(Embedding(values, *bounds([Window(start, stop)]), key.layers, key))
        degraded.append(np.asarray(values[0]))
    return degraded
