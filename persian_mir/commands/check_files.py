"""`persian-mir check-files`: whether the files of the catalogue are there and hold every byte that they held."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from persian_mir.commands.catalogue_file import add_catalogue, open_catalogue
from persian_mir.commands.progress_line import ProgressLine
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.visible import visible

if TYPE_CHECKING:
    from persian_mir.catalogue.catalogue import Catalogue

SOUND = ("same", "new", "moved")


class FileCheck(NamedTuple):
    """What a file turned out to be."""

    path: Path
    content_hash: str
    state: str  # same, new, tags, changed, moved, missing or unreadable
    reason: str = ""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "check-files",
        help=_("check that the files of the catalogue are unchanged"),
        description=_("Reads every file of the catalogue again and says which are changed, missing or unreadable."),
    )
    add_catalogue(parser)
    parser.add_argument("--all", action="store_true", help=_("name the unchanged files too"))
    parser.add_argument("--json", action="store_true", help=_("print an array of objects"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check every file; 1 where one is not as it was."""
    words = {
        "same": _("unchanged"),
        "new": _("hashed for the first time"),
        "tags": _("the sound unchanged, other bytes not"),
        "changed": _("the sound changed"),
        "moved": _("moved"),
        "missing": _("missing"),
        "unreadable": _("unreadable"),
    }
    with open_catalogue(args) as catalogue:
        if catalogue.is_stale():
            line = ProgressLine(_("the catalogue's index"))
            catalogue.rebuild(line)
            line.close()
        results = _moved(list(check_files(catalogue)))
    shown = [one for one in results if args.all or args.json or one.state not in SOUND]
    if args.json:
        told = [{"file": str(one.path), "state": one.state, "reason": one.reason or None} for one in shown]
        print(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for one in shown:
            print(f"{visible(str(one.path))}: {words[one.state]}{': ' + visible(one.reason) if one.reason else ''}")
        sound = sum(one.state in SOUND for one in results)
        print(_("{sound} of {all} files are unchanged.").format(sound=sound, all=len(results)))
    return int(any(one.state not in SOUND for one in results))


def check_files(catalogue: Catalogue) -> Iterator[FileCheck]:
    """Hash each file anew, and take down which are missing, are there again, or were never hashed before."""
    known = catalogue.hashed_files()
    for number, (path, content_hash, file_hash) in enumerate(known, 1):
        line = ProgressLine(f"{number}/{len(known)} {path.name}")
        checked, found = _check(path, content_hash, file_hash, line)
        line.close()
        catalogue.set_missing(path, checked.state == "missing")
        if checked.state == "new":
            catalogue.set_file_hash(path, found)
        yield checked


def _moved(results: list[FileCheck]) -> list[FileCheck]:
    """The same, with files that are missing told as moved where their sound lies in another."""
    there = {one.content_hash: one.path for one in results if one.state in ("same", "new", "tags")}
    return [
        one._replace(state="moved", reason=str(there[one.content_hash]))
        if one.state == "missing" and one.content_hash in there
        else one
        for one in results
    ]


def _check(path: Path, content_hash: str, file_hash: str, line: ProgressLine) -> tuple[FileCheck, str]:
    from persian_mir.audio.file_state import file_state
    from persian_mir.audio.identity import identify

    if not path.exists():
        return FileCheck(path, content_hash, "missing"), ""
    try:
        found = identify(path, file_state(path), line, anew=True)
    except PersianMirError as error:
        return FileCheck(path, content_hash, "unreadable", error.what), ""
    if file_hash == found.file:
        return FileCheck(path, content_hash, "same"), found.file
    if content_hash not in (found.sound, *found.files):
        return FileCheck(path, content_hash, "changed"), found.file
    return FileCheck(path, content_hash, "tags" if file_hash else "new"), found.file
