"""After the supervised contrastive study of Nava (TISMIR 2026, doi 10.5334/tismir.271), which stands for the theses of
Shirmardi and Hemati (2022), too: those cannot be had.

As published: 22,050 Hz, 64 mel bands (2048/512) of one second in dB against its loudest; five convolutions of 256, 128,
64, 32 and 16 channels, each with ReLU, max-pooling 3/2, batch normalisation and dropout 0.3; 256 units. They learn by a
supervised contrastive loss in its N-pairs form, T = 0.1, on a projection of 128; then they are frozen, and layers of
256, 128, 64 and 32 learn the labels. Adam 1e-3, 100 epochs, patience 10, five folds and so five nets.

Our choices: folds of whole recordings where those are known (there: random seconds); batches of 64, not 4; an epoch
takes one second of each segment, drawn anew; rare labels are drawn more often and rolled in time (the study shifted the
pitch of pictures, too); a segment of up to 5 s is the mean over its seconds and nets of their log-probabilities, where
the study put a net of 11 million weights on them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from persian_mir.backbones.spectral import RATE
from trainer.baselines.baseline import Arrays, Baseline, Examples, Floats
from trainer.baselines.early_stopping import held_out
from trainer.baselines.frames import RANGE_DB, mel_decibels, mel_frames

if TYPE_CHECKING:
    from trainer.baselines.supcon_net import SupConNet

MELS, SECONDS = 64, 5
FRAMES = mel_frames(1.0)
WIDTH = SECONDS * FRAMES * MELS


def describe(sound: Floats) -> Floats:
    """Mel bands of each second, -1 to 0 for 80 dB, float32 [5 * 44 * 64]; a shorter window is heard again from its
    beginning.
    """
    seconds = np.resize(sound, (SECONDS, RATE)) if len(sound) else np.zeros((SECONDS, RATE), np.float32)
    rows = [mel_decibels(second, MELS) for second in seconds]
    return np.concatenate([((row - row.max()) / RANGE_DB).reshape(-1) for row in rows]).astype(np.float32)


def fit(examples: Examples) -> Arrays:
    """Fit one net a fold, each stopped by the recordings of its own."""
    from trainer.baselines.supcon_net import fit_one

    held = held_out(examples)
    kept: dict[str, Floats] = {}
    for k, dev in enumerate(held):
        examples.progress.step(k / len(held))
        effort = replace(examples.effort, seed=examples.effort.seed + k)
        part = examples.progress.part(k / len(held), 1 / len(held))
        arrays = fit_one(replace(examples, effort=effort, progress=part), dev, build)
        kept |= {f"{k}.{name}": one for name, one in arrays.items()}
    return kept


def logits(arrays: Arrays, rows: Floats) -> Floats:
    """The mean over the nets of what they say, as log-probabilities: float32 [segments, labels]."""
    from trainer.baselines.neural import net_logits

    nets = sorted({name.split(".", 1)[0] for name in arrays})
    said = []
    for k in nets:
        own = {name.removeprefix(f"{k}."): one for name, one in arrays.items() if name.startswith(f"{k}.")}
        said.append(net_logits(build(len(own["head.last.bias"])), own, rows))
    return np.asarray(np.mean(said, axis=0), np.float32)


def build(labels: int) -> SupConNet:
    """One net for so many labels, untrained; it reads rows [segments, 5 * 44 * 64]."""
    from trainer.baselines.supcon_net import SupConNet

    return SupConNet(SECONDS, FRAMES, MELS, labels)


BASELINE = Baseline("supcon", RATE, WIDTH, float(SECONDS), describe, fit, logits)
