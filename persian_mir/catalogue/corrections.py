"""What people said of the machine's labels: a CSV to which rows are added, and never a row changed.

It is a manifest as well (`file`, `start_s`, `stop_s`, a column a task): `training_manifest` gives the rows in force to
whoever fits a probe.
"""

from __future__ import annotations

import csv
import logging
import os
import re
from collections.abc import Mapping
from dataclasses import replace
from io import FileIO
from pathlib import Path

from filelock import FileLock, Timeout

from persian_mir.app_paths import data_dir
from persian_mir.audio.known_files import sounds_by_file
from persian_mir.catalogue.correction_rows import (
    COLUMNS,
    ID_DIGITS,
    Correction,
    Key,
    as_line,
    from_rows,
    login_name,
    taken_back,
)
from persian_mir.csv_text import csv_line
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.recording import Recording
from persian_mir.whole_file import write_whole

__all__ = ["Correction", "Corrections", "Key", "login_name", "taken_back", "training_manifest"]

HEADER = csv_line(list(COLUMNS)).encode()
WHOLE = re.compile(rb",[0-9a-f]{%d}$" % ID_DIGITS)
BLOCK = 1 << 16  # bytes read at once to find the last line's beginning
SHOWN = 200  # bytes of a torn row, in the log
LOCK_S = 3.0  # rows take milliseconds; whoever holds the lock longer is stuck

log = logging.getLogger(__name__)


class Corrections:
    """The statements in a file. Several programs may add to it at once; `refresh` sees what others added.

    What `add` or `undo` returned from is on the disk: a kill afterwards loses nothing, a kill during it loses that row
    alone. Raises PersianMirError where the file cannot be read or written. Not for several threads at once.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or data_dir() / "corrections.csv"
        self._file = 0  # which file it is that was read
        self._read = 0  # bytes of it that are known, always whole lines
        self._stacks: dict[Key, list[Correction]] = {}
        self._of: dict[str, dict[Key, Correction]] = {}  # in force, by recording
        self._places: dict[str, Key] = {}

    def in_force(self) -> tuple[Correction, ...]:
        """The newest statement about each stretch and task that is not undone; what was spoken of last comes last.

        Earlier versions knew a recording by its file's hash: where the sound of that file is known, it counts.
        """
        sounds, found = sounds_by_file(), dict[Key, Correction]()
        for stack in self._stacks.values():
            if stack:
                one = replace(stack[-1], content_hash=sounds.get(stack[-1].content_hash, stack[-1].content_hash))
                found.pop(one.key, None)
                found[one.key] = one
        return tuple(found.values())

    def of(self, recording: Recording) -> Mapping[Key, Correction]:
        """The same of one recording, by what it is about; also what was said of it under an earlier hash."""
        found: dict[Key, Correction] = {}
        for content_hash in reversed(recording.hashes):
            for key, one in self._of.get(content_hash, {}).items():
                if one.rate != recording.rate:  # edited by hand: its samples are those of no such sound
                    continue
                today = (recording.content_hash, *key[1:])
                if today not in found or one.when >= found[today].when:
                    found[today] = one
        return found

    def knows(self, statement_id: str) -> bool:
        """Whether a statement of that id is in the file."""
        return statement_id in self._places

    def add(self, *corrections: Correction) -> None:
        """Add these statements."""
        lines = "".join(as_line(one) for one in corrections).encode()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=LOCK_S):
                self.refresh()  # never add to a file that is something else
                self._append(lines)
        except Timeout as error:
            what = _("Another program is writing corrections just now.")
            raise PersianMirError(what, path=self.path, cure=_("Try again in a moment.")) from error
        except OSError as error:
            what = _("The correction cannot be written: {reason}.").format(reason=error.strerror)
            raise PersianMirError(what, path=self.path, cure=_("Check the disk, then say it again.")) from error
        self.refresh()

    def undo(self, correction: Correction, by: str | None = None) -> None:
        """Take a statement back, by adding a row that says so; what was said before it holds again."""
        self.add(taken_back(correction, by))

    def refresh(self) -> bool:
        """Read what was added since the last time, by whomever. Whether there was anything."""
        try:
            found = self.path.stat() if self.path.is_file() else None
            file, size = (found.st_ino, found.st_size) if found else (0, 0)
            if file != self._file or size < self._read:  # another file stands here now
                self._file, self._read = file, 0
                self._stacks.clear()
                self._of.clear()
                self._places.clear()
            if size == self._read:
                return False
            with self.path.open("rb") as opened:
                opened.seek(self._read)
                data = opened.read()
            return self._take(data[: data.rfind(b"\n") + 1])
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            what = _("The corrections cannot be read: {reason}.")
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            cure = _("Restore the file from a copy, or move it away.")
            raise PersianMirError(what.format(reason=reason), path=self.path, cure=cure) from error

    def _take(self, data: bytes) -> bool:
        """Whole lines of the file."""
        if not data:
            return False
        rows = csv.reader(data.decode("utf-8" if self._read else "utf-8-sig").splitlines(), strict=True)
        if not self._read and next(rows, None) != list(COLUMNS):
            raise _another(self.path)
        found, spoilt = from_rows(rows)
        for one in found:
            self._apply(one)
        if spoilt:
            log.warning("rows of the corrections that are left out: %d; the first: %s", len(spoilt), spoilt[0])
        self._read += len(data)
        return True

    def _apply(self, row: Correction) -> None:
        if row.undone:
            key = self._places.get(row.undone, row.key)
            stack = [one for one in self._stacks.get(key, []) if one.id != row.undone]
        else:
            key, stack = row.key, [*self._stacks.pop(row.key, []), row]
        self._places[row.id] = key
        self._stacks[key] = stack
        mine = self._of.setdefault(key[0], {})
        mine.pop(key, None)
        if stack:
            mine[key] = stack[-1]

    def _append(self, lines: bytes) -> None:
        """Write, with the lock held; what cannot be written whole is not left in part."""
        with self.path.open("a+b", buffering=0) as file:
            size = _mended(file, self.path)
            data = lines if size else HEADER + lines
            try:
                while data:
                    data = data[file.write(data) :]
                os.fsync(file.fileno())
            except OSError:
                file.truncate(size)
                raise


def _another(path: Path) -> PersianMirError:
    what = _("This is not a file of corrections, or one of another version.")
    return PersianMirError(what, path=path, cure=_("Move it away; a new one is begun then."))


def training_manifest(store: Corrections, task: str) -> Path:
    """Write `training-<task>.csv` beside the store, anew: what is accepted or corrected, and in force, for a fit.

    All rows of one recording name one file: the newest of those it was reviewed in that is still there.
    """
    rows = [one for one in store.in_force() if one.task == task and one.label]
    ends: dict[str, int] = {}
    for one in rows:
        ends[one.content_hash] = max(one.stop, ends.get(one.content_hash, 0))
    rows.sort(key=lambda one: (one.start, one.stop) != (0, ends[one.content_hash]))  # the whole first: its parts win
    files: dict[str, Path] = {}
    there = {path: path.is_file() for path in {one.path for one in rows}}
    for one in rows:
        if there[one.path] or not there.get(files.get(one.content_hash, one.path), False):
            files[one.content_hash] = one.path
    path = store.path.with_name(f"training-{task}.csv")
    lines = (as_line(replace(one, path=files[one.content_hash])) for one in rows)
    write_whole(path, HEADER.decode() + "".join(lines))
    return path


def _mended(file: FileIO, path: Path) -> int:
    """The length of the file once a last row without an end is ended, or cut off where a kill or a full disk tore it.

    Nobody was told that a torn row was kept; a whole one ends in its id, and lacks the end only in an edited file. What
    is cut off is kept in a file of its own. Raises PersianMirError for a file that is something else.
    """
    size = at = file.seek(0, os.SEEK_END)
    rest = b""
    while at and b"\n" not in rest:
        at = max(at - BLOCK, 0)
        file.seek(at)
        rest = file.read(min(BLOCK, size - len(rest) - at)) + rest
    rest = rest[rest.rfind(b"\n") + 1 :]
    if not rest:
        return size
    if WHOLE.search(rest):
        return size + file.write(b"\n")
    if len(rest) == size and not HEADER.startswith(rest):
        raise _another(path)
    with path.with_suffix(".torn").open("ab") as torn:
        torn.write(rest + b"\n")
    log.warning("a torn row of %d bytes is cut off the corrections: %r", len(rest), rest[:SHOWN])
    return file.truncate(size - len(rest))
