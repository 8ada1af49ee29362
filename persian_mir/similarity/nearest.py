"""The question itself: what sounds like this passage, and where."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Progress
from persian_mir.similarity.features import Features
from persian_mir.similarity.index import Neighbour, SimilarityIndex, Stretch

if TYPE_CHECKING:
    from persian_mir.audio import AudioSource


def nearest(
    index: SimilarityIndex,
    features: Features,
    source: AudioSource,
    span: tuple[int, int],
    limit: int = 10,
    *,
    among: Collection[str] | None = None,
    other_recordings_only: bool = True,
    progress: Progress = SILENT,
) -> tuple[Neighbour, ...]:
    """Return up to `limit` passages most like samples `span` of `source`, the nearest first; no two overlap.

    `among`: content hashes of the recordings to look in. What overlaps the asked passage itself is never given.
    Raises PersianMirError where the passage holds nothing to compare.
    """
    recording = source.recording
    vector = features.passage(source, *span, progress)
    if vector is None:
        what = _("Too little sounds in this passage to compare it with others.")
        raise PersianMirError(what, path=recording.path, cure=_("Choose a longer one, or another."))
    without = recording.hashes if other_recordings_only else ()
    return index.search(vector, limit, among, without, Stretch(recording.content_hash, *span))
