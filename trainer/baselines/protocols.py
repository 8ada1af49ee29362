"""One system judged in three ways on the same data: as studies part them, by whole recordings, and by whole artists.

Studies of Dastgahs often part segments at random: pieces of one recording are learnt from and judged by. Beside the
other two that figure shows how much of it is knowledge of the recordings and of the players.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _
from persian_mir.probes.probe import softmax
from persian_mir.progress import Progress
from trainer.baselines.baseline import Baseline, Examples, Floats
from trainer.evaluation.evaluate import LEAK_GAP, Evaluation, evaluate
from trainer.features.segments import Features, Mask
from trainer.fitting.split_masks import FOLDS, drawn_folds

PROTOCOLS = ("published", "recording", "artist")


def evaluate_by_protocols(
    baseline: Baseline, features: Features, task: str, seed: int, progress: Progress
) -> dict[str, Evaluation]:
    """Every segment judged once by a system that learnt from the other folds; a protocol that cannot be had, as where
    artists are not known or are what is learnt, is left out. Raises Cancelled.
    """
    found = {}
    for number, name in enumerate(PROTOCOLS):
        part = progress.part(number / len(PROTOCOLS), 1 / len(PROTOCOLS), protocol_name(name))
        folds = _folds(features, task, name, seed)
        if not folds:
            continue
        rows = np.zeros((len(features.targets), len(features.labels)), np.float32)
        for k, test in enumerate(folds):
            of_fold = part.part(k / len(folds), 1 / len(folds))
            of_fold.step(0)
            rows[test] = _answers(baseline, features, task, test, seed, of_fold)
        lengths = features.spans[:, 1] - features.spans[:, 0]
        found[name] = evaluate(rows, features.targets, features.groups, features.labels, lengths)
    return found


def protocol_name(name: str) -> str:
    """How a protocol is called."""
    names = {
        "published": _("random segments, as many studies part them"),
        "recording": _("recordings never heard"),
        "artist": _("artists never heard"),
    }
    return names[name]


def protocol_leak(found: Mapping[str, Evaluation]) -> str:
    """A sentence where random segments much exceed the strictest of the other protocols; empty where they do not."""
    others = [name for name in ("artist", "recording") if name in found]
    if "published" not in found or not others:
        return ""
    easy, strict = (found[name].segments for name in ("published", others[0]))
    if easy.accuracy - strict.accuracy < LEAK_GAP:
        return ""
    text = _(
        "Warning: parted at random {easy:.1%} of the segments are named right, of {others} {strict:.1%} (commonest "
        "label {majority:.1%}). Segments of one recording on both sides let it know the recording again: that is no "
        "knowledge of the task."
    )
    of = {"easy": easy.accuracy, "strict": strict.accuracy, "majority": strict.majority_baseline}
    return text.format(others=protocol_name(others[0]), **of)


def _folds(features: Features, task: str, name: str, seed: int) -> list[Mask]:
    """What is judged in each fold, bool [segments]."""
    count = len(features.targets)
    if name == "published":
        drawn: NDArray[np.int64] = np.random.default_rng(seed).permutation(count) % FOLDS
        return [drawn == k for k in range(FOLDS)] if count >= FOLDS else []
    if name == "artist" and task == "artist":
        return []
    artists = sorted(set(features.artists))
    if name == "artist" and all(artists) and 2 <= len(artists) <= FOLDS:  # nothing is chosen by dev: two are enough
        heard = np.array(features.artists)[features.groups]
        return [np.asarray(heard == artist) for artist in artists]
    drawn_by = drawn_folds(features, task, "artist" if name == "artist" else "recording", seed)
    return [np.asarray(part == "test") for part in drawn_by]


def _answers(baseline: Baseline, features: Features, task: str, test: Mask, seed: int, progress: Progress) -> Floats:
    """Shares a label of the segments of `test`, [segments, labels]; an artist who is not heard may take a label along,
    which is then never named.
    """
    known, targets = np.unique(features.targets[~test], return_inverse=True)
    rows = np.zeros((int(test.sum()), len(features.labels)), np.float32)
    if len(known) < 2:
        rows[:, known] = 1
        return rows
    labels = tuple(features.labels[k] for k in known.tolist())
    arrays = baseline.fit(Examples(features.values[~test][:, 0], targets, labels, task, seed, progress=progress))
    rows[:, known] = softmax(baseline.logits(arrays, features.values[test][:, 0]))
    return rows
