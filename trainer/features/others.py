"""Known unknowns: sounds that are none of a probe's labels, so that it may learn what lies beyond them (D. Hendrycks
et al. 2019, Deep Anomaly Detection with Outlier Exposure). Made by the synthesiser from nothing, heard once and kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from persian_mir.embeddings import embed_recording
from persian_mir.examples.imagined import imagined
from persian_mir.examples.synthesise import synthesise
from persian_mir.i18n import _
from persian_mir.labels import label_ids
from persian_mir.progress import SILENT, Progress
from persian_mir.recording import Recording
from trainer.features.extraction import FeatureExtractor
from trainer.features.segments import Floats

VERSION = 1  # of how they sound; others are kept under another name
RATE = 22_050
LEAST_S, MOST_S = 3.0, 10.0  # of each: shorter there is hardly a note, longer there is nothing new
TASK = "instrument"  # whose labels none of them is; in a mode, say, any instrument may play


@dataclass(frozen=True, slots=True)
class ImaginedSource:
    """A stretch of `seconds` on an instrument that nobody has built, played when it is first read."""

    number: int
    seconds: float
    recording: Recording = field(init=False)

    def __post_init__(self) -> None:
        name = f"imagined {VERSION} {self.number} {self.seconds}"
        frames = round(self.seconds * RATE)
        object.__setattr__(self, "recording", Recording(Path(name), name, RATE, frames, 1, "", "synthesised"))

    def mono(self, start: int, frames: int) -> Floats:
        """Samples `start` up to `start + frames` of it."""
        rng, modes = np.random.default_rng([self.number, VERSION]), label_ids("mode")
        mode, hz, own = str(rng.choice(modes)), float(rng.uniform(150, 420)), int(rng.integers(2**31))
        sound = synthesise(mode, "setar", own, self.seconds, hz, RATE, player=imagined(self.number)).samples
        return sound[start : start + frames]


def others(extractor: FeatureExtractor, count: int, progress: Progress) -> Floats:
    """Embed `count` of them, one segment each: float32 [count, layers, width]. Raises ModelError and Cancelled."""
    grid, heard = extractor.grid, []
    seconds = min(max(grid.window_s, LEAST_S), MOST_S)
    for number in range(count):
        progress.step(number / count, _("hearing what is none of the labels"))
        source = ImaginedSource(number, seconds)
        heard.append(embed_recording(source, extractor.backbone, grid, extractor.layers, SILENT, extractor.cache))
    return np.concatenate([one.values[:1] for one in heard])
