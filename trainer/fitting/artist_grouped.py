"""What a fit is worth on artists it has never heard: whole artists set apart, in folds, with its own options."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _
from persian_mir.probes.ood_detector import flattened, strangeness
from persian_mir.probes.probe import softmax
from persian_mir.progress import SILENT, Progress
from trainer.evaluation.sureness import Answered
from trainer.features.segments import Features, Floats, Mask
from trainer.fitting import calibrate
from trainer.fitting.calibrate import USUAL_REACH
from trainer.fitting.checkpoint import Checkpoint, CheckpointEntry
from trainer.fitting.loop import Fitted, HeadConfig, Labelled, fit_head
from trainer.fitting.split_masks import drawn_folds
from trainer.fitting.unknown import guard_inputs, guard_of


def artist_grouped_answers(
    features: Features,
    task: str,
    config: HeadConfig,
    checkpoint: Checkpoint,
    progress: Progress,
    reach: float = USUAL_REACH,
) -> Answered | None:
    """What heads that have not heard its artist say of every segment, their guards drawn at `reach`; None where the
    artists are not known, are what is learnt, or are too few. Raises Cancelled; what is done is kept.
    """
    folds = [] if task == "artist" else drawn_folds(features, task, "artist", config.seed)
    if not folds:
        return None
    rows, ood_scores, tested = [], [], []
    for number, part in enumerate(folds):
        entry = CheckpointEntry(checkpoint, f"fold {number}")
        state = entry.get()
        kept = {} if state is None else state[1]
        if "strange" not in kept:
            of = len(folds)
            text = _("Judging by artists never heard, {number} of {of}").format(number=number + 1, of=of)
            own = progress.part(number / of, 1 / of, text, SILENT.publish)
            kept = _fold(features, part, config, entry, own, reach)
            entry.put({}, kept)
        rows.append(np.asarray(kept["rows"], np.float32))
        ood_scores.append(np.asarray(kept["strange"], np.float32))
        tested.append(np.flatnonzero((part == "test") & features.recorded))
    order = np.concatenate(tested)
    lengths = features.spans[order, 1] - features.spans[order, 0]
    where = (features.targets[order], features.groups[order], features.labels, lengths, np.concatenate(ood_scores))
    return Answered(np.concatenate(rows), *where)


def _fold(
    features: Features,
    part: NDArray[np.str_],
    config: HeadConfig,
    entry: CheckpointEntry,
    progress: Progress,
    reach: float,
) -> dict[str, Floats]:
    """What a probe of `train` says of the segments of `test`: guarded `rows`, and how `ood_scores` they are."""
    train, dev, test = (part == name for name in ("train", "dev", "test"))
    test &= features.recorded
    features = features.standardised(train)
    fitted = fit_features(features, train, dev, config, progress, entry)
    if fitted.stopped:
        progress.step(1.0)  # raises Cancelled: half a fold is no answer
    concat = config.mix == "concat"
    of_dev, of_test = (logits(features, fitted, concat, mask) for mask in (dev, test))
    rows = softmax(of_test / np.float32(calibrate.temperature(of_dev, features.targets[dev])))
    inputs = guard_inputs(features, fitted.layer_weights, concat)
    detector = guard_of(features, inputs, train, dev, reach)
    away = detector.away(inputs.segments[test])
    return {"rows": flattened(rows, detector, away), "strange": strangeness(detector, away)}


def logits(features: Features, fitted: Fitted, concat: bool, part: Mask) -> Floats:
    """What the head says of the segments of `part`: float32 [segments, classes]."""
    return np.concatenate([fitted.head.logits(rows) for rows in features.inputs(fitted.layer_weights, concat, part)])


def fit_features(
    features: Features, train: Mask, dev: Mask, config: HeadConfig, progress: Progress, entry: CheckpointEntry
) -> Fitted:
    """Fit on the segments of `train`, chosen by those of `dev`; of the modal reading alone where that is asked for."""
    rows, modal = np.flatnonzero(train), features.modal_features
    if features.modal_only and modal is not None:
        learnt = Labelled(modal[:, None], features.targets, rows=rows)
        chosen = Labelled(modal[dev][:, None], features.targets[dev])
    else:
        learnt = Labelled(features.values, features.targets, modal, rows, features.scale)
        chosen = Labelled(features.read(dev), features.targets[dev], features.modal(dev))
    return fit_head(learnt, len(features.labels), config, chosen if dev.any() else None, progress, entry)
