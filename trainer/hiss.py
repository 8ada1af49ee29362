"""How far a little hiss moves what a backbone hears: strange to the guard should be a sound, not its recording."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from persian_mir.audio import open_audio
from persian_mir.embeddings import Embedding, bounds, embedding_key
from persian_mir.errors import AudioError, ModelError
from persian_mir.grid import Window
from persian_mir.i18n import _
from persian_mir.progress import Progress
from trainer.features import Reading
from trainer.segments import Features, Floats, Mask

if TYPE_CHECKING:
    from persian_mir.audio.source import AudioSource

BELOW_DB = 40.0  # under the loudness of the segment: a good cassette
HEARD = 64  # segments; with 32 the guard was 5 points stricter towards noise, with all of them no different


def hiss_moves(features: Features, part: Mask, reading: Reading, progress: Progress) -> Floats:
    """By how much white noise, `BELOW_DB` under them, moves some segments of `part`: float32 [moved, layers, width],
    before they are standardised. Empty where no sound can be read any more. Raises Cancelled.
    """
    moved = []
    chosen = _chosen(features, part)
    for number, place in enumerate(chosen):
        progress.step(number / len(chosen), _("hearing some segments with a little hiss"))
        owner = int(features.owners[place])
        try:
            with open_audio(features.paths[owner]) as source:
                start, stop = np.rint(features.spans[place] * source.recording.rate).astype(np.int64)
                heard = _with_hiss(source, int(start), int(stop), reading)
        except (AudioError, ModelError):  # it could be read a moment ago; the others are enough
            continue
        moved.append(heard - features.values[place])
    return np.stack(moved) if moved else np.zeros((0, *features.values.shape[1:]), np.float32)


def _chosen(features: Features, part: Mask) -> Sequence[int]:
    """Places of up to `HEARD` segments, by chance, but mostly the same ones when some recordings are added."""

    def lot(place: int) -> str:
        name = f"{features.hashes[features.owners[place]]} {features.spans[place, 0]:.3f}"
        return hashlib.blake2b(name.encode(), digest_size=8).hexdigest()

    return sorted(np.flatnonzero(part).tolist(), key=lot)[:HEARD]


def _with_hiss(source: AudioSource, start: int, stop: int, reading: Reading) -> Floats:
    """What the backbone hears of samples `start` up to `stop` with hiss: float32 [layers, width]."""
    from persian_mir.audio.resample import load_mono

    backbone, cache = reading.backbone, reading.cache
    plain = embedding_key(source.recording, backbone, reading.grid, reading.layers)
    key = replace(plain, content_hash=f"{plain.content_hash} {start}-{stop} hiss {BELOW_DB:g} dB")
    if cache is not None and (cached := cache.get(key)) is not None:
        return np.asarray(cached.values[0])
    sound = load_mono(source, start, stop, backbone.key.rate)
    loudness = float(np.sqrt(np.mean(sound.astype(np.float64) ** 2)))
    noise = np.random.default_rng(0).standard_normal(len(sound), np.float32)
    noisy = sound + np.float32(loudness * 10 ** (-BELOW_DB / 20)) * noise
    values = backbone.embed(noisy[None], reading.layers)
    if cache is not None:
        cache.put(Embedding(values, *bounds([Window(start, stop)]), key.layers, key))
    return np.asarray(values[0])
