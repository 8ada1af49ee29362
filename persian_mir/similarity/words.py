"""Passages that sound as English words say, by a CLAP, which has one space for sounds and words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir import plurals
from persian_mir.backbones import load_backbone
from persian_mir.embeddings import EmbeddingCache
from persian_mir.errors import ModelError, NotInstalledError, PersianMirError
from persian_mir.grid import Grid
from persian_mir.i18n import _, digits
from persian_mir.models.clap import GENERAL
from persian_mir.models.store import find_installed, not_installed
from persian_mir.models.table import find_row
from persian_mir.progress import SILENT, Progress
from persian_mir.similarity.build import IndexingResult, build_index
from persian_mir.similarity.embedding import EmbeddingFeatures
from persian_mir.similarity.index import Neighbour, SimilarityIndex

if TYPE_CHECKING:
    from persian_mir.backbones.words import WordEncoder

PASSAGES = Grid(10.0, 10.0)  # as much as a CLAP hears at once


@dataclass(frozen=True, slots=True)
class WordSearch:
    """Both halves of a CLAP: `encoder` reads, `features` hears."""

    encoder: WordEncoder
    features: EmbeddingFeatures

    def find(
        self, text: str, known: Mapping[Path, str], limit: int, progress: Progress = SILENT, folder: Path | None = None
    ) -> tuple[tuple[Neighbour, ...], IndexingResult]:
        """Return up to `limit` passages of the recordings `known` (content hashes by file) that sound as `text` says,
        the nearest first, and what was heard of them. Those that are not in the index yet are heard now, and kept;
        `folder`: of the index, by default the user's. Raises PersianMirError; `progress` may raise Cancelled.
        """
        vector = self.encoder.embed(readable(text))
        with SimilarityIndex(self.features.space, folder) as index:
            built = build_index(index, self.features, list(known), known, progress)
            return index.search(vector, limit, among=built.hashes), built


def load_word_search(
    id_or_folder: str = GENERAL, device: str = "auto", precision: str = "auto", engine: str = "auto"
) -> WordSearch:
    """Load a CLAP. Raises ModelError where it is not here, with its licence and how to get it, or knows no words."""
    from persian_mir.backbones.words import WordEncoder

    model = find_installed(id_or_folder)
    folder = Path(id_or_folder).expanduser() if model is None else model.folder
    if folder is None or not folder.is_dir():
        raise _missing(id_or_folder)
    encoder = WordEncoder(folder)
    backbone = load_backbone(id_or_folder, device, precision, engine)
    features = EmbeddingFeatures(backbone, 0, PASSAGES, EmbeddingCache.usual(), standardised=False)
    return WordSearch(encoder, features)


def readable(text: str) -> str:
    """The text without what surrounds it. Raises PersianMirError where nothing in it could be English."""
    if not re.search("[A-Za-z]", text):
        what = _("Sounds are described in English only; no other language is known to the model.")
        raise PersianMirError(what, cure=_("Write for instance: slow ney, breathy"))
    return text.strip()


def _missing(model_id: str) -> ModelError:
    row = find_row(model_id)
    if row is None:
        return not_installed(model_id)
    what = _("To search by words, {name} is needed ({id}, {size}, licence {licence}), and it is not installed.")
    told = what.format(name=row.name, id=row.id, size=digits(plurals.size(row.size)), licence=row.licence)
    return NotInstalledError(told, row.id)
