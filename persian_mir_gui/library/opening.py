"""Opening files and folders: the work itself, done on a worker."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from persian_mir.audio import open_audio
from persian_mir.audio.formats import audio_files
from persian_mir.errors import AudioError, PersianMirError
from persian_mir.examples.examples import is_synthesised
from persian_mir.i18n import _
from persian_mir.progress import Cancelled, Progress
from persian_mir.recording import Recording

log = logging.getLogger(__name__)
FOUND_AT_ONCE = 500  # files that are listed together; the window answers between them


@dataclass(frozen=True, slots=True)
class Found:
    """Some of the files that are going to be opened; `empty` are folders in which there was nothing to open."""

    files: tuple[Path, ...]
    empty: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that is a recording. `problems` are sentences about what is wrong with it all the same."""

    path: Path
    recording: Recording
    problems: tuple[str, ...]
    synthesised: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not, and why."""

    path: Path
    error: PersianMirError


def open_files(paths: Sequence[Path], taken: Set[Path], progress: Progress) -> None:
    """Open every file in or under `paths`. Publishes some `Found`, then an `Opened` or `Refused` a file, in order.

    `taken` may grow meanwhile: what is in it is opened by another job.
    """
    found: dict[Path, None] = {}
    empty = []
    for path in paths:
        progress.step(0.0)
        files = _scan(absolute(path))
        found.update(dict.fromkeys(files))
        if not files:
            empty.append(path)
    files = list(found)
    for begin in range(0, len(files) or 1, FOUND_AT_ONCE):
        progress.publish(Found(tuple(files[begin : begin + FOUND_AT_ONCE]), () if begin else tuple(empty)))
    for done, path in enumerate(files):
        progress.step(done / len(files), path.name)
        if path not in taken:
            progress.publish(open_file(path, progress.part(done / len(files), 1 / len(files))))


def absolute(path: Path) -> Path:
    """`path` from the root, no link resolved: an item is known by it."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def open_file(path: Path, progress: Progress) -> Opened | Refused:
    """Open one file. Whatever goes wrong with it stays with it."""
    try:
        with open_audio(path, progress) as source:
            return Opened(path, source.recording, source.remarks, is_synthesised(path))
    except Cancelled:
        raise
    except PersianMirError as error:
        return Refused(path, error)
    except Exception:
        log.exception("opening %s failed", path)
        what = _("The file cannot be opened, for a reason the program does not know.")
        return Refused(path, AudioError(what, path=path, cure=_("The log has the details.")))


def _scan(path: Path) -> list[Path]:
    try:
        return audio_files(path)
    except OSError:  # opening it will say why
        return [path]
