"""Names of sound files. What a file really is, its content says; names only sort a folder and fill a dialog."""

from __future__ import annotations

import os
from pathlib import Path

from persian_mir.paths import path_key, present

_FIRST = ".wav .bwf .rf64 .w64 .flac .aif .aiff .aifc .au .snd .caf .ogg .oga .opus .mp3 .mp2 .m4a .m4b .aac"
_MORE = ".wma .ape .wv .tta .mp4 .m4v .mov .asf .wmv .mkv .mka .webm .avi .3gp .ts .mpg .mpeg"
KNOWN_SUFFIXES = frozenset(f"{_FIRST} {_MORE}".split())


def is_audio_name(path: Path) -> bool:
    """Whether a folder scan takes `path`: a known suffix, and not hidden."""
    return path.suffix.lower() in KNOWN_SUFFIXES and not path.name.startswith(".")


def audio_files(path: Path) -> list[Path]:
    """The recordings below folder `path`, as people count them (2 before 10); a file is itself, whatever its name.

    Hidden files and folders are left out. A folder is entered once, however many links lead to it; folders that may
    not be read are passed over.
    """
    home = present(path)
    if not home.is_dir():
        return [path]
    found: list[Path] = []
    seen: set[tuple[int, int]] = set()
    for folder, names, files in os.walk(home, followlinks=True):
        names[:] = [name for name in names if not name.startswith(".")]
        try:
            info = Path(folder).stat()
        except OSError:  # gone meanwhile
            continue
        if (info.st_dev, info.st_ino) in seen:
            names.clear()
            continue
        seen.add((info.st_dev, info.st_ino))
        found += [Path(folder, name) for name in files if is_audio_name(Path(name))]
    return sorted(found, key=lambda one: (path_key(str(one)), one))
