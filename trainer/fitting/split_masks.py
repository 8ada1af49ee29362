"""Which recordings a fit learns from, keeps for choosing and is judged by; and the sentence on what was lacking."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from persian_mir import plurals
from persian_mir.i18n import _
from trainer.data.dataset import DataError, Dataset, Entry
from trainer.data.split import split_recordings
from trainer.data.splits import Splits, apply, grouped, official, read_splits
from trainer.features.segments import Features, Floats, Integers, Mask

PARTS = ("train", "dev", "test")
WAYS = ("auto", "official", "grouped", "recording")
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Started:
    """What a fit begins with, once the data are read. `how` and `hash` name the split."""

    labels: tuple[str, ...]
    recordings: int
    segments: int
    how: str
    hash: str


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The segments of each part; `how` they were decided: given, official, artist or recording."""

    train: Mask
    dev: Mask
    test: Mask
    how: str
    hash: str

    @property
    def by_artist(self) -> bool:
        """Whether nobody who is learnt from is judged by."""
        return self.how == "artist"

    def named(self) -> dict[str, Mask]:
        """By name, in order."""
        return {"train": self.train, "dev": self.dev, "test": self.test}


def chosen_split(dataset: Dataset, task: str, wanted: str, seed: int) -> tuple[Dataset, Splits | None]:
    """The dataset with its entries in the parts `wanted`: one of WAYS, or a file from the command `split`.

    `auto` leaves what the data give. Of several folds the first is taken. Raises DataError where it cannot be had.
    """
    if wanted == "auto":
        return dataset, None
    if wanted == "official":
        splits = official(dataset)
    elif wanted in WAYS:
        splits = grouped(dataset, task, "artist" if wanted == "grouped" else "recording", seed, FOLDS, fewer=True)
    else:
        splits = read_splits(Path(wanted))
        known = {dataset.key(entry.path) for entry in dataset.entries}
        if not known & set(splits.folds[0]):
            what = _("The split names none of the recordings here.")
            raise DataError(what, path=Path(wanted), cure=_("Choose the split that was made for these data."))
    return apply(dataset, splits.folds[0]), splits


def decide_parts(features: Features, splits: Splits | None, seed: int) -> Parts:
    """The part of every segment, by recording; where the data give no dev part, one is drawn from the rest."""
    first = [int(np.argmax(features.groups == group)) for group in range(len(features.given))]
    labels = [features.labels[features.targets[index]] for index in first]
    drawn = split_recordings(labels, features.artists, features.given, seed)
    train, dev, test = (np.array(drawn.parts)[features.groups] == name for name in PARTS)
    if splits is None:
        how = "official" if "test" in features.given else drawn.how
        rows = sorted(zip(features.hashes, drawn.parts, strict=True))
        digest = hashlib.blake2b(json.dumps(rows).encode(), digest_size=16).hexdigest()
        return Parts(train, dev, test, how, digest)
    return Parts(train, dev, test, splits.how, splits.hash)


def drawn_folds(features: Features, task: str, by: Literal["artist", "recording"], seed: int) -> list[NDArray[np.str_]]:
    """The part of every segment in each fold, [segments], by whole artists or recordings; none where the artists are
    not known or there are too few.
    """
    pairs = sorted(set(zip(features.groups.tolist(), features.targets.tolist(), strict=True)))
    entries = tuple(
        Entry(features.paths[group], {task: features.labels[label]}, features.artists[group]) for group, label in pairs
    )
    dataset = Dataset("", entries, False, Path())
    try:
        if len(set(features.paths)) < len(features.paths):
            return []
        folds = grouped(dataset, task, by, seed, FOLDS, fewer=True).folds
    except DataError:
        return []
    return [np.array([fold[dataset.key(path)] for path in features.paths])[features.groups] for fold in folds]


def remarks(features: Features, parts: Parts) -> list[str]:
    """What the parts lack, in sentences."""
    said = []
    if not parts.dev.any():
        said.append(_("No recording could be set apart for choosing the best epoch; the last epoch is kept."))
    elif "dev" not in features.given:
        text = _("The data give no dev part; set apart for it: {recordings}.")
        said.append(text.format(recordings=plurals.recordings(len(set(features.groups[parts.dev].tolist())))))
    if not (parts.test.any() or parts.dev.any()):
        said.append(_("Nothing is left to judge the probe by: its figures are of what it learnt from."))
    elif not parts.test.any():
        said.append(_("The data give no test part: the probe is judged by the dev part, which is kinder to it."))
    return said


def check_taught(features: Features, train: Mask) -> None:
    """Raises DataError where the training part lacks a label, or everything."""
    if not train.any():
        what = _("The split leaves nothing to learn from: every recording is in its dev or test part.")
        raise DataError(what, cure=_("Put recordings into the part train, or choose another split."))
    missing = [label for k, label in enumerate(features.labels) if not (features.targets[train] == k).any()]
    if missing:
        what = _("No training segment is left for: {labels}.").format(labels=", ".join(missing))
        raise DataError(what, cure=_("Add recordings of it, or leave the label out."))


def with_added(features: Features, parts: Parts, more: Features) -> tuple[Features, Parts, str]:
    """Both, `more` in the training part, and a sentence on it.

    What lies in dev or test is left out, told by its content, so that the same recordings judge before and after. A
    segment that the training part has already takes the label of `more`, in which the last row wins.
    """
    closed = {features.hashes[group] for group in features.groups[parts.dev | parts.test].tolist()}
    names = {name: group for group, name in enumerate(features.hashes)}
    group_of = np.array([names.setdefault(name, len(names)) for name in more.hashes], np.int64)
    renumbered = replace(more, groups=group_of[more.groups])
    open_to = [more.hashes[group] not in closed for group in more.groups.tolist()]
    latest = {segment: k for k, segment in enumerate(_segments(renumbered)) if open_to[k]}
    rows = np.array(sorted(latest.values()), np.int64)
    stays = np.array([segment not in latest for segment in _segments(features)])
    joined = _appended(features, stays, renumbered, rows)
    learnt = np.ones(len(rows), np.bool_)
    train = np.concatenate([parts.train[stays], learnt])
    dev, test = (np.concatenate([old[stays], ~learnt]) for old in (parts.dev, parts.test))
    text = _(
        "{segments} added to the training part, {replaced} of which it had already; "
        "{left} left out, since the probe is judged by their recordings."
    )
    added, replaced = (int(one.sum()) for one in (more.recorded[rows], ~stays & features.recorded))
    left = int((~np.array(open_to) & more.recorded).sum())
    text = text.format(segments=plurals.segments(added), replaced=replaced, left=left)
    return joined, Parts(train, dev, test, parts.how, parts.hash), text


def _appended(features: Features, stays: Mask, renumbered: Features, rows: Integers) -> Features:
    """The segments that stay, then `rows` of `renumbered`, whose groups are numbered as they will be."""
    new = [k for k, name in enumerate(renumbered.hashes) if name not in features.hashes]
    return replace(
        features,
        values=_both(features.values, np.flatnonzero(stays), renumbered.values, rows),
        targets=np.concatenate([features.targets[stays], renumbered.targets[rows]]),
        groups=np.concatenate([features.groups[stays], renumbered.groups[rows]]),
        spans=np.concatenate([features.spans[stays], renumbered.spans[rows]]),
        views=_joined(features.views, stays, renumbered.views, rows),
        modal_features=_joined(features.modal_features, stays, renumbered.modal_features, rows),
        artists=features.artists + tuple(renumbered.artists[k] for k in new),
        given=features.given + ("train",) * len(new),
        hashes=features.hashes + tuple(renumbered.hashes[k] for k in new),
        paths=features.paths + tuple(renumbered.paths[k] for k in new),
        skipped=features.skipped + renumbered.skipped,
    )


def _joined(values: NDArray[Any] | None, stays: Mask, more: NDArray[Any] | None, rows: Integers) -> NDArray[Any] | None:
    """Those that stay, then `rows` of `more`; None where one of them is."""
    return None if values is None or more is None else np.concatenate([values[stays], more[rows]])


def _both(values: Floats, places: Integers, more: Floats, rows: Integers) -> Floats:
    """The values at `places`, then those of `more` at `rows`, copied once."""
    joined = np.empty((len(places) + len(rows), *values.shape[1:]), np.float32)
    np.take(values, places, axis=0, out=joined[: len(places)], mode="clip")  # clip: without a buffer as large
    np.take(more, rows, axis=0, out=joined[len(places) :], mode="clip")
    return joined


def _segments(features: Features) -> Iterator[tuple[int, float, float, int]]:
    """Recording, stretch and view of each segment."""
    views = [0] * len(features.targets) if features.views is None else features.views.tolist()
    for group, (start, stop), view in zip(features.groups.tolist(), features.spans.tolist(), views, strict=True):
        yield group, start, stop, view
