"""Taking into the index of melodies what a batch has heard, so that the first question afterwards is quick."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from persian_mir.catalogue.catalogue import Catalogue
from persian_mir.modal.pitch import heard_recordings
from persian_mir.progress import SILENT, Progress
from persian_mir.similarity.build import build_index
from persian_mir.similarity.from_catalogue import known_files
from persian_mir.similarity.index import SimilarityIndex
from persian_mir.similarity.melody import MelodyFeatures


def grow(path: Path | None = None, progress: Progress = SILENT) -> int:
    """Index the recordings of the catalogue at `path` whose pitch is in the cache; return how many are indexed by now.

    The others are described when something like them is asked for. Stopped or killed, the next call goes on. Raises
    PersianMirError where the catalogue or the index cannot be used; `progress` may raise Cancelled.
    """
    heard = heard_recordings()
    with closing(Catalogue.open(path)) as catalogue:
        known = {file: one for file, one in known_files(catalogue).items() if one in heard}
    features = MelodyFeatures()
    with SimilarityIndex(features.space) as index:
        return len(build_index(index, features, list(known), known, progress).hashes)
