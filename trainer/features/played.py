"""In which segments somebody plays: before and after there is but room and recorder, which is no instrument."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from persian_mir.audio import open_audio
from persian_mir.backbones import BackboneKey
from persian_mir.embeddings import embed_recording
from persian_mir.errors import AudioError, ModelError
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Progress
from trainer.features.extraction import FeatureExtractor
from trainer.features.segments import Features, Floats, Mask

QUIET_DB = 20.0  # under the loudness of the recording: backbones hear no level, and such a segment as mere hiss
RATE = 22_050  # Hz


class Loudness:
    """The RMS of each window, as a backbone of one feature: so it is kept where embeddings are."""

    precision = "fp32"
    engine, remark = "numpy", ""
    batch = 64
    key = BackboneKey("loudness", "1", "", RATE, 1, 1, normalise=False)

    def embed(self, batch: Floats, layers: Sequence[int]) -> Floats:
        """float32 [windows, samples] -> [windows, layers, 1]."""
        loudness = np.sqrt(np.square(batch, dtype=np.float64).mean(axis=1))
        return np.repeat(loudness[:, None, None], len(layers), axis=1).astype(np.float32)


def played(features: Features, extractor: FeatureExtractor, progress: Progress) -> Mask:
    """Which segments are not `QUIET_DB` under all segments of their recording and label together: bool [segments].

    True for those of a recording that cannot be read any more. Raises Cancelled.
    """
    loud = np.ones(len(features.targets), np.bool_)
    for group, path in enumerate(features.paths):
        progress.step(group / len(features.paths), _("hearing where somebody plays"))
        own = np.flatnonzero(features.groups == group)
        try:
            levels = _levels(path, features.spans[own, 0], extractor)
        except (AudioError, ModelError):  # it could be read a moment ago; the others are enough
            continue
        lengths, targets = np.diff(features.spans[own], axis=1)[:, 0], features.targets[own]
        for target in np.unique(targets):
            of = targets == target
            usual = np.sqrt(np.average(levels[of] ** 2, weights=lengths[of]))
            loud[own[of]] = levels[of] >= usual * 10 ** (-QUIET_DB / 20)
    return loud


def _levels(path: Path, starts_s: NDArray[np.float64], extractor: FeatureExtractor) -> NDArray[np.float64]:
    """The loudness of the segments of a recording that start at `starts_s`."""
    with open_audio(path) as source:
        heard = embed_recording(source, Loudness(), extractor.grid, (0,), SILENT, extractor.cache)
        places = np.searchsorted(heard.starts, np.rint(starts_s * source.recording.rate).astype(np.int64))
    return np.asarray(heard.values[places, 0, 0], np.float64)
