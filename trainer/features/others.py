"""Known unknowns: sounds that are none of a probe's labels, so that it may learn what lies beyond them (D. Hendrycks
et al. 2019, Deep Anomaly Detection with Outlier Exposure). Made by the synthesiser from nothing, heard once and kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from persian_mir.examples.imagined import imagined
from persian_mir.examples.synthesise import synthesise
from persian_mir.i18n import _
from persian_mir.labels import label_ids
from persian_mir.progress import SILENT, Progress
from persian_mir.recording import Recording
from trainer.features.extraction import FeatureExtractor
from trainer.features.segments import Floats
from trainer.features.views import ViewedSource, drawn

VERSION = 1  # of how they sound; others are kept under another name
RATE = 22_050
SECONDS = 10.0  # of each: of the first segment alone there are hardly any notes, and later is nothing new
TASK = "instrument"  # whose labels none of them is; in a mode, say, any instrument may play


@dataclass(frozen=True, slots=True)
class ImaginedSource:
    """`SECONDS` on an instrument that nobody has built, played when it is first read."""

    number: int
    recording: Recording = field(init=False)

    def __post_init__(self) -> None:
        name = f"imagined {VERSION} {self.number}"
        frames = round(SECONDS * RATE)
        object.__setattr__(self, "recording", Recording(Path(name), name, RATE, frames, 1, "", "synthesised"))

    def mono(self, start: int, frames: int) -> Floats:
        """Samples `start` up to `start + frames` of it."""
        rng, modes = np.random.default_rng([self.number, VERSION]), label_ids("mode")
        mode, hz, own = str(rng.choice(modes)), float(rng.uniform(150, 420)), int(rng.integers(2**31))
        sound = synthesise(mode, "setar", own, SECONDS, hz, RATE, player=imagined(self.number)).samples
        return sound[start : start + frames]


def others(extractor: FeatureExtractor, count: int, progress: Progress) -> Floats:
    """Embed `count` of them, one segment each: float32 [count, layers, width]. Raises ModelError and Cancelled.

    Each comes from a room and a microphone of its own, as recordings do: else it is its cleanness that sets it apart.
    """
    heard = []
    for number in range(count):
        progress.step(number / count, _("hearing what is none of the labels"))
        source = ImaginedSource(number)
        viewed = ViewedSource(source, drawn(source.recording.content_hash, 1, VERSION))
        heard.append(extractor.embedding(viewed, SILENT))
    return np.concatenate([one.values[:1] for one in heard])
