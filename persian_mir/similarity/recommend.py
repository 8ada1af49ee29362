"""More like this: recordings recommended for those that somebody likes, each with its reasons.

Mode, instrument and melody each say how much a recording is like the liked ones. How much that means is how few others
are as much like them: -ln of their share (C. Shannon's surprisal, 1948). So the same mode speaks strongly in a
collection of all modes and hardly where all is Segah, and no weights have to be chosen. What is unknown says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from persian_mir.i18n import _
from persian_mir.labels import describe
from persian_mir.similarity.index import RERANK, SimilarityIndex
from persian_mir.similarity.traits import Traits

Kind = Literal["mode", "instrument", "melody"]

LEAST_SHARE = 0.01  # of the others as much alike: to be the first of a hundred or of a million means the same
PASSAGES = 8  # of a liked recording, evenly spaced, whose nearest are looked for


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a recording is recommended. `label`: the mode or instrument that both have. `likeness` 0 to 1; `strength` in
    nats: e**-strength of the others are as much alike.
    """

    kind: Kind
    label: str
    likeness: float
    strength: float

    @property
    def text(self) -> str:
        """What speaks for the recording, in words: `Segah`, `tar` or `melody`."""
        return _("melody") if self.kind == "melody" else describe(self.kind, self.label).spoken


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recording, and what speaks for it, the strongest reason first."""

    recording: Traits
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> float:
        """All reasons together, in nats."""
        return sum(reason.strength for reason in self.reasons)


def recommend(
    liked: Sequence[Traits],
    others: Sequence[Traits],
    melody: Mapping[str, float],
    limit: int = 10,
    *,
    same_artist_in_a_row: bool = False,
) -> tuple[Recommendation, ...]:
    """Return up to `limit` of `others` that are most like one of `liked`, the best first.

    `melody`: how much the melodies of recordings are like theirs, 0 to 1, by content hash (`melody_likeness`); those
    that are missing are not. Unless `same_artist_in_a_row`, no two neighbours share an artist: the list ends where
    only that one is left. What nothing speaks for is not recommended.
    """
    known = {one.content_hash for one in liked}
    others = [one for one in others if one.content_hash not in known]
    likeness: dict[Kind, list[tuple[float, str]]] = {
        "mode": [_shared([like.modes for like in liked], one.modes) for one in others],
        "instrument": [_shared([like.instruments for like in liked], one.instruments) for one in others],
        "melody": [(melody.get(one.content_hash, 0.0), "") for one in others],
    }
    strengths = {kind: _strengths(np.array([like for like, _label in some])) for kind, some in likeness.items()}
    found = []
    for k, one in enumerate(others):
        reasons = [Reason(kind, some[k][1], some[k][0], float(strengths[kind][k])) for kind, some in likeness.items()]
        speaking = sorted((one for one in reasons if one.strength > 0), key=lambda one: -one.strength)
        if speaking:
            found.append(Recommendation(one, tuple(speaking)))
    found.sort(key=lambda one: (-one.score, one.recording.content_hash))
    return tuple(found[:limit] if same_artist_in_a_row else _alternating(found, limit))


def melody_likeness(index: SimilarityIndex, liked: Sequence[str]) -> dict[str, float]:
    """Return how much recordings of the index resemble the `liked` ones in melody, 0 to 1, by content hash.

    Of each liked recording some passages are asked for; a recording counts with its nearest passage to each, nothing
    where that is not among the nearest of all, and with the best of the liked ones.
    """
    best: dict[str, float] = {}
    held = index.store.held()
    for content_hash in liked:
        number = held.spans.place.get(content_hash)
        if number is None:
            continue
        first, count = int(held.spans.first[number]), int(held.spans.count[number])
        places = np.unique(np.linspace(first, first + count - 1, PASSAGES).round().astype(int))
        totals: dict[str, float] = {}
        for place in places:
            nearest: dict[str, float] = {}
            for one in index.search(held.vectors[place], RERANK, without=liked):
                nearest.setdefault(one.stretch.content_hash, max(0.0, one.similarity))
            for other, similarity in nearest.items():
                totals[other] = totals.get(other, 0.0) + similarity / len(places)
        for other, similarity in totals.items():
            best[other] = max(best.get(other, 0.0), similarity)
    return best


def _shared(liked: Sequence[Mapping[str, float]], one: Mapping[str, float]) -> tuple[float, str]:
    """How probable it is that a label is that of one of `liked`, and which label it is most probably."""
    products = (
        (sum(some.get(label, 0.0) * p for label, p in one.items()), max(one, key=lambda k: some.get(k, 0.0) * one[k]))
        for some in liked
        if one
    )
    return max(products, default=(0.0, ""), key=lambda product: product[0])


def _strengths(likeness: NDArray[np.float64]) -> NDArray[np.float64]:
    """-ln of the share that is as much alike, [n]; nothing where there is no likeness."""
    ordered = np.sort(likeness)
    share = 1 - np.searchsorted(ordered, likeness, side="left") / max(len(likeness), 1)
    return np.where(likeness > 0, -np.log(np.maximum(share, LEAST_SHARE)), 0.0)


def _alternating(found: Sequence[Recommendation], limit: int) -> list[Recommendation]:
    """The best first, but after each the best that shares no artist with it."""
    left, chosen = list(found), list[Recommendation]()
    while len(chosen) < limit:
        last = chosen[-1].recording.artists if chosen else frozenset()
        following = next((one for one in left if not last & one.recording.artists), None)
        if following is None:
            break
        left.remove(following)
        chosen.append(following)
    return chosen
