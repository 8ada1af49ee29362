"""Copies that a killed writer of tags left beside the files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from persian_mir.atomic_write import PART
from persian_mir.audio.formats import is_audio_name

_NAME = re.compile(rf"\.(.+)\.[0-9a-f]{{16}}{re.escape(PART)}")  # as `atomic_write` calls them


def remove_left_parts(files: Iterable[Path]) -> None:
    """Remove, in the folders of these files, the copies of recordings that are there.

    For whoever holds the lock of the tags: nothing else writes a recording anew.
    """
    for folder in {path.parent for path in files}:
        with suppress(OSError):  # a folder that is gone, or may not be listed, is told of with its files
            for part in list(folder.iterdir()):
                found = _NAME.fullmatch(part.name)
                if found and is_audio_name(Path(found[1])) and (folder / found[1]).exists():
                    part.unlink(missing_ok=True)
