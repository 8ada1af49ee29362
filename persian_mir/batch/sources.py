"""The files of a batch: folders with all that is in them, by pattern."""

from __future__ import annotations

import fnmatch
import stat
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from persian_mir.audio.formats import audio_files
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.paths import present

SETTLED_S = 5.0  # a watched file is taken when it has not changed for so long


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file as the folder tells of it; `size` and `mtime_ns` are 0 where it cannot be asked."""

    path: Path
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Sources:
    """Folders and files; of a folder those recordings whose name, or path within it, fits a pattern (none: all).

    A pattern is a shell's: `*.flac`, `1343/*`. One that begins with `!` leaves out what it fits.
    """

    places: tuple[Path, ...]
    patterns: tuple[str, ...] = ()

    def check(self) -> None:
        """Raises PersianMirError for a place that is not there."""
        for place in self.places:
            if not present(place).exists():
                raise PersianMirError(
                    _("The folder does not exist."),
                    path=place,
                    cure=_("Check its name and whether its disk is connected."),
                )

    def found(self) -> Iterator[FoundFile]:
        """Yield every file once, in order of the places and of the names."""
        seen: set[Path] = set()
        for place in map(present, self.places):
            for path in audio_files(place):
                whole = path.absolute()
                if whole not in seen and (path == place or fits(path.relative_to(place), self.patterns)):
                    seen.add(whole)
                    yield _asked(whole)


def fits(path: Path, patterns: Sequence[str]) -> bool:
    """Whether a path within a folder fits the patterns."""
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    unwanted = [pattern[1:] for pattern in patterns if pattern.startswith("!")]
    return (not wanted or _any(path, wanted)) and not _any(path, unwanted)


def settled(found: FoundFile) -> bool:
    """Whether nobody has written to the file for a while, so that it is probably whole."""
    return time.time() - found.mtime_ns / 1e9 >= SETTLED_S


def _any(path: Path, patterns: Sequence[str]) -> bool:
    names = path.name.casefold(), path.as_posix().casefold()
    return any(fnmatch.fnmatchcase(name, pattern.casefold()) for pattern in patterns for name in names)


def _asked(path: Path) -> FoundFile:
    """Of a pipe or a device no size is told: it is refused when its turn comes."""
    try:
        info = path.stat()
    except OSError:
        return FoundFile(path, 0, 0)
    return FoundFile(path, info.st_size if stat.S_ISREG(info.st_mode) else 0, info.st_mtime_ns)
