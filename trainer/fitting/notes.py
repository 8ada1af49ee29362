"""What a probe's file tells of how it was made: plain values for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from persian_mir import __version__
from trainer.features.segments import Features
from trainer.fitting.fit_options import NOTE, FitOptions
from trainer.fitting.loop import Fitted
from trainer.fitting.split_masks import Parts
from trainer.fitting.training_data import TrainingData

MOST_TOLD = 50  # recordings left out that are named

Notes = dict[str, object]


def of_data(data: TrainingData, features: Features, parts: Parts, said: Sequence[str]) -> Notes:
    """What was learnt from, how it was parted, and what was `said` of it."""
    gone, recorded = (*data.left_out, *features.skipped), features.recorded
    masks = {name: part & recorded for name, part in parts.named().items()}
    return {
        "dataset": data.dataset,
        "split": parts.how,
        "split_hash": parts.hash,
        "recordings": {name: len(set(features.groups[part].tolist())) for name, part in masks.items()},
        "segments": {name: int(part.sum()) for name, part in masks.items()},
        "classes": {label: int((features.targets[recorded] == k).sum()) for k, label in enumerate(features.labels)},
        "skipped": len(gone),
        "remarks": [*said, *(f"{one.path.name}: {one.reason}" for one in gone[:MOST_TOLD])],
    }


def of_fit(options: FitOptions, fitted: Fitted) -> Notes:
    """How it was learnt, by which program, and when."""
    return {
        NOTE: {**options.as_dict(), "split": Path(options.split).name},  # no path leaves with a probe
        "epochs_run": len(fitted.epochs),
        "epoch": fitted.best,
        "stopped": fitted.stopped,
        "program": f"persian-mir {__version__}",
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }
