"""Who is learnt from and who is judged by, decided once, written to a file with a hash, and never redrawn silently."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from persian_mir.atomic_write import atomic_write
from persian_mir.checked_json import RecordError, among, listed, mapping, read_json, record, text, whole
from persian_mir.i18n import _
from persian_mir.labels import TASKS
from trainer.data.dataset import SPLITS, DataError, Dataset, Entry

How = Literal["official", "artist", "recording"]
FORMAT = "persian-mir splits 1"
MOST_FOLDS = 1000
MAX_BYTES = 1 << 30  # a million recordings in five folds
SPLIT_FILE = record(
    format=among(FORMAT),
    dataset=text(),
    how=among("official", "artist", "recording"),
    task=among("", *TASKS),
    seed=whole(),
    folds=listed(mapping(among(*SPLITS)), MOST_FOLDS),
    hash=text(),
)


@dataclass(frozen=True, slots=True)
class Splits:
    """One or more folds of a dataset, each the part (train, dev, test) of every recording by its `Dataset.key`.

    `how`: the official lists, or drawn with `seed` by whole artists or whole recordings, spread evenly by `task`.
    """

    dataset: str
    how: How
    task: str
    seed: int
    folds: tuple[Mapping[str, str], ...]

    @property
    def hash(self) -> str:
        """BLAKE2b-128 of all of it, in hex."""
        return hashlib.blake2b(json.dumps(_document(self), sort_keys=True).encode(), digest_size=16).hexdigest()


def official(dataset: Dataset) -> Splits:
    """The lists as given. Raises DataError without a train or a test part; recordings of no split are left out."""
    parts = {dataset.key(entry.path): entry.split for entry in dataset.entries if entry.split}
    for entry in dataset.entries:
        if parts.get(dataset.key(entry.path), entry.split) != entry.split:
            what = _("The same recording stands in two splits.")
            raise DataError(what, path=entry.path, cure=_("Leave it in one of them."))
    for part in ("train", "test"):
        if part not in parts.values():
            what = _("The dataset has no official {part} part.").format(part=part)
            raise DataError(what, path=dataset.root, cure=_("Use a split by artist or by recording."))
    return Splits(dataset.name, "official", "", 0, (parts,))


def grouped(
    dataset: Dataset,
    task: str,
    by: Literal["artist", "recording"],
    seed: int,
    folds: int = 5,
    fewer: bool = False,
) -> Splits:
    """`folds` folds: each bin of whole groups is test once, the next one dev meanwhile, the rest is train. With `fewer`
    there may be fewer of them where there are fewer groups.

    Every recording of `task` is in test exactly once. Raises DataError with fewer groups than folds, or for a
    recording of which the artist is not known.
    """
    rows: dict[str, list[Entry]] = defaultdict(list)
    for entry in dataset.entries:
        if entry.labels.get(task):
            rows[dataset.key(entry.path)].append(entry)
    group = {key: _group(key, entries, by) for key, entries in rows.items()}
    classes: dict[str, Counter[str]] = defaultdict(Counter)
    for key, entries in rows.items():
        classes[group[key]].update(entry.labels[task] for entry in entries)
    if fewer:
        folds = max(3, min(folds, len(classes)))
    if folds < 3 or len(classes) < folds:
        what = _("{groups} groups cannot be spread over {folds} folds.").format(groups=len(classes), folds=folds)
        raise DataError(
            what,
            path=dataset.root,
            cure=_("Take 3 folds or more, and no more than there are groups; or add recordings."),
        )
    place = _spread(classes, folds, seed)
    drawn = tuple({key: _part((place[group[key]] - number) % folds) for key in sorted(rows)} for number in range(folds))
    return Splits(dataset.name, by, task, seed, drawn)


def apply(dataset: Dataset, fold: Mapping[str, str]) -> Dataset:
    """The dataset with each entry in its part of `fold`; what is in none is left out."""
    kept = (entry for entry in dataset.entries if dataset.key(entry.path) in fold)
    return replace(dataset, entries=tuple(replace(e, split=fold[dataset.key(e.path)], also=()) for e in kept))


def write_splits(splits: Splits, path: Path) -> None:
    """Write a new file. Raises DataError where one of another content stands."""
    if path.exists():
        if read_splits(path) != splits:
            what = _("Another split stands here already.")
            raise DataError(what, path=path, cure=_("Name another file, or delete this one if it was a mistake."))
        return
    text = json.dumps({**_document(splits), "hash": splits.hash}, indent=1, ensure_ascii=False)
    try:
        with atomic_write(path) as file:
            file.write(f"{text}\n".encode(errors="backslashreplace"))  # a name that is no text, as JSON escapes it
    except OSError as error:
        what = _("The split cannot be written: {reason}.").format(reason=error.strerror)
        raise DataError(what, path=path, cure=_("Check the disk, or name another file.")) from error


def read_splits(path: Path) -> Splits:
    """What was written. Raises DataError where it was changed since."""
    try:
        values = read_json(path, SPLIT_FILE, MAX_BYTES)
    except (OSError, RecordError) as error:
        cure = _("Write it anew with: python -m trainer split.")
        raise DataError(_("This is not a split that can be read."), path=path, cure=cure) from error
    folds = tuple(values["folds"])
    splits = Splits(values["dataset"], values["how"], values["task"], values["seed"], folds)
    if splits.hash != values["hash"]:
        cure = _("Restore the file: figures on another split cannot be compared.")
        raise DataError(_("The split was changed after it was written."), path=path, cure=cure)
    return splits


def _document(splits: Splits) -> dict[str, object]:
    folds = [dict(sorted(fold.items())) for fold in splits.folds]
    plain = {"dataset": splits.dataset, "how": splits.how, "task": splits.task, "seed": splits.seed}
    return {"format": FORMAT, **plain, "folds": folds}


def _group(key: str, entries: Sequence[Entry], by: str) -> str:
    if by == "recording":
        return key
    artists = {entry.labels.get("artist") or entry.artist for entry in entries}
    if len(artists) > 1 or not min(artists):
        what = _("The artist of this recording is not known, or not one.")
        raise DataError(what, path=entries[0].path, cure=_("Name one artist, or split by recording."))
    return artists.pop()


def _part(distance: int) -> str:
    return ("test", "dev")[distance] if distance < 2 else "train"


def _spread(classes: Mapping[str, Counter[str]], folds: int, seed: int) -> dict[str, int]:
    """A bin for each group, large groups first, each into the bin where its classes are rarest so far."""
    names = sorted(classes)
    np.random.default_rng(seed).shuffle(names)
    total = sum(classes.values(), Counter[str]())
    bins = [Counter[str]() for _unused in range(folds)]
    place = {}
    for name in sorted(names, key=lambda one: -classes[one].total()):
        mine = classes[name]
        # The share of each class that the bin would then hold, weighed by how much of it the group brings.
        costs = [(sum((full[k] + n) * n / total[k] for k, n in mine.items()), full.total()) for full in bins]
        place[name] = costs.index(min(costs))
        bins[place[name]] += mine
    return place
