"""What would be written into which file: old values and new ones, before anything is touched."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from persian_mir.audio.checks import check_file, unreadable
from persian_mir.audio.file_state import FileState, state_of
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.tags.containers import Tags
from persian_mir.tags.kinds import kind_without_tags, open_tags
from persian_mir.tags.profiles import Templates, bare_title, filled
from persian_mir.tags.values import Holding, words

log = logging.getLogger(__name__)


class TagError(PersianMirError):
    """A file whose tags cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field, as it is and as it would be; empty where there is none."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class FilePlan:
    """The changes of one file, seen in `state`; none where all is so already, or where it is `refused`, in words."""

    path: Path
    state: FileState | None = None
    changes: tuple[Change, ...] = ()
    refused: str = ""


def plan_file(path: Path, known: Holding, chosen: Templates) -> FilePlan:
    """Return what the templates would change in a file of which this is known. Nothing is written."""
    try:
        state = state_of(check_writable(path))
        with path.open("rb") as file:
            _sets, present = opened(path, file)
    except PersianMirError as error:
        return FilePlan(path, refused=f"{error.what} {error.cure}".strip())
    except OSError as error:
        return FilePlan(path, refused=unreadable(path, error).what)
    values = words(known) | {"name": path.stem}
    title = bare_title(present.get("title", ""), chosen.get("title", "{title}"))
    values["title"] = title or path.stem
    wanted = {field: filled(template, values) for field, template in chosen.items() if field in present}
    changes = [Change(field, present[field], new) for field, new in wanted.items() if new not in (None, present[field])]
    return FilePlan(path, state, tuple(changes))


def check_writable(path: Path) -> os.stat_result:
    """Return the state of a file that may be replaced. Raises AudioError, TagError in words for any other."""
    if path.is_symlink():
        raise TagError(_("This is a link."), path=path, cure=_("Name the file that it leads to."))
    info = check_file(path)
    if info.st_nlink > 1:
        what = _("This file has more than one name (hard links), which a new version would separate.")
        raise TagError(what, path=path, cure=_("Tag a copy of it."))
    if not info.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(path, os.W_OK):
        raise TagError(_("The file is read-only."), path=path, cure=_("Allow writing, if it is no master."))
    if not os.access(path.parent, os.W_OK):
        raise TagError(_("Its folder may not be written to."), path=path, cure=_("Change the folder's permissions."))
    return info


def opened(path: Path, file: BinaryIO) -> tuple[list[Tags], dict[str, str]]:
    """Return the sets of tags of an open file, and the fields that it can hold with their values. Raises TagError."""
    try:
        kind = kind_without_tags(file)
        sets = [] if kind else open_tags(file)
        fields = fields_of(sets)
    except Exception as error:  # mutagen raises whatever comes, on damaged and hostile files
        log.info("tags of %s", path, exc_info=True)
        what = _("Its tags are damaged and cannot be read.")
        raise TagError(what, path=path, cure=_("Mend or remove them with another program.")) from error
    if not sets:
        what = _("Tags cannot be written into this kind of file.")
        if kind:
            what = _("Tags cannot be written into files of the kind {kind}.").format(kind=kind)
        cure = _("Keep its labels in the catalogue, or export them as a sidecar file beside it.")
        raise TagError(what, path=path, cure=cure)
    return sets, fields


def fields_of(sets: Sequence[Tags]) -> dict[str, str]:
    """Return the fields of all sets. Where two tell different things of one, both are told: one of them is to go."""
    found: dict[str, str] = {}
    for tags in sets:
        for field, key in tags.keys().items():
            told = filter(None, (found.get(field, ""), tags.get(key)))
            found[field] = " | ".join(dict.fromkeys(told))
    return found
