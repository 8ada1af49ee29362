"""Names of files as people write them: one letter may be spelt in more than one way in Unicode."""

from __future__ import annotations

import os
import sys
import unicodedata
from pathlib import Path

from persian_mir.names import natural_key

PARTS = str.maketrans("/\\", "\1\1")  # before all other signs: what is in `a` stands before what is in `a b`


def path_key(path: str) -> str:
    """A key by which paths stand as file managers list them: folder by folder, 2 before 10."""
    return natural_key(path.translate(PARTS))


def plain_path(path: Path) -> Path | bytes:
    """`path` for soundfile, which refuses a name that is no UTF-8, unless it is given as the bytes that it is."""
    return path if sys.platform == "win32" else os.fsencode(path)


def present(path: Path) -> Path:
    """The file or folder meant by `path`, also where its name is stored in another Unicode form (NFC, NFD).

    Some systems and archives store آ as one sign, others as two that look the same. `path` itself where it is there,
    or where nothing like it is.
    """
    try:
        if os.path.lexists(path) or str(path).isascii():
            return path
        found = Path(path.anchor)
        for part in path.parts[1 if path.anchor else 0 :]:
            found /= part if os.path.lexists(found / part) else _same_letters(found, part)
    except (OSError, ValueError, StopIteration):
        return path
    return found


def _same_letters(folder: Path, name: str) -> str:
    """The name of an entry of `folder` that is `name` in another form. Raises StopIteration where there is none."""
    wanted = unicodedata.normalize("NFC", name)
    return next(entry.name for entry in folder.iterdir() if unicodedata.normalize("NFC", entry.name) == wanted)
