"""`persian-mir import`: labels that people made in other programs, reconciled with the vocabulary."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.commands.catalogue_file import add_catalogue, open_catalogue
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _
from persian_mir.visible import visible

if TYPE_CHECKING:
    from persian_mir.catalogue.catalogue import Catalogue
    from persian_mir.catalogue.model import Described
    from persian_mir.exchange.reconcile import Match
    from persian_mir.exchange.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the labels of one recording in a file. `problem`: why nothing did."""

    name: str
    recording: str = ""
    statements: int = 0
    items: int = 0
    left_out: int = 0
    remarks: tuple[str, ...] = ()
    problem: str = ""


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    from persian_mir.exchange.formats import FORMATS

    parser = commands.add_parser(
        "import",
        help=_("take labels of other programs into the catalogue"),
        description=_(
            "Reads labels from a file of another program, says what each became in the vocabulary, and adds them to "
            "the catalogue. Recordings are found by hash or name among those of --for and of the catalogue."
        ),
    )
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the labels"))
    readable = [one.id for one in FORMATS if one.read]
    parser.add_argument("--as", dest="format", choices=readable, help=_("the format (default: by the name)"))
    whose = _("whose labels they are; may be repeated")
    parser.add_argument("--for", dest="files", action="append", default=[], metavar="RECORDING", help=whose)
    parser.add_argument("--strict", action="store_true", help=_("take nothing if a label has no match"))
    parser.add_argument("--dry-run", action="store_true", help=_("only say what would become of the labels"))
    parser.add_argument("--json", action="store_true", help=_("print JSON, for programs"))
    add_catalogue(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read, reconcile, tell, and add."""
    from persian_mir.exchange.formats import format_of, readable_format
    from persian_mir.exchange.reconcile import reconcile

    format_ = format_of(args.format) if args.format else readable_format(args.file)
    assert format_.read is not None  # noqa: S101 - by the choices, and by readable_format
    sheets = format_.read(args.file)
    matches = reconcile(sheets)
    unmatched = sum(match.number for match in matches if not match.how)
    stop = args.strict and unmatched
    with open_catalogue(args, begin=True) as catalogue:
        known = _known(catalogue, args.files, keep=not (stop or args.dry_run))
        found = [_told(sheet, args.file, known, matches) for sheet in sheets]
        if not stop and not args.dry_run:
            _add(catalogue, [one for _taken, one in found if one])
    taken = [one for one, _described in found]
    if args.json:
        told = {"file": str(args.file), "format": format_.id, "added": not stop and not args.dry_run}
        print(
            json.dumps(told | {"matches": list(map(asdict, matches)), "recordings": list(map(asdict, taken))}, indent=1)
        )
    else:
        _print(matches, taken)
    if stop:
        what = _("Labels without a match, so nothing was taken: {number}.").format(number=unmatched)
        raise PersianMirError(what, path=args.file, cure=_("Mend them there, or leave out --strict."))
    return 1 if any(one.problem for one in taken) else 0


def _known(catalogue: Catalogue, files: Sequence[str], keep: bool) -> list[Described]:
    """The recordings that labels may be about: those named, else those of the catalogue."""
    from persian_mir.audio import open_audio
    from persian_mir.catalogue.model import Described

    known = []
    for name in files:
        with open_audio(Path(name)) as source:
            one = source.recording
        if keep:
            catalogue.put_recording(one)
        known.append(Described(str(one.path), one.content_hash, one.rate, one.frames, one.file_hash))
    if known:
        return known
    rows = catalogue.rows(
        "SELECT f.path, r.content_hash, r.rate, r.frames, r.file_hash FROM files f JOIN recordings r ON "
        "r.id = f.recording WHERE r.removed = 0"
    )
    return [Described(os.fsdecode(path), *told) for path, *told in rows]


def _told(
    sheet: Sheet, file: Path, known: Sequence[Described], matches: Sequence[Match]
) -> tuple[Taken, Described | None]:
    from persian_mir.exchange.attach import attach
    from persian_mir.exchange.reconcile import described

    try:
        recording = attach(sheet, file, known)
        told, out = described(sheet, recording, matches, file.name)
    except PersianMirError as error:
        return Taken(sheet.name, left_out=len(sheet.labels), remarks=sheet.remarks, problem=str(error)), None
    counts = len(told.statements), len(told.items), len(out)
    return Taken(sheet.name, recording.path, *counts, sheet.remarks), told


def _add(catalogue: Catalogue, described: Sequence[Described]) -> None:
    """All of a file in one step, which can be undone as one. A collection that is known stays as it is."""
    from persian_mir.exchange.attach import new_statements

    with catalogue.step("import"):
        for one in described:
            there = one.collection and catalogue.collection(one.collection.name)
            known = catalogue.describe(one.content_hash)
            told = replace(new_statements(one, known), collection=there or one.collection)
            catalogue.put_described(replace(told, items=() if told.items == known.items else told.items))


def _print(matches: Sequence[Match], taken: Sequence[Taken]) -> None:
    heads = _("tier"), _("label"), _("task"), _("becomes"), _("found by"), _("number")
    words = {
        **{"id": _("id"), "name": _("name"), "spelling": _("spelling"), "other name": _("other name")},
        **{"within": _("part of the text"), "free": _("as it is"), "": _("no match")},
    }
    told = ((one.tier, one.text, one.thing, one.label, words[one.how], str(one.number)) for one in matches)
    rows = [heads, *told]
    widths = [max(len(visible(row[at])) for row in rows) for at in range(len(heads))]
    for row in rows if matches else ():
        print("  ".join(visible(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    for one in taken:
        line = _("{recording}: {statements} labels, {items} items, {left_out} left out")
        counts = {"statements": one.statements, "items": one.items, "left_out": one.left_out}
        print(one.problem or line.format(recording=visible(Path(one.recording).name), **counts))
        for remark in one.remarks:
            print(f"  {remark}")
