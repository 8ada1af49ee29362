"""Which recordings a head learns from, and which it is judged by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DEV_SHARE = 0.2  # of a class's recordings


@dataclass(frozen=True, slots=True)
class Split:
    """The part of each recording (`train`, `dev`, `test`) and how it was decided: given, by artist or by recording."""

    parts: tuple[str, ...]
    how: str


def split_recordings(
    labels: Sequence[str], artists: Sequence[str], given: Sequence[str], seed: int, share: float = DEV_SHARE
) -> Split:
    """Parts of recordings, of which `labels`, `artists` (may be empty) and `given` parts (may be empty) are known.

    Given parts stand. Without a given dev part one is drawn from the rest: whole artists where every class has two
    or more, since an artist gives away instrument and mode (most play only one); else whole recordings. Every class
    stays in the training part, so a class of one recording is not in dev, and dev may be empty.
    """
    parts = [part or "train" for part in given]
    if "dev" in parts:
        return Split(tuple(parts), "given")
    free = [index for index, part in enumerate(parts) if part == "train"]
    by_artist = all(artists[i] for i in free) and all(
        len({artists[i] for i in free if labels[i] == label}) > 1 for label in labels
    )
    groups = {i: artists[i] if by_artist else str(i) for i in free}
    for index in _drawn([labels[i] for i in free], [groups[i] for i in free], seed, share):
        parts[free[index]] = "dev"
    return Split(tuple(parts), "artist" if by_artist else "recording")


def _drawn(labels: Sequence[str], groups: Sequence[str], seed: int, share: float) -> list[int]:
    """Indices of the dev part: groups in random order, each taken while all its classes still lack dev recordings.

    The first of a class is taken up to half of the class, the next ones where they bring it nearer to its share.
    """
    names = sorted(set(groups))
    np.random.default_rng(seed).shuffle(names)
    total, taken, drawn = Counter(labels), Counter[str](), list[int]()
    for name in names:
        members = [index for index, group in enumerate(groups) if group == name]
        more = Counter(labels[index] for index in members)
        if all(n <= total[k] / 2 if not taken[k] else taken[k] + n / 2 <= share * total[k] for k, n in more.items()):
            taken += more
            drawn += members
    return drawn
