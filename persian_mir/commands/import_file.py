"""`persian-mir import`: labels that people made in other programs, reconciled with the vocabulary."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from persian_mir.commands.catalogue_file import add_catalogue, open_catalogue
from persian_mir.commands.text_table import columned
from persian_mir.errors import PersianMirError
from persian_mir.i18n import _, digits
from persian_mir.visible import visible

if TYPE_CHECKING:
    from persian_mir.catalogue.model import Described
    from persian_mir.exchange.reconcile import Match
    from persian_mir.exchange.take_in import ImportOutcome
    from persian_mir.recording import Recording


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
    parser.add_argument("--strict", action="store_true", help=_("take nothing if a label or a recording has no match"))
    parser.add_argument("--dry-run", action="store_true", help=_("only say what would become of the labels"))
    parser.add_argument("--json", action="store_true", help=_("print JSON, for programs"))
    add_catalogue(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Read, reconcile, tell, and add."""
    from persian_mir.exchange.take_in import catalogued, look_into, read_sheets, take_in

    format_, sheets = read_sheets(args.file, args.format or "")
    with open_catalogue(args, begin=True) as catalogue:
        named = [_recording(name) for name in args.files]
        known = [_described(one) for one in named] or catalogued(catalogue)
        intake = look_into(args.file, format_, sheets, known, bool(named))
        astray = sum(bool(one.problem) for one in intake.recordings)
        stop = args.strict and (intake.unmatched or astray) > 0
        added = not stop and not args.dry_run
        if added:
            for recording in named:
                catalogue.put_recording(recording)
            take_in(catalogue, intake.described)
    if args.json:
        told = {"file": str(args.file), "format": format_, "added": added}
        lists = {"matches": list(map(asdict, intake.matches)), "recordings": list(map(asdict, intake.recordings))}
        print(json.dumps(told | lists, indent=1))
    else:
        _print(intake.matches, intake.recordings)
    if stop:
        what = _("Nothing was taken. Labels without a match: {labels}; recordings that are not known: {recordings}.")
        what = what.format(labels=intake.unmatched, recordings=astray)
        raise PersianMirError(what, path=args.file, cure=_("Mend them there, or leave out --strict."))
    return 1 if any(one.problem for one in intake.recordings) else 0


def _recording(name: str) -> Recording:
    from persian_mir.audio import open_audio

    with open_audio(Path(name)) as source:
        return source.recording


def _described(one: Recording) -> Described:
    from persian_mir.catalogue.model import Described

    return Described(str(one.path), one.content_hash, one.rate, one.frames, one.file_hash)


def _print(matches: Sequence[Match], taken: Sequence[ImportOutcome]) -> None:
    from persian_mir.exchange.terms import how_names

    heads = _("tier"), _("label"), _("task"), _("becomes"), _("found by"), _("number")
    words = how_names()
    told = ((one.tier, one.text, one.thing, one.label, words[one.how], digits(str(one.number))) for one in matches)
    for line in columned([heads, *told]) if matches else ():
        print(line)
    for one in taken:
        what = _("{recording}: {statements} labels, {items} items, {left_out} left out")
        counts = {"statements": one.statements, "items": one.items, "left_out": one.left_out}
        print(one.problem or what.format(recording=visible(Path(one.recording).name), **counts))
        for remark in one.remarks:
            print(f"  {remark}")
