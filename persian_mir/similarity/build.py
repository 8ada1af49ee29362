"""Building an index: recordings are described one after the other, those that are in it already are skipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from persian_mir.audio import open_audio
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Progress
from persian_mir.similarity.compact import compact
from persian_mir.similarity.features import Features
from persian_mir.similarity.index import SimilarityIndex

LOOKED_THROUGH = 50_000  # rows whose checksums are tested each time: a fifth of a second


@dataclass(frozen=True, slots=True)
class IndexingResult:
    """The content hashes of the recordings that are in the index now, and the error of each file that could not be."""

    hashes: tuple[str, ...]
    failed: tuple[tuple[Path, PersianMirError], ...]


def build_index(
    index: SimilarityIndex,
    features: Features,
    paths: Sequence[Path],
    known: Mapping[Path, str] | None = None,
    progress: Progress = SILENT,
) -> IndexingResult:
    """Add the recordings at `paths`. Each is kept when it is done: cancelled or killed, the next call goes on there.

    `known`: content hashes of files where those are known, so that what is indexed need not be opened. `progress` may
    raise Cancelled. Raises PersianMirError where the index itself cannot be written.
    """
    index.store.remove_damaged(progress.part(0.0, 0.03, _("Looking through the index")), LOOKED_THROUGH)
    compact(index.store, progress.part(0.03, 0.02, _("Tidying the index")))
    held = index.store.hashes()
    hashes, failed = dict[str, None](), list[tuple[Path, PersianMirError]]()
    for number, path in enumerate(paths):
        note = _("Listening to {name}").format(name=path.name)
        part = progress.part(0.05 + 0.9 * number / len(paths), 0.9 / len(paths), note)
        part.step(0.0)
        content_hash = (known or {}).get(path, "")
        if content_hash in held:
            hashes[content_hash] = None
            continue
        try:
            hashes[_added(index, features, path, part)] = None
        except PersianMirError as error:
            failed.append((path, error))
    index.encode(progress.part(0.95, 0.05, _("Making the index quick")))
    progress.step(1.0)
    return IndexingResult(tuple(hashes), tuple(failed))


def _added(index: SimilarityIndex, features: Features, path: Path, progress: Progress) -> str:
    """Add one recording, unless it is there by that or another name, and return its content hash."""
    with open_audio(path, progress) as source:
        recording = source.recording
        whole = path.absolute()
        if not index.store.relink(recording.content_hash, whole):
            index.store.add(recording.content_hash, whole, recording.rate, features.passages(source, progress))
    return recording.content_hash
