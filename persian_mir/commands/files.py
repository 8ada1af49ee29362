"""Names on the command line: files as they are, folders as the recordings in them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from persian_mir.audio.formats import audio_files


def expand(names: Sequence[str]) -> list[Path]:
    """The recordings meant, in order, each once. A name that does not exist is kept: its error is told later."""
    paths: dict[Path, None] = {}
    for name in names:
        path = Path(name)
        found = audio_files(path)
        paths.update(dict.fromkeys(found or [path]))
    return list(paths)
