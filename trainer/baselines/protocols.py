"""One system judged in three ways on the same data: as studies part them, by whole recordings, and by whole artists.

Studies of Dastgahs often part segments at random: pieces of one recording are learnt from and judged by. Beside the
other two that figure shows how much of it is knowledge of the recordings and of the players.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _
from persian_mir.probes.probe import softmax
from persian_mir.progress import Progress
from trainer.baselines.baseline import Arrays, Effort, Examples, Floats
from trainer.evaluation.evaluate import LEAK_GAP, Evaluation, evaluate
from trainer.features.segments import Features, Mask
from trainer.fitting.split_masks import FOLDS, drawn_folds

PROTOCOLS = ("published", "recording", "artist")
OF_ONE = ("official", *PROTOCOLS)  # every way to judge by one collection alone


class Learner(Protocol):
    """What learns from examples and answers; every `Baseline` does."""

    @property
    def fit(self) -> Callable[[Examples], Arrays]:
        """What is learnt, as plain arrays."""

    @property
    def logits(self) -> Callable[[Arrays, Floats], Floats]:
        """What these say of rows [segments, width], [segments, labels]."""


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    """Who is learnt from, who among them chooses, and who is judged: bool [segments] each. `whole`: recordings are not
    parted, so what a net holds out of the training part are recordings, too.
    """

    train: Mask
    dev: Mask
    test: Mask
    whole: bool = True


def evaluate_by_protocols(
    learner: Learner, features: Features, task: str, effort: Effort, progress: Progress
) -> dict[str, Evaluation]:
    """By each protocol; one that cannot be had is left out. Raises Cancelled."""
    found = {}
    for number, name in enumerate(PROTOCOLS):
        part = progress.part(number / len(PROTOCOLS), 1 / len(PROTOCOLS), protocol_name(name))
        evaluation = evaluate_protocol(learner, features, task, name, effort, part)
        if evaluation is not None:
            found[name] = evaluation
    return found


def evaluate_protocol(
    learner: Learner, features: Features, task: str, name: str, effort: Effort, progress: Progress
) -> Evaluation | None:
    """Every segment that is judged, judged once by a system that learnt from the other folds. None where the protocol
    cannot be had, as where artists are not known or are what is learnt. Raises Cancelled.
    """
    folds = protocol_folds(features, task, name, effort.seed)
    judged = np.any([fold.test for fold in folds], axis=0) if folds else np.zeros(0, np.bool_)
    if not judged.any():
        return None
    rows = np.zeros((len(features.targets), len(features.labels)), np.float32)
    for k, fold in enumerate(folds):
        part = progress.part(k / len(folds), 1 / len(folds))
        part.step(0)
        rows[fold.test] = _answers(learner, features, task, fold, effort, part, inputs(features, fold.test))
    lengths = features.spans[:, 1] - features.spans[:, 0]
    return evaluate(rows[judged], features.targets[judged], features.groups[judged], features.labels, lengths[judged])


def evaluate_other(
    learner: Learner, features: Features, other: Features, task: str, effort: Effort, progress: Progress
) -> Evaluation | None:
    """All of `features` learnt from, and judged by `other`, of the same labels, save the recordings that are in both.
    None where nothing is left. Raises Cancelled.
    """
    met = np.isin(np.array(other.hashes), features.hashes)[other.groups]
    if met.all():
        return None
    every, none = np.ones(len(features.targets), np.bool_), np.zeros(len(features.targets), np.bool_)
    rows = _answers(learner, features, task, Fold(every, none, none), effort, progress, inputs(other, ~met))
    spans = other.spans[~met]
    return evaluate(rows, other.targets[~met], other.groups[~met], features.labels, spans[:, 1] - spans[:, 0])


def protocol_name(name: str) -> str:
    """How a protocol is called."""
    names = {
        "official": _("given split"),
        "other": _("another collection"),
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
    return leak_sentence(easy.accuracy, strict.accuracy, strict.majority_baseline, others[0])


def leak_sentence(easy: float, strict: float, majority: float, protocol: str) -> str:
    """The same from shares: by random segments, by the stricter `protocol`, and the commonest label's."""
    if easy - strict < LEAK_GAP:
        return ""
    text = _(
        "Warning: parted at random {easy:.1%} of the segments are named right, of {others} {strict:.1%} (commonest "
        "label {majority:.1%}). Segments of one recording on both sides let it know the recording again: that is no "
        "knowledge of the task."
    )
    return text.format(others=protocol_name(protocol), easy=easy, strict=strict, majority=majority)


def protocol_folds(features: Features, task: str, name: str, seed: int) -> list[Fold]:
    """The folds of a protocol; none where it cannot be had."""
    if name in ("official", "other"):
        given = np.array(features.given)[features.groups]
        return (
            [Fold((given == "train") | (given == "dev"), given == "dev", given == "test")]
            if (given == "test").any()
            else []
        )
    whole = name != "published"
    return [Fold(~test, np.zeros(len(test), np.bool_), test, whole) for test in _tests(features, task, name, seed)]


def _tests(features: Features, task: str, name: str, seed: int) -> list[Mask]:
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


def _answers(
    learner: Learner, features: Features, task: str, fold: Fold, effort: Effort, progress: Progress, asked: Floats
) -> Floats:
    """Shares a label of the rows `asked` [segments, width], [segments, labels]; an artist who is not heard may take a
    label along, which is then never named.
    """
    train = fold.train & ~fold.dev
    known, targets = np.unique(features.targets[train], return_inverse=True)
    rows = np.zeros((len(asked), len(features.labels)), np.float32)
    if len(known) < 2:
        rows[:, known] = 1
        return rows
    labels = tuple(features.labels[k] for k in known.tolist())
    learnt = Examples(inputs(features, train), targets, labels, task, effort, progress=progress)
    dev = fold.dev & np.isin(features.targets, known)
    if dev.any():
        of_dev = np.searchsorted(known, features.targets[dev])
        learnt = replace(learnt, dev_rows=inputs(features, dev), dev_targets=of_dev)
    arrays = learner.fit(replace(learnt, groups=features.groups[train] if fold.whole else None))
    rows[:, known] = softmax(learner.logits(arrays, asked))
    return rows


def inputs(features: Features, part: Mask) -> Floats:
    """What a system reads: the one hidden state, and the modal reading where there is one, [segments, width]."""
    rows, modal = features.values[part][:, 0], features.modal(part)
    return rows if modal is None else np.concatenate([rows, modal], axis=1)
