"""Recordings whose files are gone, found again by their sound in a folder, whatever they are called there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from persian_mir.audio.file_state import file_state
from persian_mir.audio.formats import audio_files
from persian_mir.audio.identity import identify
from persian_mir.catalogue.catalogue import Catalogue, Row
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Progress


def is_gone(row: Row) -> bool:
    """Whether no file is where a recording was seen last, or another recording's."""
    return bool(row.missing) or not row.path.exists()


def find_again(sought: Sequence[Row], place: Path, progress: Progress = SILENT) -> dict[str, Path]:
    """Return where recordings lie in a folder, or in a file, by their content hashes; what is not there is left out.

    Files that are called as before are read first. What cannot be read is passed over. Raises PersianMirError for a
    place that is not there.
    """
    if not place.exists():
        cure = _("Check its name and whether its disk is connected.")
        raise PersianMirError(_("The folder does not exist."), path=place, cure=cure)
    names, left = {row.path.name for row in sought}, {row.content_hash for row in sought}
    files = sorted(audio_files(place), key=lambda file: file.name not in names)
    found: dict[str, Path] = {}
    for number, file in enumerate(files):
        if not left:
            break
        part = progress.part(number / len(files), 1 / len(files))
        part.step(0.0, file.name)
        for content_hash in left & _hashes(file, part):
            found[content_hash] = file.absolute()
            left.remove(content_hash)
    return found


def link_again(catalogue: Catalogue, found: Mapping[str, Path]) -> None:
    """Take down where recordings lie now, as one step that can be undone."""
    with catalogue.step("relink"):
        for content_hash, path in found.items():
            before = _known_path(catalogue, content_hash)
            catalogue.relink(content_hash, path)
            if before != path and not before.exists():
                catalogue.set_missing(before)


def _known_path(catalogue: Catalogue, content_hash: str) -> Path:
    return Path(catalogue.describe(content_hash, statements=False).path)


def _hashes(file: Path, progress: Progress) -> set[str]:
    try:
        found = identify(file, file_state(file), progress)
    except (PersianMirError, OSError):
        return set()
    return {found.sound, *found.files}
