"""Writing tags: into a copy beside the file, proved, journalled, then put in its place; and taking that back.

A file is never between: whoever is killed leaves the old one or the new one. This is the one place of the program that
replaces a recording, because the user asked for it and can undo it.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from persian_mir.app_paths import data_dir
from persian_mir.atomic_write import atomic_write
from persian_mir.audio.file_state import FileState, check_unchanged, file_state, state_of
from persian_mir.audio.identity import Identity, identify
from persian_mir.errors import PersianMirError, writing_cure
from persian_mir.i18n import _
from persian_mir.progress import SILENT, Progress
from persian_mir.tags.delta import DeltaError, blocks, difference, hash_of, restored, size_of
from persian_mir.tags.journal import Entry, Journal
from persian_mir.tags.left_parts import remove_left_parts
from persian_mir.tags.open_elsewhere import is_open_elsewhere
from persian_mir.tags.plan import FilePlan, TagError, check_writable, opened

log = logging.getLogger(__name__)
_LOCK_S = 3.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file: whether it was changed, and if it should have been and was not, why."""

    path: Path
    changed: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of a batch; its number in the journal is 0 where no file was to be changed."""

    batch: int
    outcomes: tuple[Outcome, ...]


def write_tags(
    plans: Sequence[FilePlan], profile: str, *, keep_times: bool = False, progress: Progress = SILENT
) -> WriteResult:
    """Write all that the plans change; whatever goes wrong with a file stays with it.

    `profile` is what the journal calls the batch. `keep_times` leaves files their time of change. Raises
    PersianMirError, Cancelled.
    """
    outcomes: list[Outcome] = []
    with _alone():
        journal = Journal()
        remove_left_parts(plan.path for plan in plans)
        batch = journal.begin(profile) if any(plan.changes for plan in plans) else 0
        for number, plan in enumerate(plans):
            progress.step(number / len(plans), plan.path.name)
            outcomes.append(_written(plan, journal, batch, keep_times))
    return WriteResult(batch, tuple(outcomes))


def undo_tags(batch: int, progress: Progress = SILENT) -> tuple[Outcome, ...]:
    """Take a batch back: every file becomes what it was, to the byte, with its time of change.

    A file that the batch did not come to, or that was taken back before, is left alone; one that was changed since is
    refused. Raises PersianMirError, Cancelled.
    """
    with _alone():
        journal = Journal()
        entries = journal.entries(batch)
        remove_left_parts(entry.path for entry in entries)
        outcomes = []
        for number, entry in enumerate(entries):
            progress.step(number / len(entries), entry.path.name)
            outcomes.append(_undone(entry, journal))
    return tuple(outcomes)


@contextmanager
def _alone() -> Iterator[None]:
    """One program at a time writes tags."""
    try:
        with FileLock(data_dir() / "tags.lock", timeout=_LOCK_S):
            yield
    except Timeout as error:
        what = _("Another window or command is writing tags.")
        raise PersianMirError(what, cure=_("Wait until it has ended, then try again.")) from error


def _written(plan: FilePlan, journal: Journal, batch: int, keep_times: bool) -> Outcome:
    if not plan.changes or plan.state is None:
        return Outcome(plan.path, False, plan.refused)
    try:
        _write(plan, plan.state, journal, batch, keep_times)
    except (PersianMirError, OSError) as error:
        return Outcome(plan.path, False, _reason(error))
    return Outcome(plan.path, True)


def _write(plan: FilePlan, state: FileState, journal: Journal, batch: int, keep_times: bool) -> None:
    path = plan.path
    info = _ready(path)
    check_unchanged(path, state)
    identity = identify(path, state)
    with path.open("rb") as old, atomic_write(path) as new:
        shutil.copyfileobj(old, new)
        _change(plan, new)
        _to_disk(new)
        moved = _prove(path, identity, new)
        delta = _way_back(path, old, new, moved)
        before, after = hash_of(blocks(old)), hash_of(blocks(new))
        if hash_of(restored(new, delta)) != before:
            raise TagError(_("The change could not be made so that it can be undone."), path=path)
        _take_over(info, path, new, info.st_mtime_ns if keep_times else None)
        check_unchanged(path, state)
        journal.add(batch, path, (before, after), info.st_mtime_ns, plan.changes, delta)
        check_unchanged(path, state)


def _ready(path: Path) -> os.stat_result:
    """Return the state of a file that may be replaced now. Raises PersianMirError."""
    info = check_writable(path)
    if is_open_elsewhere(path):
        what = _("The file is open in another program, or still in this one.")
        raise TagError(what, path=path, cure=_("Close it there, then try again."))
    return info


def _change(plan: FilePlan, new: BinaryIO) -> None:
    """Set the fields in the copy, and see that all other tags are as they were. Raises TagError, OSError."""
    sets, _fields = opened(plan.path, new)
    rests = [tags.rest() for tags in sets]
    try:
        for tags in sets:
            keys = tags.keys()
            for change in plan.changes:
                if change.field in keys:
                    tags.put(keys[change.field], change.new)
        for tags in sets:
            tags.save(new)
        new.flush()
    except Exception as error:  # mutagen wraps what the disk says, and raises whatever comes
        cause = error if isinstance(error, OSError) else error.__cause__ or error.__context__
        if isinstance(cause, OSError) and cause.errno:
            raise cause from error
        log.info("writing tags of %s", plan.path, exc_info=True)
        raise TagError(_("Its tags cannot be written."), path=plan.path) from error
    again, fields = opened(plan.path, new)
    if [tags.rest() for tags in again] != rests or any(fields[one.field] != one.new for one in plan.changes):
        raise TagError(_("Other tags of the file would not have stayed as they are."), path=plan.path)


def _prove(path: Path, identity: Identity, new: BinaryIO) -> Identity:
    """Return the identity of the copy, whose sound is that of the file, bit by bit. Raises PersianMirError."""
    part = Path(new.name)
    moved = identify(part, file_state(part))
    if moved.sound != identity.sound:
        raise TagError(_("The sound of the file would not have stayed as it is."), path=path)
    return moved


def _way_back(path: Path, old: BinaryIO, new: BinaryIO, moved: Identity) -> bytes:
    """Return what makes the file out of its copy again."""
    from persian_mir.audio.find_layout import find_layout

    first, now = find_layout(path).spans[:1], moved.layout.spans[:1] or find_layout(Path(new.name)).spans[:1]
    shift = now[0][0] - first[0][0] if first and now else 0
    try:
        return difference(old, new, (shift, size_of(new) - size_of(old), 0))
    except DeltaError as error:
        what = _("The change could not be made so that it can be undone.")
        raise TagError(what, path=path) from error


def _take_over(info: os.stat_result, path: Path, new: BinaryIO, mtime_ns: int | None) -> None:
    """Give the copy the rights, the owner and what else the system notes of the file; its time where one is given."""
    part = Path(new.name)
    shutil.copystat(path, part)
    if hasattr(os, "chown"):
        with suppress(OSError):  # only who may give files away can keep another owner
            os.chown(part, info.st_uid, info.st_gid)
    if mtime_ns is None:
        os.utime(part)
    else:
        os.utime(part, ns=(info.st_atime_ns, mtime_ns))


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _undone(entry: Entry, journal: Journal) -> Outcome:
    if entry.undone:
        return Outcome(entry.path, False)
    try:
        changed = _restore(entry, journal)
    except (PersianMirError, OSError) as error:
        return Outcome(entry.path, False, _reason(error))
    journal.note_undone(entry)
    return Outcome(entry.path, changed)


def _restore(entry: Entry, journal: Journal) -> bool:
    """Make the file what it was; False where it is that. Raises PersianMirError, OSError."""
    path = entry.path
    info = _ready(path)
    state = state_of(info)
    with path.open("rb") as file:
        found = hash_of(blocks(file))
        if found == entry.before:
            return False
        if found != entry.after:
            what = _("The file was changed since by another program or a later batch.")
            raise TagError(what, path=path, cure=_("Undo that first; the journal keeps the way back."))
        with atomic_write(path) as old:
            try:
                for part in restored(file, journal.delta(entry)):
                    old.write(part)
            except DeltaError as error:
                raise TagError(_("The journal of tags is damaged."), path=journal.path) from error
            _to_disk(old)
            if hash_of(blocks(old)) != entry.before:
                raise TagError(_("The journal of tags is damaged."), path=journal.path)
            _take_over(info, path, old, entry.mtime_ns)
            check_unchanged(path, state)
    return True


def _reason(error: PersianMirError | OSError) -> str:
    """In words, without the name of the file."""
    if isinstance(error, OSError):
        what = _("It could not be written: {reason}.").format(reason=error.strerror or error)
        return f"{what} {writing_cure(error)}"
    return f"{error.what} {error.cure}".strip()
