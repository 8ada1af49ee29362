"""What every reader hands back: labelled stretches of recordings, in one shape wherever they come from."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from persian_mir import plurals
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.labels import ordered

SPLITS = ("train", "dev", "test")


class DataError(PersianMirError):
    """Training data that cannot be used as they are."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A labelled stretch of a recording: seconds `start_s` up to `stop_s` (its end).

    `labels` holds the label id of each task that is known; `written` what the data say of it, word by word (a task in
    `written` alone is one whose label nobody knows). `split` is train, dev, test or empty, `also` names further splits
    that list the recording. `place` says where in the data the entry stands: in words,
    or the number of its row in a manifest.
    """

    path: Path
    labels: Mapping[str, str]
    artist: str = ""
    split: str = ""
    start_s: float = 0.0
    stop_s: float = math.inf
    extra: Mapping[str, str] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    place: str | int = ""

    @property
    def spoken_place(self) -> str:
        """Where in the data it stands, in words."""
        return self.place if isinstance(self.place, str) else _("Row {row} of the manifest").format(row=self.place)


@dataclass(frozen=True, slots=True)
class Dataset:
    """Entries below `root`. `synthetic`: made by a computer, and to be called so wherever it is shown.

    `unlisted` are recordings that lie there but stand in none of the lists; `sources` the manifest or the lists.
    """

    name: str
    entries: Sequence[Entry]
    synthetic: bool
    root: Path
    unlisted: tuple[Path, ...] = ()
    sources: tuple[Path, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that it is read from, each once: recordings, manifest, lists."""
        return tuple(dict.fromkeys((*(one.path for one in self.entries), *self.unlisted, *self.sources)))

    def labels(self, task: str) -> tuple[str, ...]:
        """The labels of a task that occur, in the vocabulary's order. DataError where there are fewer than two."""
        found = ordered(task, (one.labels[task] for one in self.entries if one.labels.get(task)))
        if len(found) < 2:
            what = _("The data hold {count} of the task {task}; two or more are needed.")
            cure = _("Choose another task, or add recordings of another class.")
            raise DataError(what.format(count=plurals.labels(len(found)), task=task), path=self.root, cure=cure)
        return found

    def key(self, path: Path) -> str:
        """How a recording is called in a file about this dataset: relative to the root, with forward slashes."""
        return _key(self.root, path)


@lru_cache(1 << 16)
def _key(root: Path, path: Path) -> str:
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
